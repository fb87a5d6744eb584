import type { Clock } from '../../domain/clock.ts';
import { type FullAt, millisUntilToken, type Rate, takeToken } from '../../domain/token-bucket.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { seconds } from '../../domain/units.ts';

/** How often somebody may try. Many names from one address are as bad as many passwords for one name. */
const RATES = {
  pair: { burst: 5, every: seconds(30) },
  address: { burst: 20, every: seconds(10) },
  name: { burst: 50, every: seconds(30) },
} as const satisfies Record<string, Rate>;
/** Buckets that are full again are forgotten when there are this many. */
const MOST = 10_000;

/** One attempt to sign in. */
export interface Attempt {
  address: string;
  name: string;
}

/**
 * Slows down whoever guesses passwords (SEC-36). An attempt counts when it is made, so that many at once count as well; one that
 * succeeds gives back what its pair has used. Nobody is locked out from elsewhere before fifty attempts on one name.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, EpochMillis>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds to wait, or 0 when the attempt may be made; it is counted then. */
  take(attempt: Attempt): number {
    const now = this.#clock.now();
    const wait = Math.max(...keysOf(attempt).map(([key, rate]) => millisUntilToken(this.#buckets.get(key), rate, now)));
    if (wait > 0) return Math.ceil(wait / 1000);
    if (this.#buckets.size > MOST) for (const [key, fullAt] of this.#buckets) if (fullAt <= now) this.#buckets.delete(key);
    for (const [key, rate] of keysOf(attempt)) this.#buckets.set(key, takeToken(this.#buckets.get(key) satisfies FullAt, rate, now));
    return 0;
  }

  /** It was they. */
  succeeded(attempt: Attempt): void {
    const [[pair]] = keysOf(attempt);
    this.#buckets.delete(pair);
  }
}

const keysOf = ({ address, name }: Attempt): readonly [readonly [string, Rate], ...(readonly [string, Rate])[]] => [
  [`pair ${address} ${name}`, RATES.pair],
  [`address ${address}`, RATES.address],
  [`name ${name}`, RATES.name],
];
