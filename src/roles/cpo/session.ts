import type { Evse } from '../../domain/evse.ts';
import type { Reading, StationEvent } from '../../domain/station.ts';
import { type EpochMillis, epochMillis, type WattHours, wattHours } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';

type CdrToken = WireSession['cdr_token'];

/** A session of our own charge point; without `cdr_token` it has no owner yet, and only the operator sees it. */
export type OwnSession = Omit<WireSession, 'cdr_token'> & { cdr_token?: CdrToken };
export const hasOwner = (session: OwnSession): session is WireSession => session.cdr_token !== undefined;

/** What the next meter reading is measured against. */
export interface Progress {
  /** What tells this start from any other at the same charge point. */
  mark?: string;
  /** When the transaction began; charging may begin later. */
  started?: EpochMillis;
  /** The charge point last said that it holds the car back. */
  suspended?: boolean;
  meterStart?: WattHours;
  register?: WattHours;
  /** Where the charging period that is not closed yet began. */
  period: { since: EpochMillis; register?: WattHours };
  power?: number;
  offered?: { unit: 'A' | 'W'; limit: number };
}

/** A session with what its node knows beside the wire object. */
export interface TrackedSession {
  wire: OwnSession;
  progress: Progress;
}

/** An eMSP was asked and said yes; `reference` is its own name for that (OCPI 2.2.1 §12.3.1). */
export interface AuthorizationGrant {
  reference?: string;
}

/** Where a session takes place. */
export interface SessionLocation {
  countryCode: string;
  partyId: string;
  currency: string;
  locationId: string;
  evse: Evse | undefined;
}

/** Enough charging periods, but not too many (SES-19). */
const PERIOD_MS = 5 * 60_000;
const MOST_PERIODS = 200;
/** Only reservations, and sessions whose EVSE is not told yet, may say this (SES-16). */
const UNASSIGNED = '#NA';

type Started = Extract<StationEvent, { kind: 'transaction-started' }>;
type Updated = Extract<StationEvent, { kind: 'transaction-updated' }>;
type Ended = Extract<StationEvent, { kind: 'transaction-ended' }>;

/** A transaction began: PENDING until a token is accepted and the car is connected, then ACTIVE (SES-14). */
export function begin(
  id: string,
  place: SessionLocation,
  event: Started & { token: CdrToken | undefined; now: EpochMillis; grant?: AuthorizationGrant },
): TrackedSession {
  const at = printDateTime(event.at);
  const wire: OwnSession = {
    country_code: place.countryCode,
    party_id: place.partyId,
    id,
    start_date_time: at,
    kwh: 0,
    ...(event.token && { cdr_token: event.token }),
    auth_method: 'WHITELIST',
    ...granted(event.grant),
    location_id: place.locationId,
    evse_uid: place.evse?.uid ?? UNASSIGNED,
    connector_id: place.evse ? String(place.evse.connectorId) : UNASSIGNED,
    currency: place.currency,
    status: 'PENDING',
    last_updated: printDateTime(event.now),
  };
  return activate(measure({ wire, progress: { period: { since: event.at }, started: event.at } }, event.readings), event.charging, event.at);
}

/** A reserved EVSE: the session exists before the car does (SES-10). */
export function reserve(id: string, place: SessionLocation, reserved: { token: CdrToken; now: EpochMillis; reference?: string }): TrackedSession {
  const started: Started & { token: CdrToken; now: EpochMillis } = {
    kind: 'transaction-started',
    evseId: 0,
    transactionId: '',
    charging: false,
    readings: [],
    at: reserved.now,
    token: reserved.token,
    now: reserved.now,
  };
  const { wire, progress } = begin(id, place, started);
  return { wire: { ...wire, status: 'RESERVATION', ...(reserved.reference && { authorization_reference: reserved.reference }) }, progress };
}

/** A reservation that is used with the token it was made for becomes the session of the transaction (SES-12). */
export function useReservation(
  { wire, progress }: TrackedSession,
  place: SessionLocation,
  event: Started & { now: EpochMillis; grant?: AuthorizationGrant },
): TrackedSession {
  const taken = {
    ...wire,
    ...granted(event.grant),
    status: 'PENDING',
    evse_uid: place.evse?.uid ?? wire.evse_uid,
    connector_id: place.evse ? String(place.evse.connectorId) : wire.connector_id,
  } as const;
  return touch(
    activate(measure({ wire: taken, progress: { ...progress, period: { since: event.at }, started: event.at } }, event.readings), event.charging, event.at),
    event.now,
  );
}

