import type { PartyKey, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type FullAt, millisUntilToken, type Rate, takeToken } from '../../domain/token-bucket.ts';
import { type EpochMillis, epochMillis, seconds } from '../../domain/units.ts';
import { recentRequests } from '../../store/sql/previous-requests.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';

/** One request, as the limits see it. */
export interface LimitedRequest {
  party: PartyKey;
  session: SessionKey;
  /** Absent: a request that goes on to another platform. */
  station: StationId | undefined;
  /** What is to be set, if anything. */
  profile: ChargingProfile | undefined;
}

/** Buckets that are full again are forgotten when there are this many. */
const MOST_BUCKETS = 50_000;
/** Of what came before a start, so much is counted again. */
const MOST_REPLAYED = 100_000;
const MINUTE_MS = 60_000;

/**
 * How often others may ask (CP-09, SEC-27, SEC-29, SEC-34). Its record is the accepted requests themselves, which are in the store: a
 * node that starts, or takes over, counts the recent ones again. Keys are folded, so that no spelling is a way around.
 */
export class RateLimits {
  readonly #context: Context;
  readonly #limits: Config['limits'];
  readonly #buckets = new Map<string, EpochMillis>();
  readonly #cuts = new Map<PartyKey, Map<SessionKey, EpochMillis>>();

  constructor(context: Context) {
    this.#context = context;
    this.#limits = context.config.limits;
  }

  /** Counts again what was accepted lately. */
  async recover(): Promise<void> {
    const { burst, every } = this.#limits.party_and_session;
    const since = epochMillis(this.#context.clock.now() - Math.max(MINUTE_MS, burst * every * 1000));
    for (const { at, ...attempt } of await this.#context.store.all(recentRequests(since, MOST_REPLAYED))) this.#count(attempt, at);
  }

  /** Why one must wait, if so; nothing is counted. */
  refusal(attempt: LimitedRequest): string | undefined {
    const now = this.#context.clock.now();
    const waits = this.#ratesOf(attempt).map(({ key, rate, who }) => ({ who, wait: millisUntilToken(this.#buckets.get(key), rate, now) }));
    const longest = waits.reduce((a, b) => (b.wait > a.wait ? b : a));
    return longest.wait === 0 ? undefined : `${longest.who}: too many requests, the next in ${Math.ceil(longest.wait / 1000)} s`;
  }

  /** Counts a request that was accepted. */
  countAccepted(attempt: LimitedRequest): void {
    const now = this.#context.clock.now();
    this.#count(attempt, now);
    if (attempt.profile?.periods[0]?.limit === 0) this.#noteCut(attempt, now);
    if (this.#buckets.size > MOST_BUCKETS) for (const [key, fullAt] of this.#buckets) if (fullAt <= now) this.#buckets.delete(key);
  }

  #count(attempt: LimitedRequest, at: EpochMillis): void {
    for (const { key, rate } of this.#ratesOf(attempt)) if (rate.every > 0) this.#buckets.set(key, takeToken(this.#buckets.get(key) as FullAt, rate, at));
  }

  #ratesOf({ party, session, station, profile }: LimitedRequest): readonly { key: string; rate: Rate; who: string }[] {
    const { party_and_session, station: perStation, party: perParty, session_interval } = this.#limits;
    const rate = ({ burst, every }: { burst: number; every: number }): Rate => ({ burst, every: seconds(every) });
    return [
      { key: `session ${party} ${session}`, rate: rate(party_and_session), who: 'this session' },
      { key: `party ${party}`, rate: rate(perParty), who: party },
      ...(station === undefined ? [] : [{ key: `station ${station}`, rate: rate(perStation), who: 'this charge point' }]),
      ...(profile === undefined ? [] : [{ key: `interval ${session}`, rate: { burst: 1, every: seconds(session_interval) }, who: 'this session' }]),
    ];
  }

  /** A party that stops one session after the other may be in wrong hands (SEC-34). */
  #noteCut({ party, session }: LimitedRequest, now: EpochMillis): void {
    const cuts = this.#cuts.get(party) ?? new Map<SessionKey, EpochMillis>();
    this.#cuts.set(party, cuts);
    cuts.set(session, now);
    for (const [key, at] of cuts) if (now - at > MINUTE_MS) cuts.delete(key);
    if (cuts.size !== this.#limits.cuts_alarm) return;
    this.#context.security.note({
      kind: 'many-sessions-stopped',
      party,
      says: `${party} stopped ${cuts.size} sessions within a minute: evenkeel halt ${party} clears its profiles`,
    });
  }
}
