import type { Clock } from '../domain/clock.ts';
import type { StationId } from '../domain/ids.ts';
import { type Rate, TokenBuckets } from '../domain/token-bucket.ts';
import { seconds } from '../domain/units.ts';

/** Wrong credentials that are checked: for one station from one address, and for all stations from one address. More are refused unchecked. */
const RATES = {
  pair: { burst: 50, every: seconds(10) },
  address: { burst: 200, every: seconds(0.2) },
} as const satisfies Record<string, Rate>;
/** Beyond this number the limit that was unused longest is forgotten. */
const MOST_BUCKETS = 100_000;

/** Slows down guesses at station passwords (SEC-30). Only failures count: a station with the right password is never slowed down by itself. */
export class GuessThrottle {
  readonly #clock: Clock;
  readonly #buckets = new TokenBuckets(MOST_BUCKETS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Limits that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether credentials for this station are checked now when they come from this address. */
  allows(station: StationId, address: string): boolean {
    const now = this.#clock.steady();
    return keysOf(station, address).every(([key, rate]) => this.#buckets.millisUntilToken(key, rate, now) === 0);
  }

  /** Counts wrong credentials. */
  failed(station: StationId, address: string): void {
    const now = this.#clock.steady();
    for (const [key, rate] of keysOf(station, address)) this.#buckets.take(key, rate, now);
  }
}

const keysOf = (station: StationId, address: string) =>
  [
    [`pair ${address} ${station}`, RATES.pair],
    [`address ${address}`, RATES.address],
  ] as const;
