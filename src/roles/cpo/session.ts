import type { Evse } from '../../domain/evse.ts';
import type { Reading, StationEvent } from '../../domain/station.ts';
import { type EpochMillis, epochMillis, type WattHours, wattHours } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';

type CdrToken = WireSession['cdr_token'];

/** A session at a charge point of this node. Without `cdr_token` it has no owner yet, and only the operator may see it. */
export type OwnSession = Omit<WireSession, 'cdr_token'> & { cdr_token?: CdrToken };
/** Whether the session has an owner: the party of its token. */
export const hasOwner = (session: OwnSession): session is WireSession => session.cdr_token !== undefined;

/** The state of a session that the Session object of OCPI does not have. Stored as JSON. */
export interface Progress {
  /** Distinguishes this start from other starts at the same charge point. */
  mark?: string;
  /** The start of the transaction; charging may start later. */
  started?: EpochMillis;
  /** The charge point reported last that it suspends charging. */
  suspended?: boolean;
  meterStart?: WattHours;
  register?: WattHours;
  /** The start of the open charging period, with the meter register at that moment. */
  period: { since: EpochMillis; register?: WattHours };
  power?: number;
  offered?: { unit: 'A' | 'W'; limit: number };
}

/** A session with its progress. */
export interface TrackedSession {
  wire: OwnSession;
  progress: Progress;
}

/** The authorization of an eMSP after a real-time request, with its reference if it gave one (OCPI 2.2.1 §12.3.1). */
export interface AuthorizationGrant {
  reference?: string;
}

/** The party, the location and the EVSE of a session. */
export interface SessionLocation {
  countryCode: string;
  partyId: string;
  currency: string;
  locationId: string;
  evse: Evse | undefined;
}

/** The minimum length of a charging period and their maximum number (SES-19). */
const PERIOD_MS = 5 * 60_000;
const MOST_PERIODS = 200;
/** The EVSE and connector of a reservation, and of a session whose EVSE is not known yet (SES-16). */
const UNASSIGNED = '#NA';

type Started = Extract<StationEvent, { kind: 'transaction-started' }>;
type Updated = Extract<StationEvent, { kind: 'transaction-updated' }>;
type Ended = Extract<StationEvent, { kind: 'transaction-ended' }>;

/** What a new session is made of. */
interface Opening {
  at: EpochMillis;
  token: CdrToken | undefined;
  now: EpochMillis;
  grant?: AuthorizationGrant;
}

/** Starts a session with a transaction: PENDING until it has a token and an EVSE and the car charges, then ACTIVE (SES-14). */
export function begin(id: string, place: SessionLocation, event: Started & Opening): TrackedSession {
  return activate(measure(open(id, place, event), event.readings), event.charging, event.at);
}

function open(id: string, place: SessionLocation, event: Opening): TrackedSession {
  const at = printDateTime(event.at);
  const wire: OwnSession = {
    country_code: place.countryCode,
    party_id: place.partyId,
    id,
    start_date_time: at,
    kwh: 0,
    ...(event.token && { cdr_token: event.token }),
    auth_method: 'WHITELIST',
    ...authorizedBy(event.grant),
    location_id: place.locationId,
    evse_uid: place.evse?.uid ?? UNASSIGNED,
    connector_id: place.evse ? String(place.evse.connectorId) : UNASSIGNED,
    currency: place.currency,
    status: 'PENDING',
    last_updated: printDateTime(event.now),
  };
  return { wire, progress: { period: { since: event.at }, started: event.at } };
}

/** Starts a session with a reservation, before the car arrives (SES-10). */
export function reserve(id: string, place: SessionLocation, reserved: { token: CdrToken; now: EpochMillis; reference?: string }): TrackedSession {
  const { token, now } = reserved;
  const { wire, progress } = open(id, place, { at: now, token, now });
  return { wire: { ...wire, status: 'RESERVATION', ...(reserved.reference && { authorization_reference: reserved.reference }) }, progress };
}

/** Continues a reservation as the session of its transaction, under the same id (SES-12). */
export function useReservation(
  { wire, progress }: TrackedSession,
  place: SessionLocation,
  event: Started & { now: EpochMillis; grant?: AuthorizationGrant },
): TrackedSession {
  const used = {
    ...wire,
    ...authorizedBy(event.grant),
    status: 'PENDING',
    evse_uid: place.evse?.uid ?? wire.evse_uid,
    connector_id: place.evse ? String(place.evse.connectorId) : wire.connector_id,
  } as const;
  return touch(
    activate(measure({ wire: used, progress: { ...progress, period: { since: event.at }, started: event.at } }, event.readings), event.charging, event.at),
    event.now,
  );
}

