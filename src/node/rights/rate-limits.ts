import { steadyDeadline } from '../../domain/clock.ts';
import type { PartyKey, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Rate, TokenBuckets } from '../../domain/token-bucket.ts';
import { type EpochMillis, epochMillis, seconds } from '../../domain/units.ts';
import { recentRequests } from '../../store/sql/previous-requests.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';

/** The facts of a request that rate limits depend on. */
export interface LimitedRequest {
  party: PartyKey;
  session: SessionKey;
  /** Undefined: a request that is forwarded to another platform. */
  station: StationId | undefined;
  /** The profile of a SET; undefined for other requests. */
  profile: ChargingProfile | undefined;
}

/** Beyond this number the limit of the session, party or charge point that was unused longest is forgotten; about 50 MB. */
const MAX_BUCKETS = 500_000;
/** Accepted requests from before a start that are counted again. */
const MAX_REPLAYED = 100_000;
const MINUTE_MS = 60_000;

/**
 * The rate limits for requests of others (CP-09, SEC-27, SEC-29, SEC-34), as token buckets in memory. At its start a node counts the
 * recent accepted requests in the store again. Keys are folded, so another spelling of an id does not avoid a limit.
 */
export class RateLimits {
  readonly #context: Context;
  readonly #limits: Config['limits'];
  readonly #buckets = new TokenBuckets(MAX_BUCKETS);
  /** When each party stopped which sessions, by a profile with limit 0. */
  readonly #stopped = new Map<PartyKey, Map<SessionKey, EpochMillis>>();

  constructor(context: Context) {
    this.#context = context;
    this.#limits = context.config.limits;
    context.metrics.keep('rate limits', () => this.#buckets.size);
    context.metrics.keep('stopped sessions', () => [...this.#stopped.values()].reduce((sum, { size }) => sum + size, 0));
  }

  /** Counts the recent accepted requests in the store. */
  async recover(): Promise<void> {
    const { burst, every } = this.#limits.party_and_session;
    const { clock } = this.#context;
    const since = epochMillis(clock.now() - Math.max(MINUTE_MS, burst * every * 1000));
    for (const { at, ...request } of await this.#context.store.all(recentRequests(since, MAX_REPLAYED))) this.#count(request, steadyDeadline(clock, at));
  }

  /** Why a request exceeds a limit, and when the next is allowed; undefined when it does not. Counts nothing. */
  refusal(request: LimitedRequest): string | undefined {
    const now = this.#context.clock.steady();
    const waits = this.#ratesOf(request).map(({ key, rate, who }) => ({ who, wait: this.#buckets.millisUntilToken(key, rate, now) }));
    const longest = waits.reduce((a, b) => (b.wait > a.wait ? b : a));
    return longest.wait === 0 ? undefined : `${longest.who}: too many requests, the next in ${Math.ceil(longest.wait / 1000)} s`;
  }

  /** Counts an accepted request. */
  countAccepted(request: LimitedRequest): void {
    const now = this.#context.clock.steady();
    this.#count(request, now);
    if (request.profile?.periods[0]?.limit === 0) this.#noteStop(request, now);
  }

  /** Undoes `countAccepted` for a request that was not accepted after all. */
  giveBack(request: LimitedRequest): void {
    const now = this.#context.clock.steady();
    for (const { key, rate } of this.#ratesOf(request)) this.#buckets.giveBack(key, rate, { tokens: 1, now });
  }

  #count(request: LimitedRequest, at: EpochMillis): void {
    for (const { key, rate } of this.#ratesOf(request)) this.#buckets.take(key, rate, at);
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

  /** Raises an alarm when a party stops many sessions: its platform may be compromised (SEC-34). */
  #noteStop({ party, session }: LimitedRequest, now: EpochMillis): void {
    this.#forgetStops(now);
    const stopped = this.#stopped.get(party) ?? new Map<SessionKey, EpochMillis>();
    this.#stopped.set(party, stopped);
    stopped.delete(session); // so that the newest is the last one
    stopped.set(session, now);
    if (stopped.size !== this.#limits.cuts_alarm) return;
    this.#context.security.note({
      kind: 'many-sessions-stopped',
      party,
      says: `${party} stopped ${stopped.size} sessions within a minute: evenkeel halt ${party} clears its profiles`,
    });
  }

  /** Forgets what any party stopped more than a minute ago. */
  #forgetStops(now: EpochMillis): void {
    for (const [party, stopped] of this.#stopped) {
      for (const [session, at] of stopped) {
        if (now - at <= MINUTE_MS) break;
        stopped.delete(session);
      }
      if (stopped.size === 0) this.#stopped.delete(party);
    }
  }
}
