import { type Evse, phasesOf } from '../../domain/evse.ts';
import type { MeterSample } from '../../domain/meter-sample.ts';
import type { TransactionEnded, TransactionStarted, TransactionUpdated } from '../../domain/station.ts';
import { type EpochMillis, epochMillis, watts } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { Judgement } from './metered-above.ts';
import { closePeriod, energyOf, type Metering, measure, showState, takeState } from './session-energy.ts';

type CdrToken = WireSession['cdr_token'];

/** A session at a charge point of this node. Without `cdr_token` it has no owner yet, and only the operator may see it. */
export type OwnSession = Omit<WireSession, 'cdr_token'> & { cdr_token?: CdrToken };
/** Whether the session has an owner: the party of its token. */
export const hasOwner = (session: OwnSession): session is WireSession => session.cdr_token !== undefined;

/** The state of a session that the Session object of OCPI does not have. Stored as JSON. */
export interface Progress extends Metering {
  /** Distinguishes this start from other starts at the same charge point. */
  mark?: string;
  /** A car is connected, or none is; absent: the charge point did not say. `stateAt`: when it said so last. */
  connected?: boolean;
  stateAt?: EpochMillis;
  /** OCPP 2.x: the connector of the EVSE. */
  connector?: number;
  /** Updates of the transaction have a register, so that MeterValues at its EVSE are not needed, and may be of another meter (OCPP 2.x). */
  ownRegister?: true;
  /** The charge point reported last that it suspends charging. */
  suspended?: boolean;
  /** The node refused the token, and the charge point charges all the same. */
  refused?: true;
  /** Only the end of the transaction has arrived, its start may follow. */
  lacksStart?: true;
  /** The transaction must be over since `at`; its end may still arrive. `heard`: the last message about it, by the clock of the node. */
  vacated?: { at: EpochMillis; heard: EpochMillis; because: ClosedBecause };
  /** The session was closed without its end. `later`: the energy of an end that arrived afterwards, in kWh. */
  closed?: { because: ClosedBecause; energyAt?: EpochMillis; later?: number };
  /** The limit by which the last reading was judged, and whether it was above. */
  judged?: Judgement;
}

/** Why a session was closed without its end: its EVSE is free, or another transaction began there. */
export type ClosedBecause = 'available' | 'next-start';