/** Applies an update of a transaction. `wire` stays the same object when nothing in it changed; after the end nothing changes (SES-17). */
export function proceed(
  session: TrackedSession,
  event: Updated,
  more: { token: CdrToken | undefined; grant?: AuthorizationGrant; place: SessionLocation; now: EpochMillis },
): TrackedSession {
  if (isOver(session.wire)) return session;
  const { wire } = session;
  const evse = wire.evse_uid === UNASSIGNED ? more.place.evse : undefined;
  const known: OwnSession = {
    ...wire,
    ...(more.token && !wire.cdr_token && { cdr_token: more.token, ...authorizedBy(more.grant) }),
    ...(evse && { evse_uid: evse.uid, connector_id: String(evse.connectorId) }),
  };
  const progress = event.suspendedByEvse === undefined ? session.progress : { ...session.progress, suspended: event.suspendedByEvse };
  const next = activate(measure({ wire: known, progress }, event.readings), event.charging === true, event.at);
  return sameWire(next.wire, wire) ? { wire, progress: next.progress } : touch(next, more.now);
}

/** Ends a session with the last energy; afterwards nothing changes (SES-17). A session that was never ACTIVE and has no energy becomes INVALID (SES-21). */
export function complete(session: TrackedSession, event: Pick<Ended, 'at' | 'readings'>, now: EpochMillis): TrackedSession {
  if (isOver(session.wire)) return session;
  const measured = closePeriod(measure(session, event.readings), event.at);
  const status = session.wire.status === 'PENDING' && measured.wire.kwh === 0 ? 'INVALID' : 'COMPLETED';
  return touch({ ...measured, wire: { ...measured.wire, status, end_date_time: printDateTime(event.at) } }, now);
}

/** A new reference replaces the one of the reservation (OCPI 2.2.1 §9.3.1). */
const authorizedBy = (grant: AuthorizationGrant | undefined) =>
  grant && { auth_method: 'AUTH_REQUEST' as const, ...(grant.reference !== undefined && { authorization_reference: grant.reference }) };

/** Whether the session has ended: COMPLETED and INVALID are final. */
export const isOver = (wire: { status: string }): boolean => wire.status === 'COMPLETED' || wire.status === 'INVALID';

function activate(session: TrackedSession, charges: boolean, at: EpochMillis): TrackedSession {
  const { wire } = session;
  if (wire.status !== 'PENDING' || !charges || !hasOwner(wire) || wire.evse_uid === UNASSIGNED) return session;
  return { ...session, wire: { ...wire, status: 'ACTIVE', start_date_time: printDateTime(at) } };
}

function measure(session: TrackedSession, readings: readonly Reading[]): TrackedSession {
  return readings.reduce(addReading, session);
}

function addReading({ wire, progress }: TrackedSession, reading: Reading): TrackedSession {
  const read: Progress = {
    ...progress,
    ...(reading.power !== undefined && { power: reading.power }),
    ...(reading.currentOffered !== undefined
      ? { offered: { unit: 'A', limit: reading.currentOffered } }
      : reading.powerOffered !== undefined
        ? { offered: { unit: 'W', limit: reading.powerOffered } }
        : {}),
  };
  if (reading.energy === undefined) return { wire, progress: read };
  const meterStart = read.meterStart ?? reading.energy;
  // A lower register means a replaced or reset meter; the energy of the session never decreases.
  const register = wattHours(Math.max(reading.energy, read.register ?? reading.energy));
  const next: TrackedSession = {
    wire: { ...wire, kwh: kilowattHours(register - meterStart) },
    progress: { ...read, meterStart, register, period: { register: meterStart, ...read.period } },
  };
  return reading.at - next.progress.period.since >= PERIOD_MS ? closePeriod(next, reading.at) : next;
}

/** Closes the open charging period with its energy and opens the next one. */
function closePeriod({ wire, progress }: TrackedSession, at: EpochMillis): TrackedSession {
  const { period, register } = progress;
  const periods = wire.charging_periods ?? [];
  if (register === undefined || periods.length >= MOST_PERIODS) return { wire, progress };
  const energy = register - (period.register ?? register);
  if (energy <= 0) return { wire, progress };
  const closed = { start_date_time: printDateTime(period.since), dimensions: [{ type: 'ENERGY' as const, volume: kilowattHours(energy) }] };
  return {
    wire: { ...wire, charging_periods: [...periods, closed] },
    progress: { ...progress, period: { since: at, register } },
  };
}

const kilowattHours = (energy: number) => Math.round(energy * 10) / 10_000;
const sameWire = (a: OwnSession, b: OwnSession) => JSON.stringify(a) === JSON.stringify(b);

/** Sets last_updated later than before, also within the same millisecond. */
function touch(session: TrackedSession, now: EpochMillis): TrackedSession {
  const before = dateTimeMillis(session.wire.last_updated) ?? now;
  return { ...session, wire: { ...session.wire, last_updated: printDateTime(epochMillis(Math.max(now, before + 1))) } };
}

/**
 * Whether an update of a transaction may mean that the limit of the EVSE changed: the charge point reports it, suspends or resumes
 * charging, or offers another current or power than before (ocpi-to-ocpp §7).
 */
export function limitMayHaveChanged(event: Updated, before: Progress, after: Progress): boolean {
  return event.rateChanged === true || (before.suspended ?? false) !== (after.suspended ?? false) || !sameOffer(before.offered, after.offered);
}

const sameOffer = (one: Progress['offered'], other: Progress['offered']) => one?.unit === other?.unit && one?.limit === other?.limit;
