import { type PartyKey, partyOfSession, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Rate, TokenBuckets } from '../../domain/token-bucket.ts';
import { type EpochMillis, epochMillis, type Seconds, seconds } from '../../domain/units.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { KEEPS_PROFILES_AT_REBOOT } from '../../ocpp/quirks.ts';
import { mustPush, REVIEW_AFTER } from '../../roles/cpo/report-active-charging-profile.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { limitUnknown, limitUnknownEvent, setActiveProfileReadAt, unknownLimits, unknownLimitsAt } from '../../store/sql/active-profile.ts';
import { addEventWhileActive } from '../../store/sql/event.ts';
import { addSessionEvidence } from '../../store/sql/evidence.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { recordPushed, type Steering, steeringOf, steeringToReview } from '../../store/sql/steering.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { pushProfile, reportProfilePush } from '../exchanges/push-profile.ts';
import { PARTY_OFFLINE } from '../peers/party-connection.ts';
import {
  type ActiveProfileDependencies,
  type ActiveReading,
  completeActiveProfile,
  computeActiveProfile,
  connectedSession,
  readActiveProfile,
} from './read-active-profile.ts';
import { deviationChange, reportDeviation } from './report-deviation.ts';
import { resendProfile } from './resend-profile.ts';

/** One change often has several causes within a second: the charge point is read once for all of them. */
const DEBOUNCE_MS = 1_000;
/** How often one session is read: four times in a row, then every 10 s. A change is pushed within 5 s (CP-18), and no charge point gets endless requests. */
const READS: Rate = { burst: 4, every: seconds(10) };
/** Sessions whose reads are counted at most. */
const MOST_COUNTED = 100_000;
/** Most charge points that are read at a time: requests of peers must not wait behind them. */
const AT_ONCE = 32;

type Stored = StoredSession<OwnSession, Progress>;

/** Pushes the active profile of a session to the parties that steer it, when it changed (CP-18 to CP-25, how-a-request-runs §6). */
export class ActiveProfilePushes {
  readonly #context: Context;
  readonly #dependencies: ActiveProfileDependencies;
  /** Sessions with a read that is scheduled. */
  readonly #scheduled = new Set<SessionKey>();
  readonly #reads = new TokenBuckets(MOST_COUNTED);
  /** Sessions that were not read because their charge point was offline. */
  readonly #missed = new Map<StationId, Set<SessionKey>>();
  /** Sessions whose charge point booted since they were last read. */
  readonly #rebooted = new Set<SessionKey>();
  readonly #tasks: CoalescedTask<SessionKey>;

