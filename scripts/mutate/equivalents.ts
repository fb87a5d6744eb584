import type { Survivor } from './result.ts';

/** Mutants of one file that behave like the code in the source, so no test can kill them. */
export interface EquivalentMutants {
  file: string;
  /** Why nothing changes, for a reader of the result. */
  why: string;
  /** The code in the source and the code of the mutant, each on one line, as `npm run mutate` prints them. */
  mutants: readonly (readonly [code: string, mutated: string])[];
}

/** One entry of the list of equivalent mutants. */
export type EquivalentMutant = Pick<Survivor, 'file' | 'code' | 'mutated'>;

/** Survivors apart: the known equivalent ones and the others. `outdated`: entries of the list below `path` that did not survive. */
export interface SortedSurvivors {
  equivalent: readonly Survivor[];
  others: readonly Survivor[];
  outdated: readonly EquivalentMutant[];
}

/** Sorts the survivors of a run over `path` by the list of equivalent mutants. */
export function sortSurvivors(path: string, survivors: readonly Survivor[], list: readonly EquivalentMutants[]): SortedSurvivors {
  const listed = list.flatMap(({ file, mutants }) => mutants.map(([code, mutated]): EquivalentMutant => ({ file, code, mutated })));
  const isListed = (survivor: Survivor) => listed.some((it) => isSame(it, survivor));
  const wasRun = listed.filter(({ file }) => file === path || file.startsWith(`${path}/`));
  return {
    equivalent: survivors.filter(isListed),
    others: survivors.filter((it) => !isListed(it)),
    outdated: wasRun.filter((it) => !survivors.some((survivor) => isSame(it, survivor))),
  };
}

const isSame = (one: EquivalentMutant, other: EquivalentMutant) => one.file === other.file && one.code === other.code && one.mutated === other.mutated;
