import type { Workspace } from './workspace.ts';

/** The command-line options of a run. */
export interface Options {
  /** How long each load is measured, in seconds. */
  span: number;
  /** Flows at a time under full load. */
  inFlight: number;
  /** Charge points with one session each under load. */
  stations: number;
  /** Ended sessions and ended exchanges of a grown store. */
  sessions: number;
  exchanges: number;
  /** Length of a soak, in minutes. */
  minutes: number;
  stores: readonly ('sqlite' | 'postgres')[];
  /** Folder for CPU profiles of the measured programs; undefined: no profiles. */
  profile: string | undefined;
}

/** One measured value; `aim` is the project's target, `reached` says whether the value meets it. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  aim?: string;
  reached?: boolean;
  /** The values over time, of which `value` is a summary; only in the JSON file. */
  series?: readonly number[];
}

/** One benchmark: measures and returns its rows; `progress` prints a line for the person who waits. */
export type Benchmark = (by: { workspace: Workspace; options: Options; progress: (line: string) => void }) => Promise<readonly Row[]>;

/** A row whose value must not be below its aim. */
export const atLeast = (name: string, value: number, { unit, aim }: { unit: string; aim: number }): Row => ({
  name,
  value,
  unit,
  aim: `≥ ${aim}`,
  reached: value >= aim,
});
/** A row whose value must not be above its aim. */
export const atMost = (name: string, value: number, { unit, aim }: { unit: string; aim: number }): Row => ({
  name,
  value,
  unit,
  aim: `≤ ${aim}`,
  reached: value <= aim,
});

/** The middle value; NaN for an empty list. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
