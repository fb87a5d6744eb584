import type { Clock } from '../../domain/clock.ts';
import { type Rate, TokenBuckets } from '../../domain/token-bucket.ts';
import { seconds } from '../../domain/units.ts';

/**
 * Allowed attempts: for one name from one address (`pair`), for all names from one address, for one name from all addresses, and
 * for one name from one known browser.
 */
const RATES = {
  pair: { burst: 5, every: seconds(30) },
  address: { burst: 20, every: seconds(10) },
  name: { burst: 50, every: seconds(30) },
  browser: { burst: 10, every: seconds(30) },
} as const satisfies Record<string, Rate>;
/** Beyond this number the limit that was unused longest is forgotten. */
const MOST_BUCKETS = 100_000;

/** One attempt to sign in. */
export interface Attempt {
  address: string;
  /** As typed, case-folded. */
  name: string;
  /** The id of a browser that is known for this name; undefined for other browsers. */
  browser: string | undefined;
}

/**
 * Slows down password guessing (SEC-36, R-09). An attempt counts when it is made, so that parallel attempts count as well. A known
 * browser has a budget of its own, so that attempts of others do not lock its user out. A successful login gives back what was
 * taken for its name from its address.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new TokenBuckets(MOST_BUCKETS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts an attempt and returns 0, or returns the seconds to wait and does not count it. */
  take(attempt: Attempt): number {
    const now = this.#clock.steady();
    const buckets = bucketsOf(attempt);
    const wait = Math.max(...buckets.map(([key, rate]) => this.#buckets.millisUntilToken(key, rate, now)));
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const [key, rate] of buckets) this.#buckets.take(key, rate, now);
    return 0;
  }

  /** The attempt was not checked: gives back what it took. */
  notChecked(attempt: Attempt): void {
    const now = this.#clock.now();
    for (const [key, rate] of bucketsOf(attempt)) this.#buckets.giveBack(key, rate, { tokens: 1, now });
  }

  /** Login succeeded: gives back its own attempt, and earlier ones for this name from this address or known browser. */
  succeeded(attempt: Attempt): void {
    const now = this.#clock.steady();
    const [[own, rate], ...wider] = bucketsOf(attempt);
    const taken = this.#buckets.taken(own, rate, now);
    for (const [key, wide] of wider) this.#buckets.giveBack(key, wide, { tokens: taken, now });
    this.#buckets.fill(own);
  }
}

type Bucket = readonly [key: string, rate: Rate];
/** The budgets that an attempt takes from, the narrowest first. */
const bucketsOf = ({ address, name, browser }: Attempt): readonly [Bucket, ...Bucket[]] =>
  browser === undefined
    ? [
        [`pair ${address} ${name}`, RATES.pair],
        [`address ${address}`, RATES.address],
        [`name ${name}`, RATES.name],
      ]
    : [[`browser ${browser}`, RATES.browser]];
