import { messageId, type SessionKey, type StationId } from '../domain/ids.ts';
import { endpointOf } from '../domain/party.ts';
import type { ActiveChargingProfile } from '../domain/profile/charging-profile.ts';
import { later, seconds } from '../domain/units.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { pushActiveChargingProfile } from '../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { writeActiveChargingProfile } from '../ocpi/chargingprofiles/translate.ts';
import type { Station } from '../ocpp/station.ts';
import { activeNow, HORIZON, isNews } from '../roles/cpo/report-active-charging-profile.ts';
import { hasOwner, type OwnSession, type Progress } from '../roles/cpo/session.ts';
import { addEvent } from '../store/sql/event.ts';
import { sessionByKey, setActiveProfile, type StoredSession } from '../store/sql/session.ts';
import { markStale, recordTold, staleSteering, type Steering, steeringOf } from '../store/sql/steering.ts';
import { coalesce } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { Places } from './places.ts';

/** Tells entitled senders what their EVSE will really do, when it changed (CP-18 to CP-25, async-flow §6). */
export interface ActiveProfilePushes {
  /** Something may have changed: read the composite schedule again, a moment later. */
  reread(key: SessionKey): void;
  /** Pushes that did not arrive: the newest value is told instead. */
  refresh(): Promise<void>;
  idle(): Promise<void>;
}

/** Several causes of one change come back to back; one question answers them all. */
const DEBOUNCE_MS = 1_000;
const MIN_GAP_MS = 10_000;
/** How long a composite schedule is waited for. */
const PATIENCE = seconds(20);

type Stored = StoredSession<OwnSession, Progress>;

export function createActiveProfilePushes(ground: Ground, places: Places, stationOf: (id: StationId) => Station | undefined): ActiveProfilePushes {
  const { store, clock, journal, metrics, peers } = ground;
  const planned = new Set<SessionKey>();
  const lastRead = new Map<SessionKey, number>();
  const lanes = coalesce<SessionKey>(readAndTell, (key, error) => ground.complain(`active profile of ${key}`, error));

  function reread(key: SessionKey): void {
    if (planned.has(key)) return;
    planned.add(key);
    const gap = (lastRead.get(key) ?? Number.NEGATIVE_INFINITY) + MIN_GAP_MS - clock.now();
    clock.after(Math.max(DEBOUNCE_MS, gap), () => {
      planned.delete(key);
      lanes.wake(key);
    });
  }

  async function readAndTell(key: SessionKey): Promise<void> {
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    const entitled = await store.all(steeringOf(key));
    if (session?.status !== 'ACTIVE') {
      lastRead.delete(key);
      return;
    }
    if (entitled.length === 0 && !session.installed) return;
    const active = await read(session);
    if (!active) return;
    lastRead.set(key, clock.now());
    await store.commit([setActiveProfile(key, active), addEvent({ at: clock.now(), kind: 'active-profile', session: key, body: writeActiveChargingProfile(active) })]);
    journal.wake();
    await Promise.all(entitled.map((steering) => tell(session, steering, active)));
  }

  async function read(session: Stored): Promise<ActiveChargingProfile | undefined> {
    const place = session.evseUid === undefined ? undefined : places.byUid(session.evseUid);
    const station = session.station && stationOf(session.station);
    if (!place || !station) return undefined; // when it is back, it is asked again
    const { evse } = place;
    const unit = session.installed?.profile.unit;
    const request = { kind: 'get-composite-schedule', evse, duration: HORIZON, unit } as const;
    const heard = await station.ask({ request, messageId: messageId(ground.draw()), deadline: later(clock.now(), PATIENCE), claim: async () => true });
    return activeNow({ heard, evse, unit, now: clock.now() });
  }

  async function tell(session: Stored, steering: Steering, active: ActiveChargingProfile): Promise<void> {
    const evse = session.evseUid === undefined ? undefined : places.byUid(session.evseUid)?.evse;
    if (!evse || !hasOwner(session.body) || !isNews({ profile: steering.told, stale: steering.stale }, active, evse)) return;
    const peer = await peers.find(steering.peer);
    const line = peer && lineTo(ground, peer);
    const base = peer && endpointOf(peer, 'chargingprofiles', 'SENDER');
    if (!peer || !line || !base) return;
    const { country_code, party_id, id, cdr_token } = session.body;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to: { countryCode: cdr_token.country_code, partyId: cdr_token.party_id } };
    const sent = await callEndpoint(line, pushActiveChargingProfile, { base, params: { session_id: id }, query: undefined, body: writeActiveChargingProfile(active), ids });
    const arrived = sent.is === 'SUCCESS';
    await store.commit([arrived ? recordTold(session.key, peer.id, { profile: active, at: clock.now() }) : markStale(session.key, peer.id)]);
    metrics.pushes.inc({ what: 'active-profile', outcome: arrived ? 'DELIVERED' : 'UNDELIVERED' });
    journal.note({ step: 'active-profile-pushed', session: session.key, peer: peer.id, outcome: arrived ? 'DELIVERED' : `UNDELIVERED (${sent.because})` });
  }

  return {
    reread,
    refresh: async () => {
      for (const { session } of await store.all(staleSteering)) reread(session);
    },
    idle: lanes.idle,
  };
}