  constructor(context: Context, dependencies: ActiveProfileDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    this.#tasks = coalesce(context.work, { name: (key) => `active profile of ${key}`, task: (key) => this.#readAndPush(key), atOnce: AT_ONCE });
    const { metrics } = context;
    metrics.keep('scheduled reads', () => this.#scheduled.size + this.#tasks.size());
    metrics.keep('counted reads', () => this.#reads.size);
    metrics.keep('missed reads', () => [...this.#missed.values()].reduce((sum, { size }) => sum + size, 0));
    metrics.keep('rebooted sessions', () => this.#rebooted.size);
  }

  /** The active profile may have changed: reads the composite schedule again, about a second later. */
  reread(key: SessionKey): void {
    if (this.#scheduled.has(key)) return;
    this.#scheduled.add(key);
    const { clock } = this.#context;
    clock.after(Math.max(DEBOUNCE_MS, this.#reads.millisUntilToken(key, READS, clock.steady())), () => {
      this.#scheduled.delete(key);
      this.#reads.take(key, READS, clock.steady());
      this.#tasks.wake(key);
    });
  }

  /** The charge point of the session booted, and may have lost the profile: until it is read again it is unknown which limit holds. */
  async rebooted(key: SessionKey): Promise<void> {
    const { store, clock, journal } = this.#context;
    this.#rebooted.add(key);
    const now = clock.now();
    const [noted] = await store.commit([limitUnknownEvent(key, now), limitUnknown(key, now)]);
    if (noted?.changed === 1) journal.eventsCommitted();
    this.reread(key);
  }

  /** Forgets what is remembered of a session; later calls about it are harmless. */
  sessionEnded(key: SessionKey, station: StationId | undefined): void {
    this.#reads.fill(key);
    this.#rebooted.delete(key);
    const missed = station && this.#missed.get(station);
    missed?.delete(key);
    if (station && missed?.size === 0) this.#missed.delete(station);
  }

  /** See `computeActiveProfile`. */
  async compute(key: SessionKey, duration: Seconds): Promise<ActiveChargingProfile | undefined> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    return session && computeActiveProfile(this.#context, this.#dependencies, { session, duration });
  }

  /** The reported active profile of a session, from now on: a charge point may report one that begins later (F-60). */
  async complete(key: SessionKey, active: ActiveChargingProfile, duration: Seconds): Promise<ActiveChargingProfile> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    return session ? completeActiveProfile(this.#context, this.#dependencies, { session, active, duration }) : active;
  }

  async #readAndPush(key: SessionKey): Promise<void> {
    const { store, clock } = this.#context;
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    const steering = await store.all(steeringOf(key));
    if (session?.status !== 'ACTIVE') return this.sessionEnded(key, session?.station);
    // The transaction must be over (F-03): the charge point may apply its profile to the next one. Within 2 s the session ends, or goes on.
    if (session.progress?.vacated) return this.reread(key);
    const inputs = await store.all(inputsOf(key));
    const wasLimited = session.lastActiveProfile !== undefined || session.limitUnknownSince !== undefined;
    if (steering.length === 0 && inputs.length === 0 && !wasLimited) return void this.#rebooted.delete(key);
    const readAt = clock.now();
    const read = await this.#read(session);
    // The session may have ended before its charge point answered: nothing is pushed after its end.
    const still = read && (await store.first(sessionByKey<OwnSession, Progress>(key)));
    if (!read || still?.status !== 'ACTIVE') return;
    // What was asked for before the limit was in doubt does not say what holds: the cause of the doubt makes the node read once more.
    if (still.limitUnknownSince !== undefined && still.limitUnknownSince > readAt) return;
    const staysUnknown = read.refused && still.limitUnknownSince !== undefined;
    if (!staysUnknown && !(await this.#save(still, read.active, readAt))) return;
    const toldBefore = steering.filter(({ pushedProfile }) => !read.unconfirmed || pushedProfile !== undefined);
    await Promise.all(toldBefore.map((it) => this.#push(session, it, read.active)));
  }

  /** Saves what holds, with its event, its evidence and a deviation that changed; false: the session has ended, or its limit is in doubt again. */
  async #save(session: Stored, active: ActiveReading['active'], readAt: EpochMillis): Promise<boolean> {
    const { store, clock, journal } = this.#context;
    const { key, lastActiveProfile: before } = session;
    const evse = this.#evseOf(session);
    const change = evse && deviationChange({ key, before, active, evse }, clock.now());
    const [saved] = await store.commit([
      setActiveProfileReadAt(key, active, readAt),
      addEventWhileActive({ at: clock.now(), kind: 'active-profile', session: key, body: writeActiveChargingProfile(active) }),
      addSessionEvidence(key, clock.now(), { kind: 'confirmed', profile: writeActiveChargingProfile(active), ...(active.computed && { computed: true }) }),
      ...(change?.writes ?? []),
    ]);
    if (saved?.changed !== 1) return false;
    if (change) reportDeviation(this.#context, { ...change, session, active });
    journal.eventsCommitted();
    return true;
  }

  #evseOf({ evseUid }: Stored) {
    return evseUid === undefined ? undefined : this.#dependencies.evses.byUid(evseUid)?.evse;
  }

  /**
   * Reads the active profile. After a boot the session's profile is sent again first; to a charge point that keeps profiles (`KEEPS_PROFILES`)
   * only when the reading shows that the profile is lost.
   */
  async #read(session: Stored): Promise<ActiveReading | undefined> {
    const connected = connectedSession(this.#dependencies, session);
    const target = connected && this.#rebooted.delete(session.key) ? connected : undefined;
    const site = connected && this.#dependencies.limitsAt(connected.evse.uid).profile;
    if (target && !KEEPS_PROFILES_AT_REBOOT[target.station.version]) await resendProfile(this.#context, target, site);
    const read = await this.#readOrMiss(session);
    if (!target || !read?.profileMayBeLost || !KEEPS_PROFILES_AT_REBOOT[target.station.version]) return read;
    await resendProfile(this.#context, target, site);
    return this.#readOrMiss(session);
  }

  /** When the charge point is offline, the session is read when it is back. */
  async #readOrMiss(session: Stored): Promise<ActiveReading | undefined> {
    const read = await readActiveProfile(this.#context, this.#dependencies, session);
    if (read !== 'offline') return read;
    const { station, key } = session;
    if (station) this.#missed.set(station, (this.#missed.get(station) ?? new Set()).add(key));
    return undefined;
  }

  /** A charge point is connected again: reads the sessions that could not be read, also before a restart of the node (how-a-request-runs §4). */
  stationIsBack(station: StationId): void {
    const missed = this.#missed.get(station) ?? [];
    this.#missed.delete(station);
    for (const key of missed) this.reread(key);
    this.#context.work.start(`unknown limits at ${station}`, async () => {
      for (const key of await this.#context.store.all(unknownLimitsAt(station))) this.reread(key);
    });
  }

  async #push(session: Stored, steering: Steering, active: ActiveChargingProfile): Promise<void> {
    const evse = this.#evseOf(session);
    if (!evse) return;
    if (!mustPush({ profile: steering.pushedProfile, stale: steering.stale }, active, evse)) return this.#confirm(steering, active);
    const outcome = await pushProfile(this.#context, { steering, active, sessionId: session.body.id, from: partyOfSession(session.key) });
    if (outcome !== undefined) reportProfilePush(this.#context, steering, outcome === 'OFFLINE' ? `UNDELIVERED (${PARTY_OFFLINE})` : outcome);
  }

  /** The pushed profile still holds: it is reviewed next before it ends. */
  async #confirm({ session, party, pushedAt }: Steering, active: ActiveChargingProfile): Promise<void> {
    const at = this.#context.clock.now();
    if (pushedAt === undefined || at - pushedAt < REVIEW_AFTER * 1000) return;
    await this.#context.store.commit([recordPushed(session, party, { profile: active, at })]);
  }

  /** A party is connected again: pushes what it missed, as it is now. */
  async partyIsBack(party: PartyKey): Promise<void> {
    for (const it of await this.#context.store.all(steeringToReview(epochMillis(0)))) if (it.stale && it.party === party) this.reread(it.session);
  }

  /** Reads again, and pushes what is new: after pushes that failed, for pushed profiles that end soon, and for charge points that were offline. */
  async refresh(): Promise<void> {
    const before = epochMillis(this.#context.clock.now() - REVIEW_AFTER * 1000);
    for (const { session } of await this.#context.store.all(steeringToReview(before))) this.reread(session);
    for (const session of await this.#context.store.all(unknownLimits)) this.reread(session);
    for (const station of [...this.#missed.keys()]) if (this.#dependencies.stationOf(station)) this.stationIsBack(station);
  }
}
