import type { Step } from '../src/node/core/journal.ts';
import type { Node } from '../src/node/node.ts';

/** What nodes noted, in order, and who waits for more of it. */
export interface Steps {
  /** Everything so far, over restarts. */
  steps: readonly Step[];
  /** Resolves with the first step that fits, past or to come. */
  firstStep<S extends Step['step']>(name: S, fits?: (step: Extract<Step, { step: S }>) => boolean): Promise<Extract<Step, { step: S }>>;
  /** Listens to a node from now on. */
  follow(node: Node): Node;
}

export function recordSteps(): Steps {
  const steps: Step[] = [];
  const watchers = new Set<(step: Step) => void>();
  return {
    steps,
    follow: (node) => {
      node.journal.onStep((step) => {
        steps.push(step);
        for (const watcher of watchers) watcher(step);
      });
      return node;
    },
    firstStep: (name, fits = () => true) => {
      const isIt = (it: Step): it is Extract<Step, { step: typeof name }> => it.step === name && fits(it as Extract<Step, { step: typeof name }>);
      const past = steps.find(isIt);
      if (past) return Promise.resolve(past);
      return new Promise((found) => {
        const watcher = (it: Step) => {
          if (!isIt(it)) return;
          watchers.delete(watcher);
          found(it);
        };
        watchers.add(watcher);
      });
    },
  };
}
