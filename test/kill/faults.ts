import type { Store, Write } from '../../src/store/store.ts';

/** The kill points at which the node stops itself, before or after a named commit (requirements, kill points). */
export const faults = {
  /** The request is parsed, but not committed. */
  K1: { when: 'before', write: 'insert-exchange', act: 'die' },
  /** The request is committed, but not answered. */
  K2: { when: 'after', write: 'insert-exchange', act: 'die' },
  /** The request is answered, but not dispatched. The test kills the node, because it must wait for the answer. */
  K3: { when: 'before', write: 'claim-sending', act: 'halt' },
  /** SENDING is committed, but the frame is not written. */
  K4: { when: 'after', write: 'claim-sending', act: 'die' },
  /** The charge point has answered, but its answer is not committed. */
  K6: { when: 'before', write: 'record-result', act: 'die' },
  /** The result is committed, but its delivery has not begun. */
  K7: { when: 'after', write: 'record-result', act: 'die' },
  /** The delivery is claimed, but no byte is written. */
  K8: { when: 'after', write: 'claim-delivery', act: 'die' },
  /** The peer has answered the result, but that is not committed. */
  K10: { when: 'before', write: 'end-exchange-DELIVERING', act: 'die' },
} as const satisfies Record<string, { when: 'before' | 'after'; write: string; act: 'die' | 'halt' }>;
/** A kill point at which the node stops itself. */
export type Fault = keyof typeof faults;

/** All kill points. At K5 (the charge point has the call) and K9 (the peer has the result) the test kills the node. */
export const KILL_POINTS = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10'] as const;
/** The id of a kill point. */
export type KillPoint = (typeof KILL_POINTS)[number];

/** What a fault does in the process of the node. */
export interface FaultActions {
  die(): void;
  /** Reports that the kill point is reached; the commit is not made. */
  reached(): void;
}

/** Wraps a store so that the node stops at one commit; `arm` selects the commit. */
export function faultyStore(actions: FaultActions) {
  let armed: Fault | undefined;

  function stopsAt(when: 'before' | 'after', writes: readonly Write[]): 'halt' | undefined {
    const fault = armed && faults[armed];
    if (fault?.when !== when || !writes.some(({ name }) => name.startsWith(fault.write))) return undefined;
    if (fault.act === 'die') actions.die();
    else actions.reached();
    return 'halt';
  }

  return {
    arm: (fault: Fault) => {
      armed = fault;
    },
    around: (store: Store): Store => ({
      ...store,
      commit: async (writes) => {
        if (stopsAt('before', writes)) return never;
        const written = await store.commit(writes);
        return stopsAt('after', writes) ? never : written;
      },
    }),
  };
}

const never = Promise.withResolvers<never>().promise;
