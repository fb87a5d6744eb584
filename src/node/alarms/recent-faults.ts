import type { Row } from '../../domain/alarm/facts.ts';
import type { PeerId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Context } from '../core/context.ts';

const HOUR_MS = 3_600_000;
/** Without another one, a result that did not arrive is an alarm for this time. */
const UNDELIVERED_MS = 24 * HOUR_MS;
/** Without another one, an error of background work is an alarm for this time. */
const ERROR_MS = HOUR_MS;
/** Entries of each kind at most. */
const MOST = 200;

type Undelivered = Row & { peer: PeerId; because: string };
type Failed = Row & { what: string; says: string };

/** Faults that are events, not states: results that did not arrive, and errors of background work. Each ends with a success, or after a time. */
export class RecentFaults {
  readonly #context: Pick<Context, 'clock' | 'recentErrors'>;
  readonly #undelivered = new Map<PeerId, Undelivered>();
  /** By the name of the work. */
  readonly #errors = new Map<string, Failed>();
  /** Errors until then are counted. */
  #errorsRead: EpochMillis;

  /** `changed` is called when a fault begins or ends. */
  constructor(context: Pick<Context, 'clock' | 'recentErrors' | 'journal' | 'metrics'>, changed: () => void) {
    this.#context = context;
    this.#errorsRead = context.clock.now();
    context.metrics.keep('peers without a result', () => this.#undelivered.size);
    context.metrics.keep('kinds of background errors', () => this.#errors.size);
    context.journal.onStep((step) => {
      if (step.step === 'job-recovered' && this.#errors.delete(step.job)) return changed();
      if (step.step === 'outcome' && step.state === 'DELIVERED' && this.#undelivered.delete(step.peer)) return changed();
      if (step.step !== 'result-undelivered') return;
      const { peer, reason, httpStatus } = step;
      const because = reason ?? (httpStatus === undefined ? 'no answer' : `HTTP ${httpStatus}`);
      add(this.#undelivered, peer, { peer, because, ...once(context.clock.now()) });
      changed();
    });
  }

  /** What an earlier run of the node knew. */
  resume(fault: Undelivered | Failed): void {
    if ('peer' in fault) add(this.#undelivered, fault.peer, fault);
    else add(this.#errors, fault.what, fault);
  }

  /** The registration of a peer has ended. */
  forget(peer: PeerId): void {
    this.#undelivered.delete(peer);
  }

  undelivered(): readonly Undelivered[] {
    return current(this.#undelivered, this.#context.clock.now() - UNDELIVERED_MS);
  }

  errors(): readonly Failed[] {
    const fresh = this.#context.recentErrors.filter(({ at }) => at > this.#errorsRead);
    for (const { at, what, says } of fresh) add(this.#errors, what, { what, says, ...once(at) });
    this.#errorsRead = fresh.at(-1)?.at ?? this.#errorsRead;
    return current(this.#errors, this.#context.clock.now() - ERROR_MS);
  }
}

const once = (at: EpochMillis): Row => ({ count: 1, first: at, last: at });

/** Counts a fault with the earlier ones of its key. */
function add<K, T extends Row>(all: Map<K, T>, key: K, fault: T): void {
  const before = all.get(key);
  if (before) all.set(key, { ...fault, count: before.count + fault.count, first: before.first });
  else if (all.size < MOST) all.set(key, fault);
}

/** The faults since a moment; older ones are removed. */
function current<K, T extends Row>(all: Map<K, T>, since: number): readonly T[] {
  for (const [key, { last }] of all) if (last <= since) all.delete(key);
  return [...all.values()];
}
