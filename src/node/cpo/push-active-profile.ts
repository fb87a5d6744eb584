import { type FullAt, type Rate, taken, waitFor } from '../../domain/bucket.ts';
import { type PartyKey, partyName, partyOfSession, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { epochMillis, type Seconds, seconds } from '../../domain/units.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { pushActiveChargingProfile } from '../../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { KEEPS_PROFILES } from '../../ocpp/quirks.ts';
import { isNews, REVIEW_AFTER } from '../../roles/cpo/report-active-charging-profile.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { addEvent } from '../../store/sql/event.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { type StoredSession, sessionByKey, setActiveProfile } from '../../store/sql/session.ts';
import { markStale, recordTold, type Steering, steeringOf, steeringToReview } from '../../store/sql/steering.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, PARTY_OFFLINE, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientFor } from '../peers/peer-client.ts';
import { type ActiveProfileDependencies, ActiveProfileReader, type ActiveReading } from './read-active-profile.ts';
import { deviationEvents, reportDeviation } from './report-deviation.ts';
import { resendProfile } from './resend-profile.ts';

/** Several causes of one change come back to back; one question answers them all. */
const DEBOUNCE_MS = 1_000;
/**
 * How often one session is read: a few causes in a row are told at once, whoever goes on causing is told every ten seconds. So what
 * changes is told within five seconds (CP-18), and no station is asked without end.
 */
const READS: Rate = { burst: 4, every: seconds(10) };
/** Charge points asked at a time, so that requests of peers find their way between. */
const AT_ONCE = 32;

type Stored = StoredSession<OwnSession, Progress>;

/** Tells entitled senders what their EVSE will really do, when it changed (CP-18 to CP-25, how-a-request-runs §6). */
export class ActiveProfilePushes {
  readonly #context: Context;
  readonly #tools: ActiveProfileDependencies;
  readonly #reader: ActiveProfileReader;
  readonly #planned = new Set<SessionKey>();
  readonly #reads = new Map<SessionKey, FullAt>();
  /** Sessions that could not be read because their charge point was away. */
  readonly #owed = new Map<StationId, Set<SessionKey>>();
  /** Sessions whose charge point booted since they were last read. */
  readonly #rebooted = new Set<SessionKey>();
  readonly #tasks: CoalescedTask<SessionKey>;

  constructor(context: Context, tools: ActiveProfileDependencies) {
    this.#context = context;
    this.#tools = tools;
    this.#reader = new ActiveProfileReader(context, tools);
    this.#tasks = coalesce(
      (key) => this.#readAndTell(key),
      (key, error) => context.reportError(`active profile of ${key}`, error),
      AT_ONCE,
    );
  }

  /** Something may have changed: read the composite schedule again, a moment later. */
  reread(key: SessionKey): void {
    if (this.#planned.has(key)) return;
    this.#planned.add(key);
    const { clock } = this.#context;
    clock.after(Math.max(DEBOUNCE_MS, waitFor(this.#reads.get(key), READS, clock.now())), () => {
      this.#planned.delete(key);
      this.#reads.set(key, taken(this.#reads.get(key), READS, clock.now()));
      this.#tasks.wake(key);
    });
  }

  /** Its charge point booted, and may have forgotten the profile. */
  rebooted(key: SessionKey): void {
    this.#rebooted.add(key);
    this.reread(key);
  }

  /** What the node computes for a charge point that cannot tell. */
  compute(key: SessionKey, duration: Seconds): Promise<ActiveChargingProfile | undefined> {
    return this.#reader.compute(key, duration);
  }

  async #readAndTell(key: SessionKey): Promise<void> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    const entitled = await this.#context.store.all(steeringOf(key));
    if (session?.status !== 'ACTIVE') {
      this.#reads.delete(key);
      this.#rebooted.delete(key);
      return;
    }
    const inputs = await this.#context.store.all(inputsOf(key));
    if (entitled.length === 0 && inputs.length === 0) return void this.#rebooted.delete(key);
    const read = await this.#read(session);
    // The session may have ended while its charge point thought about the question; after its end nothing is told.
    const still = read && (await this.#context.store.first(sessionByKey<OwnSession, Progress>(key)));
    if (!read || still?.status !== 'ACTIVE') return;
    const { active } = read;
    const evse = session.evseUid === undefined ? undefined : this.#tools.evses.byUid(session.evseUid)?.evse;
    const turn = evse && deviationEvents({ key, before: still.activeProfile, active, evse }, this.#context.clock.now());
    await this.#context.store.commit([
      setActiveProfile(key, active),
      addEvent({ at: this.#context.clock.now(), kind: 'active-profile', session: key, body: writeActiveChargingProfile(active) }),
      ...(turn?.writes ?? []),
    ]);
    if (turn) reportDeviation(this.#context, { ...turn, session: still, active });
    this.#context.journal.wake();
    await Promise.all(entitled.map((steering) => this.#tell(session, steering, active)));
  }

  /** Reads, and sends again first, or when that shows, what a boot has cost the charge point. */
  async #read(session: Stored): Promise<ActiveReading | undefined> {
    const station = session.station && this.#tools.stationOf(session.station);
    const evse = session.evseUid === undefined ? undefined : this.#tools.evses.byUid(session.evseUid)?.evse;
    const hasBooted = station !== undefined && this.#rebooted.delete(session.key);
    const target = hasBooted && evse ? { session, station, evse } : undefined;
    const site = evse && this.#tools.limitsAt(evse.uid).profile;
    if (target && !KEEPS_PROFILES[target.station.version]) await resendProfile(this.#context, target, site);
    const read = await this.#reader.read(session);
    if (read === 'away') return this.#owe(session);
    if (!target || !read?.mayBeGone || !KEEPS_PROFILES[target.station.version]) return read;
    await resendProfile(this.#context, target, site);
    const again = await this.#reader.read(session);
    return again === 'away' ? this.#owe(session) : again;
  }

  /** When the charge point is back, it is asked again. */
  #owe({ station, key }: Stored): undefined {
    if (station) this.#owed.set(station, (this.#owed.get(station) ?? new Set()).add(key));
  }

  /** A charge point is there again: what could not be read is read now (how-a-request-runs §4). */
  stationIsBack(station: StationId): void {
    const owed = this.#owed.get(station) ?? [];
    this.#owed.delete(station);
    for (const key of owed) this.reread(key);
  }

  async #tell(session: Stored, steering: Steering, active: ActiveChargingProfile): Promise<void> {
    const evse = session.evseUid === undefined ? undefined : this.#tools.evses.byUid(session.evseUid)?.evse;
    if (!evse) return;
    if (!isNews({ profile: steering.told, stale: steering.stale }, active, evse)) return this.#confirm(steering, active);
    const to = clientFor(this.#context, await this.#context.peers.find(steering.peer), { module: 'chargingprofiles', role: 'SENDER' });
    if (!to) return;
    const { peer, client, base } = to;
    if (offlineParty(peer, steering.party, RECEIVING_ROLES)) {
      // Owed, but not put by: what holds when it is back is told then (HCI-01, HCI-02).
      await this.#context.store.commit([markStale(session.key, steering.party)]);
      return this.#note(session, steering, `UNDELIVERED (${PARTY_OFFLINE})`);
    }
    const ids = { from: partyName(partyOfSession(session.key)), to: partyName(steering.party) };
    const sent = await callEndpoint(client, pushActiveChargingProfile, {
      base,
      params: { session_id: session.body.id },
      query: undefined,
      body: writeActiveChargingProfile(active),
      ids,
    });
    const arrived = sent.is === 'SUCCESS';
    await this.#context.store.commit([
      arrived ? recordTold(session.key, steering.party, { profile: active, at: this.#context.clock.now() }) : markStale(session.key, steering.party),
    ]);
    this.#note(session, steering, arrived ? 'DELIVERED' : `UNDELIVERED (${sent.because})`);
  }

  #note({ key: session }: Stored, { peer, party }: Steering, outcome: string): void {
    this.#context.metrics.pushes.inc({ what: 'active-profile', outcome: outcome === 'DELIVERED' ? outcome : 'UNDELIVERED' });
    this.#context.journal.note({ step: 'active-profile-pushed', session, peer, party, outcome });
  }

  /** What was told goes on: it need not be looked at again before this is over. */
  async #confirm({ session, party, toldAt }: Steering, active: ActiveChargingProfile): Promise<void> {
    const at = this.#context.clock.now();
    if (toldAt === undefined || at - toldAt < REVIEW_AFTER * 1000) return;
    await this.#context.store.commit([recordTold(session, party, { profile: active, at })]);
  }

  /** A party is back: what it is owed is read now, and told. */
  async partyIsBack(party: PartyKey): Promise<void> {
    for (const it of await this.#context.store.all(steeringToReview(epochMillis(0)))) if (it.stale && it.party === party) this.reread(it.session);
  }

  /** Pushes that did not arrive, those that look ahead no longer, charge points that were silent: what holds now is read, and told if it is news. */
  async refresh(): Promise<void> {
    const before = epochMillis(this.#context.clock.now() - REVIEW_AFTER * 1000);
    for (const { session } of await this.#context.store.all(steeringToReview(before))) this.reread(session);
    for (const station of [...this.#owed.keys()]) if (this.#tools.stationOf(station)) this.stationIsBack(station);
  }
}
