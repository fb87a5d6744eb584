import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';

/** Keys of objects and receivers hold no line break. */
const BETWEEN = '\n';

/** Pushes of objects to receivers, by the object's key and the receiver's. */
export interface PushQueue<K extends string, R extends string> {
  /** Pushes soon: once for all calls until it runs, and once more after a run when called meanwhile. */
  wake(object: K, receiver: R): void;
}

/** Runs one push at a time for each object and receiver; the push reads the newest state itself, so no queue of old states grows. */
export function createPushQueue<K extends string, R extends string>(
  { work, metrics }: Pick<Context, 'work' | 'metrics'>,
  push: (object: K, receiver: R) => Promise<void>,
  atOnce?: number,
): PushQueue<K, R> {
  const pairs = new Map<string, { object: K; receiver: R }>();
  const tasks: CoalescedTask<string> = coalesce(work, {
    name: (name) => `push of ${name.replace(BETWEEN, ' to ')}`,
    task: async (name) => {
      const pair = pairs.get(name);
      pairs.delete(name);
      if (pair) await push(pair.object, pair.receiver);
    },
    ...(atOnce !== undefined && { atOnce }),
  });
  metrics.keep('pushes', tasks.size);
  return {
    wake: (object, receiver) => {
      const name = object + BETWEEN + receiver;
      pairs.set(name, { object, receiver });
      tasks.wake(name);
    },
  };
}

/** The copy of an object that a receiver holds, undefined when it has none; UNKNOWN when the receiver could not be asked. */
export type HeldCopy<T> = { is: 'KNOWN'; object: T | undefined } | { is: 'UNKNOWN' };

/** The copy that a GET of the object shows. */
export function heldCopy<T>(read: PeerAnswer<T>): HeldCopy<T> {
  if (read.is === 'SUCCESS') return { is: 'KNOWN', object: read.data };
  return read.httpStatus === 404 || read.because === 'ocpi_2xxx' ? { is: 'KNOWN', object: undefined } : { is: 'UNKNOWN' };
}
