import type { Survivor } from './result.ts';

/** A mutant that behaves like the code in the source, so no test can kill it. */
export interface EquivalentMutant extends Pick<Survivor, 'file' | 'code' | 'mutated'> {
  /** Why nothing changes, for a reader of the result. */
  why: string;
}

/** Survivors apart: the known equivalent ones and the others. `outdated`: entries of the list below `path` that did not survive. */
export interface SortedSurvivors {
  equivalent: readonly Survivor[];
  others: readonly Survivor[];
  outdated: readonly EquivalentMutant[];
}

/** Sorts the survivors of a run over `path` by the list of equivalent mutants. */
export function sortSurvivors(path: string, survivors: readonly Survivor[], list: readonly EquivalentMutant[]): SortedSurvivors {
  const isSame = (one: Pick<Survivor, 'file' | 'code' | 'mutated'>, other: Pick<Survivor, 'file' | 'code' | 'mutated'>) =>
    one.file === other.file && one.code === other.code && one.mutated === other.mutated;
  const isListed = (survivor: Survivor) => list.some((it) => isSame(it, survivor));
  return {
    equivalent: survivors.filter(isListed),
    others: survivors.filter((it) => !isListed(it)),
    outdated: list.filter(({ file }) => file === path || file.startsWith(`${path}/`)).filter((it) => !survivors.some((survivor) => isSame(it, survivor))),
  };
}
