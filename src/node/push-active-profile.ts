import { messageId, type PartyKey, partyName, partyOfSession, type SessionKey, type StationId } from '../domain/ids.ts';
import { profileIdOf } from '../domain/numbers.ts';
import { endpointOf } from '../domain/party.ts';
import type { ActiveChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { epochMillis, later, seconds } from '../domain/units.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { pushActiveChargingProfile } from '../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { writeActiveChargingProfile } from '../ocpi/chargingprofiles/translate.ts';
import type { Station } from '../ocpp/station.ts';
import { activeNow, HORIZON, isNews, REVIEW_AFTER } from '../roles/cpo/report-active-charging-profile.ts';
import type { OwnSession, Progress } from '../roles/cpo/session.ts';
import { addEvent } from '../store/sql/event.ts';
import { inputsOf } from '../store/sql/input.ts';
import { type StoredSession, sessionByKey, setActiveProfile } from '../store/sql/session.ts';
import { markStale, recordTold, type Steering, steeringOf, steeringToReview } from '../store/sql/steering.ts';
import { coalesce, type Lanes } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { Places } from './places.ts';
import { awayOf, HEARERS, PARTY_OFFLINE } from './reach.ts';

/** Several causes of one change come back to back; one question answers them all. */
const DEBOUNCE_MS = 1_000;
const MIN_GAP_MS = 10_000;
/** Sessions that were set in one second are not read again in one second. */
const splayOf = (key: SessionKey) => profileIdOf(key) % 2_000;
/** Charge points asked at a time, so that requests of peers find their way between. */
const AT_ONCE = 8;
/** How long a composite schedule is waited for. */
const PATIENCE = seconds(20);

type Stored = StoredSession<OwnSession, Progress>;

/** Tells entitled senders what their EVSE will really do, when it changed (CP-18 to CP-25, async-flow §6). */
export class ActiveProfilePushes {
  readonly #ground: Ground;
  readonly #places: Places;
  readonly #stationOf: (id: StationId) => Station | undefined;
  readonly #planned = new Set<SessionKey>();
  readonly #lastRead = new Map<SessionKey, number>();
  /** Sessions that could not be read because their charge point was away. */
  readonly #owed = new Map<StationId, Set<SessionKey>>();
  readonly #lanes: Lanes<SessionKey>;

  constructor(ground: Ground, places: Places, stationOf: (id: StationId) => Station | undefined) {
    this.#ground = ground;
    this.#places = places;
    this.#stationOf = stationOf;
    this.#lanes = coalesce(
      (key) => this.#readAndTell(key),
      (key, error) => ground.complain(`active profile of ${key}`, error),
      AT_ONCE,
    );
  }

  /** Something may have changed: read the composite schedule again, a moment later. */
  reread(key: SessionKey): void {
    if (this.#planned.has(key)) return;
    this.#planned.add(key);
    const gap = (this.#lastRead.get(key) ?? Number.NEGATIVE_INFINITY) + MIN_GAP_MS + splayOf(key) - this.#ground.clock.now();
    this.#ground.clock.after(Math.max(DEBOUNCE_MS, gap), () => {
      this.#planned.delete(key);
      this.#lanes.wake(key);
    });
  }

  async #readAndTell(key: SessionKey): Promise<void> {
    const session = await this.#ground.store.first(sessionByKey<OwnSession, Progress>(key));
    const entitled = await this.#ground.store.all(steeringOf(key));
    if (session?.status !== 'ACTIVE') {
      this.#lastRead.delete(key);
      return;
    }
    const inputs = await this.#ground.store.all(inputsOf(key));
    if (entitled.length === 0 && inputs.length === 0) return;
    const active = await this.#read(session, inputs[0]?.profile.unit);
    // The session may have ended while its charge point thought about the question; after its end nothing is told.
    const still = active && (await this.#ground.store.first(sessionByKey<OwnSession, Progress>(key)));
    if (!active || still?.status !== 'ACTIVE') return;
    this.#lastRead.set(key, this.#ground.clock.now());
    await this.#ground.store.commit([
      setActiveProfile(key, active),
      addEvent({ at: this.#ground.clock.now(), kind: 'active-profile', session: key, body: writeActiveChargingProfile(active) }),
    ]);
    this.#ground.journal.wake();
    await Promise.all(entitled.map((steering) => this.#tell(session, steering, active)));
  }

  async #read(session: Stored, unit: RateUnit | undefined): Promise<ActiveChargingProfile | undefined> {
    const place = session.evseUid === undefined ? undefined : this.#places.byUid(session.evseUid);
    const station = session.station && this.#stationOf(session.station);
    if (!place || !session.station) return undefined;
    if (!station) return this.#owe(session.station, session.key);
    const { evse } = place;
    const request = { kind: 'get-composite-schedule', evse, duration: HORIZON, unit } as const;
    const heard = await station.ask({
      request,
      messageId: messageId(this.#ground.draw()),
      deadline: later(this.#ground.clock.now(), PATIENCE),
      claim: async () => true,
    });
    if (heard.is === 'NOT_SENT' || heard.is === 'SILENT') return this.#owe(session.station, session.key);
    return activeNow({ heard, evse, unit, now: this.#ground.clock.now() });
  }

  /** When the charge point is back, it is asked again. */
  #owe(station: StationId, key: SessionKey): undefined {
    this.#owed.set(station, (this.#owed.get(station) ?? new Set()).add(key));
  }

  /** A charge point is there again: what could not be read is read now (async-flow §4). */
  stationIsBack(station: StationId): void {
    const owed = this.#owed.get(station) ?? [];
    this.#owed.delete(station);
    for (const key of owed) this.reread(key);
  }

  async #tell(session: Stored, steering: Steering, active: ActiveChargingProfile): Promise<void> {
    const evse = session.evseUid === undefined ? undefined : this.#places.byUid(session.evseUid)?.evse;
    if (!evse) return;
    if (!isNews({ profile: steering.told, stale: steering.stale }, active, evse)) return this.#confirm(steering, active);
    const peer = await this.#ground.peers.find(steering.peer);
    const line = peer && lineTo(this.#ground, peer);
    const base = peer && endpointOf(peer, 'chargingprofiles', 'SENDER');
    if (!peer || !line || !base) return;
    if (awayOf(peer, steering.party, HEARERS)) {
      // Owed, but not put by: what holds when it is back is told then (HCI-01, HCI-02).
      await this.#ground.store.commit([markStale(session.key, steering.party)]);
      return this.#note(session, steering, `UNDELIVERED (${PARTY_OFFLINE})`);
    }
    const ids = { from: partyName(partyOfSession(session.key)), to: partyName(steering.party) };
    const sent = await callEndpoint(line, pushActiveChargingProfile, {
      base,
      params: { session_id: session.body.id },
      query: undefined,
      body: writeActiveChargingProfile(active),
      ids,
    });
    const arrived = sent.is === 'SUCCESS';
    await this.#ground.store.commit([
      arrived ? recordTold(session.key, steering.party, { profile: active, at: this.#ground.clock.now() }) : markStale(session.key, steering.party),
    ]);
    this.#note(session, steering, arrived ? 'DELIVERED' : `UNDELIVERED (${sent.because})`);
  }

  #note({ key: session }: Stored, { peer, party }: Steering, outcome: string): void {
    this.#ground.metrics.pushes.inc({ what: 'active-profile', outcome: outcome === 'DELIVERED' ? outcome : 'UNDELIVERED' });
    this.#ground.journal.note({ step: 'active-profile-pushed', session, peer, party, outcome });
  }

  /** What was told goes on: it need not be looked at again before this is over. */
  async #confirm({ session, party, toldAt }: Steering, active: ActiveChargingProfile): Promise<void> {
    const at = this.#ground.clock.now();
    if (toldAt === undefined || at - toldAt < REVIEW_AFTER * 1000) return;
    await this.#ground.store.commit([recordTold(session, party, { profile: active, at })]);
  }

  /** A party is back: what it is owed is read now, and told. */
  async owedTo(party: PartyKey): Promise<void> {
    for (const it of await this.#ground.store.all(steeringToReview(epochMillis(0)))) if (it.stale && it.party === party) this.reread(it.session);
  }

  /** Pushes that did not arrive, and those that look ahead no longer: what holds now is read, and told if it is news. */
  async refresh(): Promise<void> {
    const before = epochMillis(this.#ground.clock.now() - REVIEW_AFTER * 1000);
    for (const { session } of await this.#ground.store.all(steeringToReview(before))) this.reread(session);
  }
}
