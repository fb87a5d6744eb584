import type { Clock } from '../../domain/clock.ts';
import { type Rate, TokenBuckets } from '../../domain/token-bucket.ts';
import { seconds } from '../../domain/units.ts';

/** Allowed attempts for one name from one address (`pair`), for all names from one address, and for one name from all addresses. */
const RATES = {
  pair: { burst: 5, every: seconds(30) },
  address: { burst: 20, every: seconds(10) },
  name: { burst: 50, every: seconds(30) },
} as const satisfies Record<string, Rate>;
/** Beyond this number the limit that was unused longest is forgotten. */
const MOST_BUCKETS = 100_000;

/** One attempt to sign in. */
export interface Attempt {
  address: string;
  name: string;
}

/**
 * Slows down password guessing (SEC-36). An attempt counts when it is made, so that parallel attempts count as well. A
 * successful login resets the limit of its address and name. Attempts from one address do not lock a user out from another
 * address, until fifty attempts were made for the name.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new TokenBuckets(MOST_BUCKETS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts an attempt and returns 0, or returns the seconds to wait and does not count it. */
  take(attempt: Attempt): number {
    const now = this.#clock.now();
    const wait = Math.max(...keysOf(attempt).map(([key, rate]) => this.#buckets.millisUntilToken(key, rate, now)));
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const [key, rate] of keysOf(attempt)) this.#buckets.take(key, rate, now);
    return 0;
  }

  /** Login succeeded: reset the limit of this address and name. */
  succeeded(attempt: Attempt): void {
    const [[pair]] = keysOf(attempt);
    this.#buckets.fill(pair);
  }
}

const keysOf = ({ address, name }: Attempt): readonly [readonly [string, Rate], ...(readonly [string, Rate])[]] => [
  [`pair ${address} ${name}`, RATES.pair],
  [`address ${address}`, RATES.address],
  [`name ${name}`, RATES.name],
];
