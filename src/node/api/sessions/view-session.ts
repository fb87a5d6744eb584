import { type ExchangeState, isOpen } from '../../../domain/exchange.ts';
import { isErased } from '../../../domain/personal-data.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../../../domain/profile/schedule.ts';
import type { Abilities, StoredActiveProfile } from '../../../domain/station.ts';
import { type EpochMillis, epochMillis, toSeconds } from '../../../domain/units.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeSeconds, printDateTime } from '../../../ocpi/date-time.ts';
import type { WireLocation } from '../../../ocpi/locations/location.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { StoredLocation } from '../../../store/sql/location.ts';
import type { StoredSession } from '../../../store/sql/session.ts';
import type { StoredStation } from '../../../store/sql/station.ts';
import type { Config } from '../../config/config.ts';
import type { KnownPeer } from '../../core/known-peers.ts';
import type { EventView, ExchangeView, LimitView, LocationView, PeerView, SessionView, StationView } from './schemas.ts';

/** A session of either side, as it stands in the store. */
export type AnySession = StoredSession<OwnSession, Progress>;

/** Enough to recognise a card by, and too little to use it (SEC-25). */
export const maskUid = (uid: string): string => `****${uid.length > 8 ? uid.slice(-4) : uid.slice(Math.max(uid.length - 4, Math.ceil(uid.length / 2)))}`;

/** Where an address leads; its path and query are secrets of whoever chose them. */
export const maskUrl = (url: string): string => (URL.canParse(url) ? `${new URL(url).origin}/***` : '***');
/** A published address, without a query that may hold a key. */
const plainUrl = (url: string): string => (url.includes('?') ? `${url.slice(0, url.indexOf('?'))}?***` : url);

const maskSession = (session: OwnSession): OwnSession =>
  session.cdr_token && !isErased(session) ? { ...session, cdr_token: { ...session.cdr_token, uid: maskUid(session.cdr_token.uid) } } : session;

export function viewSession(stored: AnySession, inputs: readonly Input[], now: EpochMillis): SessionView {
  const { key, seq, peer, station, activeProfile, progress, body } = stored;
  const limit = body.status === 'ACTIVE' ? limitOf(stored, inputs, now) : undefined;
  return {
    key,
    seq,
    side: peer === undefined ? 'own' : 'foreign',
    ...(peer !== undefined && { peer }),
    ...(station !== undefined && { station }),
    ...(limit && { limit }),
    ...(body.status === 'ACTIVE' && progress?.power !== undefined && { power: progress.power }),
    inputs: inputs.map(({ by, state, profile }) => ({ by, state, charging_profile: writeChargingProfile(profile) })),
    ...(activeProfile && viewActive(activeProfile)),
    session: maskSession(body),
  };
}

function viewActive(active: StoredActiveProfile): Pick<SessionView, 'active_charging_profile' | 'active_charging_profile_computed' | 'deviation'> {
  const { computed, deviation } = active;
  const said = writeActiveChargingProfile(active);
  return {
    active_charging_profile: said,
    ...(computed && { active_charging_profile_computed: computed }),
    ...(deviation && { deviation: { how: deviation.how, said, computed: writeActiveChargingProfile(deviation.computed) } }),
  };
}

/** What the EVSE said it will stay below now; the lowest that we believe to be installed, when it said nothing about this moment. */
function limitOf({ activeProfile, body }: AnySession, inputs: readonly Input[], now: EpochMillis): LimitView | undefined {
  const [first, ...others] = inputs.flatMap(({ profile }) => limitNow(profile, body, now) ?? []);
  return limitNow(activeProfile, body, now) ?? (first && others.reduce((a, b) => (b.unit === a.unit && b.limit < a.limit ? b : a), first));
}
function limitNow(profile: ActiveChargingProfile | ChargingProfile | undefined, { start_date_time }: OwnSession, now: EpochMillis): LimitView | undefined {
  if (!profile) return undefined;
  const limit = limitAt(scheduleOf<Limit>(profile, dateTimeSeconds(start_date_time) ?? toSeconds(now)), toSeconds(now));
  return limit === undefined ? undefined : { limit, unit: profile.unit };
}

