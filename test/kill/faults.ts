import type { Store, Write } from '../../src/store/store.ts';

/** Where a node is stopped, by the commit that it is about to make or has just made (reliability, kill points K1 to K10). */
export const faults = {
  /** Parsed, not yet committed. */
  K1: { when: 'before', write: 'insert-exchange', act: 'die' },
  /** Committed, the reply not yet written. */
  K2: { when: 'after', write: 'insert-exchange', act: 'die' },
  /** Replied, not yet given to the charge point; the killer waits for the reply. */
  K3: { when: 'before', write: 'claim-sending', act: 'halt' },
  /** Recorded as being sent, the frame not yet written. */
  K4: { when: 'after', write: 'claim-sending', act: 'die' },
  /** The charge point has answered, its word is not yet committed. */
  K6: { when: 'before', write: 'record-result', act: 'die' },
  /** The result is committed, its delivery not yet begun. */
  K7: { when: 'after', write: 'record-result', act: 'die' },
  /** The delivery is claimed, its first byte not yet written. */
  K8: { when: 'after', write: 'claim-delivery', act: 'die' },
  /** The peer has answered, which is not yet committed. */
  K10: { when: 'before', write: 'end-exchange-DELIVERING', act: 'die' },
} as const satisfies Record<string, { when: 'before' | 'after'; write: string; act: 'die' | 'halt' }>;
export type Fault = keyof typeof faults;

/** Where the strangers see it first: the charge point has the call (K5), the peer has the result (K9). Here the killer comes from outside. */
export const KILL_POINTS = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10'] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** What a fault does to the process it is in. */
export interface FaultActions {
  die(): void;
  /** Says that the point is reached; the commit is not made. */
  reached(): void;
}

/** A store that stops its node at one named commit, once it is told which. */
export function faultyStore(executioner: FaultActions) {
  let armed: Fault | undefined;

  function meet(when: 'before' | 'after', writes: readonly Write[]): 'halt' | undefined {
    const fault = armed && faults[armed];
    if (fault?.when !== when || !writes.some(({ name }) => name.startsWith(fault.write))) return undefined;
    if (fault.act === 'die') executioner.die();
    else executioner.reached();
    return 'halt';
  }

  return {
    arm: (fault: Fault) => {
      armed = fault;
    },
    around: (store: Store): Store => ({
      ...store,
      commit: async (writes) => {
        if (meet('before', writes)) return never;
        const written = await store.commit(writes);
        return meet('after', writes) ? never : written;
      },
    }),
  };
}

const never = Promise.withResolvers<never>().promise;
