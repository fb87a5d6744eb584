import type { Evse } from '../evse.ts';
import type { Amperes, Volts } from '../units.ts';
import type { CeilingOverTime } from './ceiling.ts';

/**
 * Which phase of the grid the wires L1, L2, L3 of an EVSE are on, in that order: `STR` means L1 on S, L2 on T, L3 on R.
 * An EVSE uses as many wires as it has phases.
 */
export const ROTATIONS = ['R', 'S', 'T', 'RS', 'RT', 'SR', 'ST', 'TR', 'TS', 'RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** Cells of a node: what flows on R, S and T in tenths of an ampere, and over all phases in W. */
export const CELLS = 4;
export const WATTS_CELL = 3;

/** What one tenth of an ampere of an EVSE adds to one cell of one node above it. */
export interface Load {
  /** Number of the node × CELLS + phase (0, 1, 2 for R, S, T), or + WATTS_CELL. */
  readonly cell: number;
  /** 1 on a phase; W in the cell of watts. */
  readonly per: number;
}

/** One EVSE at its place in a tree; currents are those of each of its phases on the grid's side. */
export interface SiteEvse {
  readonly uid: string;
  readonly evse: Evse;
  /** The number of the node that it hangs on. */
  readonly node: number;
  /** Below it a car cannot charge: it gets this or nothing. */
  readonly minimum: Amperes;
  readonly maximum: Amperes;
  /** W over all its phases for each A of current; a DC EVSE counts as three balanced phases at an efficiency of 1. */
  readonly voltage: Volts;
  readonly phases: 1 | 2 | 3;
  readonly loads: readonly Load[];
}

/** One place where current is limited. */
export interface LimitNode {
  readonly name: string;
  /** The names from the root to here, with slashes between. */
  readonly path: string;
  /** The number of the node above; -1 for the root. */
  readonly parent: number;
  readonly ceiling: CeilingOverTime;
  /** All EVSEs below, at any depth, are those numbered from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
}

/** The limits of one grid connection, parents before children, and the EVSEs below them. Built by `buildSites`. */
export interface LimitTree {
  readonly name: string;
  /** That daily schedules are meant in. */
  readonly timeZone: string;
  readonly nodes: readonly LimitNode[];
  readonly evses: readonly SiteEvse[];
}

/** The power of an EVSE over all phases at a current on each. */
export const wattsPerAmpere = ({ voltage, phases }: SiteEvse): number => voltage * phases;