/** `hideUrl` makes of the encrypted response_url what may be seen of it. */
export function viewExchange(stored: StoredExchange, hideUrl: (encrypted: string) => string): ExchangeView {
  const { id, seq, ask, side, session, peer, station, state, reason, outcome, encryptedUrl, sentAt, endedAt } = stored;
  const word = outcomeOf(stored);
  return {
    id,
    seq,
    kind: ask.kind,
    side,
    session,
    ...(side !== 'own' && { peer }),
    ...(station !== undefined && { station }),
    state,
    open: isOpen(state),
    ...(word !== undefined && { outcome: word }),
    ...(reason !== undefined && { reason }),
    ...(ask.kind === 'set' && { charging_profile: writeChargingProfile(ask.profile) }),
    ...(ask.kind === 'get' && { duration: ask.duration }),
    ...(outcome?.profile && { active_charging_profile: writeActiveChargingProfile(outcome.profile) }),
    ...(outcome?.computed && { computed: true }),
    accepted_at: printDateTime(stored.acceptedAt),
    deadline: printDateTime(stored.deadline),
    ...(sentAt !== undefined && { sent_at: printDateTime(sentAt) }),
    ...(endedAt !== undefined && { ended_at: printDateTime(endedAt) }),
    request_id: stored.requestId,
    correlation_id: stored.correlationId,
    ...(encryptedUrl !== undefined && { response_url: hideUrl(encryptedUrl) }),
  };
}

/** The word that an exchange ended with; none while it is open. A result stands before whether it could be delivered. */
export function outcomeOf({ state, result }: { state: ExchangeState; result?: ExchangeView['outcome'] | undefined }): ExchangeView['outcome'] {
  if (isOpen(state)) return undefined;
  if (state === 'CANCELLED') return 'CANCELLED';
  if (state === 'UNCERTAIN' || state === 'TIMED_OUT') return 'UNCERTAIN';
  return result ?? 'UNCERTAIN';
}

export const viewLocation = ({ key, seq, peer, body }: StoredLocation<WireLocation>): LocationView => ({
  key,
  seq,
  side: peer === undefined ? 'own' : 'foreign',
  ...(peer !== undefined && { peer }),
  location: body,
});

export const viewPeer = (peer: KnownPeer): PeerView => ({
  id: peer.id,
  status: peer.status,
  ...(peer.edition !== undefined && { edition: peer.edition }),
  roles: peer.roles.map(({ role, country_code, party_id, business_details: { name } }) => ({ role, country_code, party_id, name })),
  modules: peer.endpoints.map(({ identifier, role, url }) => ({ identifier, role, url: plainUrl(url) })),
  ...(peer.registeredAt !== undefined && { registered_at: printDateTime(epochMillis(peer.registeredAt)) }),
});

export function viewStation(point: Config['charge_points'][number], told: StoredStation<Abilities> | undefined): StationView {
  const { vendor, model, firmware, abilities } = told ?? {};
  return {
    id: point.id,
    online: told?.online ?? false,
    location_id: point.location_id,
    evses: point.evses.map(({ uid, evse_id, power_type }) => ({ uid, evse_id, power_type })),
    ...(told && { ocpp: told.version, seen_at: printDateTime(told.seenAt) }),
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
    ...(firmware !== undefined && { firmware }),
    ...(abilities && { smart_charging: abilities.smartCharging, units: [...abilities.units] }),
  };
}

/** An event of the store as others may see it; undefined for a kind that is not told. */
export function viewEvent({ seq, at, kind, session = '', exchange = '', body }: StoredEvent): Exclude<EventView, { kind: 'gap' }> | undefined {
  const told = { id: seq, at: printDateTime(epochMillis(at)), session };
  switch (kind) {
    case 'session': {
      const wire: OwnSession = JSON.parse(body);
      return { ...told, kind, data: maskSession(wire) };
    }
    case 'active-profile': {
      const active: ReturnType<typeof writeActiveChargingProfile> = JSON.parse(body);
      return { ...told, kind, data: active };
    }
    case 'deviation': {
      const found: Extract<EventView, { kind: 'deviation' }>['data'] = JSON.parse(body);
      return { ...told, kind, data: found };
    }
    case 'exchange':
      return { ...told, kind, data: viewEnd(exchange, JSON.parse(body)) };
    case 'security':
      return { id: seq, kind, at: told.at, data: JSON.parse(body) };
    default:
      return undefined;
  }
}

type Ended = Extract<EventView, { kind: 'exchange' }>['data'];
function viewEnd(exchange: string, end: Omit<Ended, 'exchange' | 'outcome'> & { result?: NonNullable<Ended['outcome']> }): Ended {
  const { kind, side, peer, state, reason, result } = end;
  const word = outcomeOf({ state, result });
  return {
    exchange,
    kind,
    side,
    ...(side !== 'own' && peer !== undefined && { peer }),
    state,
    ...(word !== undefined && { outcome: word }),
    ...(reason !== undefined && { reason }),
  };
}
