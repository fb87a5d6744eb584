import type { Evse } from '../evse.ts';
import type { Amperes, Volts } from '../units.ts';
import type { BuildingMeter } from './building-load.ts';
import type { CeilingOverTime } from './ceiling.ts';

/**
 * The grid phases of the conductors L1, L2, L3 of an EVSE, in that order: `STR` means L1 on S, L2 on T, L3 on R. An EVSE uses as
 * many of them as it has phases.
 */
export const ROTATIONS = ['R', 'S', 'T', 'RS', 'RT', 'SR', 'ST', 'TR', 'TS', 'RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'] as const;
/** One entry of `ROTATIONS`. */
export type Rotation = (typeof ROTATIONS)[number];

/** The number of cells of a node: the currents on R, S and T in tenths of an ampere, and the power over all phases in W. */
export const CELLS = 4;
/** The offset of the cell for power within a node. */
export const WATTS_CELL = 3;

/** What a tenth of an ampere at an EVSE adds to one cell of a node above it. */
export interface Load {
  /** Node number × CELLS + phase (0, 1, 2 for R, S, T) or + WATTS_CELL. */
  readonly cell: number;
  /** 1 in the cell of a phase; W in the cell for power. */
  readonly per: number;
}

/** One EVSE in a tree. Its currents are per phase, on the grid side. */
export interface SiteEvse {
  readonly uid: string;
  readonly evse: Evse;
  /** The number of its parent node. */
  readonly node: number;
  /** The minimum charging current: the EVSE gets at least this or 0. */
  readonly minimum: Amperes;
  readonly maximum: Amperes;
  /** Line to neutral. A DC EVSE counts as three balanced phases of the grid voltage at an efficiency of 1. */
  readonly voltage: Volts;
  readonly phases: 1 | 2 | 3;
  readonly loads: readonly Load[];
}

/** One node at which current is limited. */
export interface LimitNode {
  readonly name: string;
  /** The names from the root to this node, separated by slashes. */
  readonly path: string;
  /** The number of the parent node; -1 for the root. */
  readonly parent: number;
  readonly ceiling: CeilingOverTime;
  /** Absent: the node has no meter of a building. */
  readonly meter?: BuildingMeter;
  /** The EVSEs below this node, at any depth, have the numbers from `first` up to and excluding `end`. */
  readonly first: number;
  readonly end: number;
}

/** The limits of one grid connection, parents before children, and the EVSEs below them. Built by `buildSites`. */
export interface LimitTree {
  readonly name: string;
  /** The time zone of the daily schedules. */
  readonly timeZone: string;
  readonly nodes: readonly LimitNode[];
  readonly evses: readonly SiteEvse[];
}

/** The power of an EVSE over all phases for each ampere per phase. */
export const wattsPerAmpere = ({ voltage, phases }: SiteEvse): number => voltage * phases;
