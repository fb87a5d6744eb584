import type { EquivalentMutants } from './equivalents.ts';

/** The known equivalent mutants. bench/results/mutation.md shows this list. */
export const equivalentMutants: readonly EquivalentMutants[] = [];
