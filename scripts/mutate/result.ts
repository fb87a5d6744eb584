/** A mutant that no test noticed. */
export interface Survivor {
  file: string;
  line: number;
  /** The kind of change, as Stryker names it. */
  mutator: string;
  /** The code in the source, on one line. */
  code: string;
  /** The code of the mutant in its place, on one line. */
  mutated: string;
}

/** The result of one run. */
export interface MutationResult {
  killed: number;
  /** How many of the killed ones did not end. */
  timeouts: number;
  survived: number;
  /** No test runs the mutated code. */
  noCoverage: number;
  /** Not run, because no decision changes: see ignored-mutants.ts. */
  ignored: number;
  /** Not counted: the mutant could not be loaded. */
  broken: number;
  /** The mutants that survived, with those that no test runs. */
  survivors: readonly Survivor[];
}

/** The mutants killed, in per cent of all that were not ignored; 100 when there are none. */
export function scoreOf({ killed, survived, noCoverage }: Pick<MutationResult, 'killed' | 'survived' | 'noCoverage'>): number {
  const all = killed + survived + noCoverage;
  return all === 0 ? 100 : (100 * killed) / all;
}
