import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { TokenBuckets } from '../../domain/token-bucket.ts';
import { seconds } from '../../domain/units.ts';
import type { Module } from '../../ocpi/endpoint.ts';
import type { Context } from '../core/context.ts';

/** The sender of a message, and the module that receives it. */
interface Sender {
  peer: PeerId;
  /** The party in the routing headers; undefined: the peer has named none. */
  party: PartyKey | undefined;
  module: Module;
}

/** More buckets than parties with modules. */
const MOST_BUCKETS = 100_000;

/** The rate limit for the messages of each party to each module, as token buckets in memory. */
export class MessageRates {
  readonly #context: Pick<Context, 'config' | 'clock' | 'security' | 'metrics'>;
  readonly #buckets = new TokenBuckets(MOST_BUCKETS);

  constructor(context: Pick<Context, 'config' | 'clock' | 'security' | 'metrics'>) {
    this.#context = context;
    context.metrics.keep('rate limits of messages', () => this.#buckets.size);
  }

  /** Counts a message. Returns 0 when it is within the limit, else the whole seconds until the next one is. A refused message is not counted. */
  waitFor({ peer, party, module }: Sender): number {
    const { config, clock, security } = this.#context;
    const { burst, every } = config.limits.messages;
    if (every === 0) return 0;
    const rate = { burst, every: seconds(every) };
    const key = `${peer} ${party ?? ''} ${module}`;
    const wait = Math.ceil(this.#buckets.millisUntilToken(key, rate, clock.steady()) / 1000);
    if (wait === 0) this.#buckets.take(key, rate, clock.steady());
    else
      security.note({
        kind: 'too-many-messages',
        peer,
        ...(party !== undefined && { party }),
        says: `${party ?? peer} sends more messages to ${module} than limits.messages allows: they are refused with HTTP 429`,
      });
    return wait;
  }
}