/** News of a transaction; the same value when it changes nothing, or comes after the end (SES-17). */
export function proceed(
  charging: TrackedSession,
  event: Updated,
  more: { token: CdrToken | undefined; grant?: AuthorizationGrant; place: SessionLocation; now: EpochMillis },
): TrackedSession {
  if (isOver(charging.wire)) return charging;
  const { wire } = charging;
  const evse = wire.evse_uid === UNASSIGNED ? more.place.evse : undefined;
  const known: OwnSession = {
    ...wire,
    ...(more.token && !wire.cdr_token && { cdr_token: more.token, ...granted(more.grant) }),
    ...(evse && { evse_uid: evse.uid, connector_id: String(evse.connectorId) }),
  };
  const progress = event.suspendedByEvse === undefined ? charging.progress : { ...charging.progress, suspended: event.suspendedByEvse };
  const next = activate(measure({ wire: known, progress }, event.readings), event.charging === true, event.at);
  return sameWire(next.wire, wire) ? { wire, progress: next.progress } : touch(next, more.now);
}

/** The transaction is over: its last energy counts, and from here on nothing changes (SES-17). A session that never began is INVALID (SES-21). */
export function complete(charging: TrackedSession, event: Pick<Ended, 'at' | 'readings'>, now: EpochMillis): TrackedSession {
  if (isOver(charging.wire)) return charging;
  const measured = closePeriod(measure(charging, event.readings), event.at);
  const status = charging.wire.status === 'PENDING' && measured.wire.kwh === 0 ? 'INVALID' : 'COMPLETED';
  return touch({ ...measured, wire: { ...measured.wire, status, end_date_time: printDateTime(event.at) } }, now);
}

/** The reference given last is the one that counts (OCPI 2.2.1 §9.3.1). */
const granted = (grant: AuthorizationGrant | undefined) =>
  grant && { auth_method: 'AUTH_REQUEST' as const, ...(grant.reference !== undefined && { authorization_reference: grant.reference }) };

/** COMPLETED and INVALID are for good. */
export const isOver = (wire: { status: string }): boolean => wire.status === 'COMPLETED' || wire.status === 'INVALID';

function activate(charging: TrackedSession, charges: boolean, at: EpochMillis): TrackedSession {
  const { wire } = charging;
  if (wire.status !== 'PENDING' || !charges || !hasOwner(wire) || wire.evse_uid === UNASSIGNED) return charging;
  return { ...charging, wire: { ...wire, status: 'ACTIVE', start_date_time: printDateTime(at) } };
}

function measure(charging: TrackedSession, readings: readonly Reading[]): TrackedSession {
  return readings.reduce(addReading, charging);
}

function addReading({ wire, progress }: TrackedSession, reading: Reading): TrackedSession {
  const seen: Progress = {
    ...progress,
    ...(reading.power !== undefined && { power: reading.power }),
    ...(reading.currentOffered !== undefined
      ? { offered: { unit: 'A', limit: reading.currentOffered } }
      : reading.powerOffered !== undefined
        ? { offered: { unit: 'W', limit: reading.powerOffered } }
        : {}),
  };
  if (reading.energy === undefined) return { wire, progress: seen };
  const meterStart = seen.meterStart ?? reading.energy;
  // A register that runs backwards is a meter that was changed or reset: energy already told stays told.
  const register = wattHours(Math.max(reading.energy, seen.register ?? reading.energy));
  const next: TrackedSession = {
    wire: { ...wire, kwh: kilowattHours(register - meterStart) },
    progress: { ...seen, meterStart, register, period: { register: meterStart, ...seen.period } },
  };
  return reading.at - next.progress.period.since >= PERIOD_MS ? closePeriod(next, reading.at) : next;
}

/** Adds the energy since the last boundary as one charging period. */
function closePeriod({ wire, progress }: TrackedSession, at: EpochMillis): TrackedSession {
  const { period, register } = progress;
  const energy = (register ?? 0) - (period.register ?? register ?? 0);
  const periods = wire.charging_periods ?? [];
  if (energy <= 0 || periods.length >= MOST_PERIODS) return { wire, progress };
  const closed = { start_date_time: printDateTime(period.since), dimensions: [{ type: 'ENERGY' as const, volume: kilowattHours(energy) }] };
  return {
    wire: { ...wire, charging_periods: [...periods, closed] },
    progress: { ...progress, period: { since: at, ...(register !== undefined && { register }) } },
  };
}

const kilowattHours = (energy: number) => Math.round(energy * 10) / 10_000;
const sameWire = (a: OwnSession, b: OwnSession) => JSON.stringify(a) === JSON.stringify(b);

/** Each change is newer than the one before, also when two fall in one millisecond. */
function touch(charging: TrackedSession, now: EpochMillis): TrackedSession {
  const before = dateTimeMillis(charging.wire.last_updated) ?? now;
  return { ...charging, wire: { ...charging.wire, last_updated: printDateTime(epochMillis(Math.max(now, before + 1))) } };
}
