import type { Workspace } from './workspace.ts';

/** What a run was asked to do otherwise than usual. */
export interface Options {
  /** Seconds that a load is measured. */
  span: number;
  inFlight: number;
  stations: number;
  stores: readonly ('sqlite' | 'postgres')[];
  /** A folder for CPU profiles of the programs under load. */
  profile: string | undefined;
}

/** One measured value; `aim` as the project states it, and whether the value reached it. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  aim?: string;
  reached?: boolean;
}

/** A figure of the bench: measures, and says so while it does. */
export type Benchmark = (tools: { workspace: Workspace; options: Options; progress: (line: string) => void }) => Promise<readonly Row[]>;

/** A row with an aim to stay above or below. */
export const atLeast = (name: string, value: number, { unit, aim }: { unit: string; aim: number }): Row => ({
  name,
  value,
  unit,
  aim: `≥ ${aim}`,
  reached: value >= aim,
});
export const atMost = (name: string, value: number, { unit, aim }: { unit: string; aim: number }): Row => ({
  name,
  value,
  unit,
  aim: `≤ ${aim}`,
  reached: value <= aim,
});
