import type { Step } from '../src/node/core/journal.ts';
import type { Node } from '../src/node/node.ts';

type StepOf<S extends Step['step']> = Extract<Step, { step: S }>;
type Matcher<S extends Step['step']> = (step: StepOf<S>) => boolean;

/** The steps in the journal of a node, recorded over its restarts. */
export interface Steps {
  /** All steps since the start, in order. */
  steps: readonly Step[];
  /** Resolves with the first step since the start that matches. It may have happened before the call. */
  firstStep<S extends Step['step']>(name: S, matches?: Matcher<S>): Promise<StepOf<S>>;
  /** Resolves with the n-th step since the start that matches, counted from 1. It may have happened before the call. */
  nthStep<S extends Step['step']>(n: number, name: S, matches?: Matcher<S>): Promise<StepOf<S>>;
  /** Resolves with the first step after this call that matches. Call it before the action that causes the step, and await it afterwards. */
  nextStep<S extends Step['step']>(name: S, matches?: Matcher<S>): Promise<StepOf<S>>;
}

/** Records the steps of nodes. */
export interface StepRecorder extends Steps {
  /** Records the steps of this node from now on. */
  follow(node: Node): Node;
}

/** Starts an empty record of steps. */
export function recordSteps(): StepRecorder {
  const steps: Step[] = [];
  const watchers = new Set<(step: Step) => void>();

  /** Counts steps, those in `past` first, and resolves with the n-th one that matches. */
  function count<S extends Step['step']>(past: readonly Step[], { n, name, matches = () => true }: { n: number; name: S; matches: Matcher<S> | undefined }) {
    const isMatch = (it: Step): it is StepOf<S> => it.step === name && matches(it as StepOf<S>);
    return new Promise<StepOf<S>>((resolve) => {
      let left = n;
      const watch = (step: Step) => {
        if (!isMatch(step)) return;
        left -= 1;
        if (left > 0) return;
        watchers.delete(watch);
        resolve(step);
      };
      watchers.add(watch);
      for (const step of past) if (left > 0) watch(step);
    });
  }

  return {
    steps,
    follow: (node) => {
      node.journal.onStep((step) => {
        steps.push(step);
        for (const watch of watchers) watch(step);
      });
      return node;
    },
    firstStep: (name, matches) => count(steps, { n: 1, name, matches }),
    nthStep: (n, name, matches) => count(steps, { n, name, matches }),
    nextStep: (name, matches) => count([], { n: 1, name, matches }),
  };
}
