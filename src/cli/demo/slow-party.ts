import type { Clock } from '../../node/index.ts';

/** s that an operator's delay adds to each answer of a party. */
export const DELAY = 10;

/** A party whose answers come late, by a delay of its own and one of the operator. */
export interface SlowParty extends Disposable {
  readonly party: string;
  readonly name: string;
  /** s that each answer always takes. */
  own: number;
  /** Whether an operator delays it. */
  delayed: boolean;
  /** s until each answer. */
  delay(): number;
  /** Waits as long as an answer of the party is late now. */
  beforeOcpi(): Promise<void>;
}

/** A party that answers at once until it is delayed. After it is disposed nothing waits. */
export function slowParty({ party, name, clock }: { party: string; name: string; clock: Clock }): SlowParty {
  const waiting = new Set<() => void>();
  let ended = false;
  const slow: SlowParty = {
    party,
    name,
    own: 0,
    delayed: false,
    delay: () => (ended ? 0 : slow.own + (slow.delayed ? DELAY : 0)),
    beforeOcpi: () => {
      const span = slow.delay();
      if (span === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const go = () => {
          cancel();
          waiting.delete(go);
          resolve();
        };
        const cancel = clock.after(span * 1000, go);
        waiting.add(go);
      });
    },
    [Symbol.dispose]: () => {
      ended = true;
      for (const go of waiting) go();
    },
  };
  return slow;
}