/** A session with its progress. */
export interface TrackedSession {
  wire: OwnSession;
  progress: Progress;
  /** Samples of its meter that are to be kept as evidence. */
  samples?: readonly MeterSample[];
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

/** The EVSE and connector of a reservation, and of a session whose EVSE is not known yet (SES-16). */
const UNASSIGNED = '#NA';

/** What a new session is made of. */
interface Opening {
  at: EpochMillis;
  token: CdrToken | undefined;
  now: EpochMillis;
  grant?: AuthorizationGrant;
  /** A later transaction began at this moment, so this one is over. */
  over?: EpochMillis;
}

/** Starts a session with a transaction: PENDING until it has a token and an EVSE and the car may charge, then ACTIVE (SES-14, CDP-05). */
export function begin(id: string, place: SessionLocation, event: TransactionStarted & Opening): TrackedSession {
  return firstState(open(id, place, event), event);
}

/** The state of a session at the start of its transaction. */
function firstState({ wire, progress }: TrackedSession, event: TransactionStarted & Pick<Opening, 'now' | 'over'>): TrackedSession {
  const { at, now, over, refused } = event;
  const vacated = over === undefined ? {} : { vacated: { at: over, heard: now, because: 'next-start' as const } };
  const started: Progress = { ...progress, started: at, period: { since: at }, ...stateOf(event), ...vacated, ...(refused && { refused }) };
  return activate(withStated(measure({ wire, progress: started }, event.readings, now), event), event);
}

/** What the charge point says about the car and the connector; nothing when it said something newer before. */
function stateOf(event: TransactionStarted | TransactionUpdated, before: EpochMillis = epochMillis(Number.NEGATIVE_INFINITY)): Partial<Progress> {
  const { connectorId } = event;
  const connected = event.connected ?? (event.charging === true ? true : undefined);
  const suspended = event.suspendedByEvse;
  const place = connectorId === undefined ? {} : { connector: connectorId };
  if ((connected === undefined && suspended === undefined) || event.at < before) return place;
  return { ...place, ...(connected !== undefined && { connected }), ...(suspended !== undefined && { suspended }), stateAt: event.at };
}

/** What the event says about charging, after its readings. A start does not say that the car charges: OCPP 1.6 has no word for it there. */
function withStated(session: TrackedSession, event: TransactionStarted | TransactionUpdated): TrackedSession {
  const { kind, at, charging, suspendedByEvse, suspendedByEv } = event;
  const by = suspendedByEvse ? ('EVSE' as const) : suspendedByEv ? ('EV' as const) : undefined;
  const said = kind === 'transaction-updated' ? charging : by && false;
  return said === undefined ? session : takeState(session, { charging: said, ...(by && { by }), at });
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
  return { wire, progress: { period: { since: event.at }, started: event.at, ...maximumAt(place.evse) } };
}

function maximumAt(evse: Evse | undefined): Pick<Progress, 'maxPower' | 'supply'> {
  if (!evse) return {};
  const supply = { voltage: evse.maxVoltage, phases: phasesOf(evse.powerType) };
  return { maxPower: evse.maxPower ?? watts(supply.voltage * evse.maxAmperage * supply.phases), supply };
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
  event: TransactionStarted & { now: EpochMillis; grant?: AuthorizationGrant },
): TrackedSession {
  const used = {
    ...wire,
    ...authorizedBy(event.grant),
    status: 'PENDING',
    evse_uid: place.evse?.uid ?? wire.evse_uid,
    connector_id: place.evse ? String(place.evse.connectorId) : wire.connector_id,
  } as const;
  return touch(firstState({ wire: used, progress: { ...progress, ...maximumAt(place.evse) } }, event), event.now);
}

/**
 * Applies an update of a transaction, or a start that arrives after updates. `wire` stays the same object when nothing in it changed;
 * after the end nothing changes (SES-17).
 */
export function proceed(
  session: TrackedSession,
  event: TransactionStarted | TransactionUpdated,
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
  const { started = event.at, stateAt, ...rest } = session.progress;
  const progress: Progress = {
    ...withoutVacated({ ...rest, ...(stateAt !== undefined && { stateAt }) }, event, more.now),
    started: event.kind === 'transaction-started' && event.at < started ? event.at : started,
    ...maximumAt(evse),
    ...stateOf(event, stateAt),
    ...(hasRegister(event) && { ownRegister: true }),
  };
  const measured = withStated(measure({ wire: known, progress }, event.readings, more.now), event);
  const next = showState(activate(measured, event), event.at);
  return sameWire(next.wire, wire) ? { ...next, wire } : touch(next, more.now);
}

const hasRegister = (event: TransactionStarted | TransactionUpdated): boolean =>
  event.kind === 'transaction-updated' && !event.ofEvse && event.readings.some(({ energy, context }) => energy !== undefined && context !== 'begin');

/** A charge point that goes on with a transaction has not ended it; a message from before is a sign that its end will follow. */
function withoutVacated(progress: Progress, event: TransactionStarted | TransactionUpdated, now: EpochMillis): Progress {
  const { vacated, ...rest } = progress;
  if (!vacated) return progress;
  if (event.at <= vacated.at) return { ...rest, vacated: { ...vacated, heard: now } };
  const goesOn = event.charging === true || event.connected === true || event.readings.some(({ power = 0 }) => power > 0);
  return goesOn ? rest : progress;
}

/** Notes that the transaction of a session must be over since `at`. Its end may still arrive, so the session is not closed yet. */
export const vacate = ({ wire, progress }: TrackedSession, because: ClosedBecause, { at, now }: { at: EpochMillis; now: EpochMillis }): TrackedSession =>
  isOver(wire) || progress.vacated ? { wire, progress } : { wire, progress: { ...progress, vacated: { at, heard: now, because } } };

/** Closes a session whose transaction is over since `at` without a message of its end: with the energy and the time of its last reading. */
export function close(session: TrackedSession, because: ClosedBecause, { at, now }: { at: EpochMillis; now: EpochMillis }): TrackedSession {
  if (isOver(session.wire)) return session;
  const { started = at, readAt = started } = session.progress;
  const energyAt = readAt > started || energyOf(session.progress) > 0 ? readAt : undefined;
  const { progress, ...ended } = complete(session, { at: energyAt ?? at, readings: [] }, now);
  return { ...ended, progress: { ...progress, closed: { because, ...(energyAt !== undefined && { energyAt }) } } };
}

/** Ends a session with the last energy; afterwards nothing changes (SES-17). A session that was never ACTIVE and has no energy becomes INVALID (SES-21). */
export function complete(session: TrackedSession, event: Pick<TransactionEnded, 'at' | 'readings'>, now: EpochMillis): TrackedSession {
  if (isOver(session.wire)) return session;
  const { vacated: _, ...progress } = session.progress;
  const measured = measure({ ...session, progress }, event.readings, now);
  const end = epochMillis(Math.max(event.at, measured.progress.period.since, dateTimeMillis(session.wire.start_date_time) ?? event.at));
  const closed = closePeriod(measured, end, { isLast: true });
  const status = session.wire.status === 'PENDING' && closed.wire.kwh === 0 ? 'INVALID' : 'COMPLETED';
  return touch({ ...closed, wire: { ...closed.wire, status, end_date_time: printDateTime(end) } }, now);
}

/** An end that arrives after its session was closed without it. What was told stays; the operator can see the energy of the end. */
export function endLater(session: TrackedSession, event: Pick<TransactionEnded, 'readings'>, now: EpochMillis): TrackedSession {
  const { wire, progress } = session;
  if (!progress.closed || progress.closed.later !== undefined) return session;
  const later = measure({ wire, progress }, event.readings, now).wire.kwh;
  return { wire, progress: { ...progress, closed: { ...progress.closed, later } } };
}

/** The session of a transaction whose end has arrived and its start has not: over, and nobody's. */
export function beginWithEnd(id: string, place: SessionLocation, event: TransactionEnded & { now: EpochMillis }): TrackedSession {
  const { at, readings, now } = event;
  const session = complete(open(id, place, { at: readings.reduce((first, it) => (it.at < first ? it.at : first), at), token: undefined, now }), event, now);
  return { ...session, progress: { ...session.progress, lacksStart: true } };
}

/** The start arrives after the end. Nobody was told of the session, so it gets its owner, its start and its whole energy now. */
export function addStart({ wire, progress }: TrackedSession, place: SessionLocation, event: TransactionStarted & Opening): TrackedSession {
  const { register, meterStart, readAt = event.at } = progress;
  const ends = [meterStart, register].flatMap((energy, n) =>
    energy === undefined ? [] : [{ at: readAt, energy, ...(n === 1 && { context: 'end' as const }) }],
  );
  const begun = begin(wire.id, place, event);
  const ended = complete(begun, { at: dateTimeMillis(wire.end_date_time ?? '') ?? event.at, readings: ends }, event.now);
  return touch({ ...ended, wire: { ...ended.wire, last_updated: wire.last_updated } }, event.now);
}

/** A new reference replaces the one of the reservation (OCPI 2.2.1 §9.3.1). */
const authorizedBy = (grant: AuthorizationGrant | undefined) =>
  grant && { auth_method: 'AUTH_REQUEST' as const, ...(grant.reference !== undefined && { authorization_reference: grant.reference }) };

/** Whether the session has ended: COMPLETED and INVALID are final. */
export const isOver = (wire: { status: string }): boolean => wire.status === 'COMPLETED' || wire.status === 'INVALID';

/** ACTIVE: an authorised car is connected, or draws energy; it need not charge (CDP-05). A transaction that must be over does not begin to charge. */
function activate(session: TrackedSession, { at, charging }: { at: EpochMillis; charging?: boolean }): TrackedSession {
  const { wire, progress } = session;
  const draws = progress.connected !== false && ((progress.power ?? 0) > 0 || energyOf(progress) > 0);
  const mayCharge = charging === true || progress.connected === true || draws;
  if (wire.status !== 'PENDING' || !mayCharge || !hasOwner(wire) || wire.evse_uid === UNASSIGNED || progress.vacated) return session;
  const since = epochMillis(Math.max(at, progress.started ?? at));
  const { energy, register } = progress.period;
  const earlier = energyOf(progress) - (energy ?? 0);
  const period = { since, ...(energy !== undefined && { energy }), ...(register !== undefined && { register }), ...(earlier > 0 && { earlier }) };
  return { ...session, wire: { ...wire, status: 'ACTIVE', start_date_time: printDateTime(since) }, progress: { ...progress, period, shownAt: since } };
}

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
export function limitMayHaveChanged(event: TransactionUpdated, before: Progress, after: Progress): boolean {
  return event.rateChanged === true || (before.suspended ?? false) !== (after.suspended ?? false) || !sameOffer(before.offered, after.offered);
}

const sameOffer = (one: Progress['offered'], other: Progress['offered']) => one?.unit === other?.unit && one?.limit === other?.limit;
