import type { ConnectorStatus, TransactionEnded, TransactionEvent, TransactionReport, TransactionStarted, TransactionUpdated } from '../../domain/station.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { CdrToken } from './authorize-token.ts';
import {
  type AuthorizationGrant,
  addStart,
  begin,
  beginWithEnd,
  close,
  complete,
  endLater,
  hasOwner,
  isOver,
  proceed,
  type SessionLocation,
  type TrackedSession,
  useReservation,
  vacate,
} from './session.ts';

/** A session of the charge point, as the store has it. A reservation has no transaction. */
export interface KnownSession extends TrackedSession {
  transactionId: string | undefined;
}

/** What is known when a charge point reports something about a transaction. */
export interface TransactionFacts<S extends KnownSession = KnownSession> {
  /** The session of the transaction that the report names, also when it is over. */
  named: S | undefined;
  /** The sessions of the charge point that have not ended, oldest first; needed when `needsRunning` says so. */
  running: readonly S[];
  /** Where the report says that the transaction runs. */
  place: SessionLocation;
  /** The charge point has no other EVSE. */
  isOnlyEvse: boolean;
  /** The owner of the presented token, when the session may have a new one. */
  owner: { token: CdrToken | undefined; grant?: AuthorizationGrant };
  /** OCPP 1.6: the last stop without a valid id that meant no running transaction; its start may follow. */
  unmatchedEnd?: TransactionEnded | undefined;
  /** The id of a new session. */
  id: string;
  now: EpochMillis;
}

/** A session that changes or begins. */
export interface SessionStep<S extends KnownSession = KnownSession> {
  /** Undefined: a new session. */
  before: S | undefined;
  after: TrackedSession;
  transactionId: string | undefined;
  /** What happens to the transaction, for what follows its load and its site; absent: nothing. */
  event?: TransactionEvent;
}

/** After this time without a message about a transaction that must be over, its session is closed, in ms. */
const CLOSE_AFTER_MS = 2_000;
/** Charge points round times to seconds. */
const ROUNDING_MS = 1_000;

/** Whether the decision on a report needs the running sessions of the charge point. */
export const needsRunning = (report: TransactionReport, named: KnownSession | undefined): boolean =>
  named === undefined || (report.kind !== 'transaction-ended' && named.wire.evse_uid === '#NA');

/** Whether the session of a report may get an owner from the token that it holds. */
export const mayGetOwner = (report: TransactionReport, named: KnownSession | undefined): boolean =>
  report.kind !== 'transaction-ended' && report.idToken !== undefined && report.refused !== true && !(named && hasOwner(named.wire));

/**
 * Decides which sessions a report about a transaction begins, changes and ends (F-01 to F-05). The transaction that is meant: the named
 * one; in OCPP 1.6, where only the node gives ids, for an id that it never gave the one that runs at the connector, or none.
 */
export function followTransaction<S extends KnownSession>(report: TransactionReport, facts: TransactionFacts<S>): readonly SessionStep<S>[] {
  const meant = facts.named ?? (report.kind === 'transaction-started' ? undefined : unnamedMeant(report, facts));
  if (meant) return changeOf(meant, nameAs(report, meant.transactionId ?? ''), facts);
  if (report.kind === 'transaction-started') return startOf(report, facts);
  if (report.idsAreOurs || report.transactionId === undefined) return [];
  const named = nameAs(report, report.transactionId);
  return named.kind === 'transaction-ended' ? endOnly(named, facts) : startOf(asStart(named), facts);
}

const nameAs = (report: TransactionReport, transactionId: string): TransactionEvent => {
  if (report.kind === 'transaction-started') return report;
  const { idsAreOurs: _, ...event } = report;
  return { ...event, transactionId };
};

function unnamedMeant<S extends KnownSession>(report: Exclude<TransactionReport, TransactionStarted>, facts: TransactionFacts<S>): S | undefined {
  if (report.idsAreOurs) return runningMeant(report, facts);
  if (report.kind !== 'transaction-updated' || !report.ofEvse) return undefined;
  // An idle EVSE sends MeterValues too: they are no sign that a transaction goes on which must be over.
  const running = runningMeant(report, facts);
  return running?.progress.vacated || running?.progress.ownRegister ? undefined : running;
}

/** OCPP 1.6: the transaction that a message without a valid id means. A stop names no connector: it means a transaction only if there is one. */
function runningMeant<S extends KnownSession>(
  report: Exclude<TransactionReport, TransactionStarted>,
  { running, place, isOnlyEvse }: TransactionFacts<S>,
): S | undefined {
  const began = running.filter((it) => it.wire.status !== 'RESERVATION' && startOfSession(it) <= report.at + ROUNDING_MS);
  if (report.kind === 'transaction-updated') return began.findLast((it) => place.evse !== undefined && it.wire.evse_uid === place.evse.uid);
  // An id that somebody gave may name a transaction at another connector, whose start this node never received.
  return began.length === 1 && (report.transactionId === undefined || isOnlyEvse) ? began[0] : undefined;
}

const startOfSession = ({ progress }: KnownSession): EpochMillis => progress.started ?? progress.period.since;

function changeOf<S extends KnownSession>(session: S, event: TransactionEvent, facts: TransactionFacts<S>): readonly SessionStep<S>[] {
  const { transactionId } = session;
  const { now, owner, place } = facts;
  const step = (after: TrackedSession, isShown = true): readonly SessionStep<S>[] =>
    after === session ? [] : [{ before: session, after, transactionId, ...(isShown && { event }) }];
  if (event.kind === 'transaction-ended') return isOver(session.wire) ? step(endLater(session, event, now), false) : step(complete(session, event, now));
  if (isOver(session.wire)) {
    const lacksStart = event.kind === 'transaction-started' && session.progress.lacksStart && !hasOwner(session.wire);
    return lacksStart ? step(addStart(session, place, { ...event, ...owner, now }), false) : [];
  }
  const after = proceed(session, event, { ...owner, place, now });
  const isPlaced = session.wire.evse_uid !== after.wire.evse_uid;
  const { closed, over } = isPlaced ? othersAt(after, facts) : NO_OTHERS;
  return [...closed, { before: session, after: over === undefined ? after : vacate(after, 'next-start', { at: over, now }), transactionId, event }];
}

function startOf<S extends KnownSession>(event: TransactionStarted, facts: TransactionFacts<S>): readonly SessionStep<S>[] {
  const { place, owner, id, now } = facts;
  const reserved = reservationFor(facts);
  const started = reserved ? useReservation(reserved, place, { ...event, now, ...owner }) : undefined;
  const { closed, over } = othersAt(started ?? begin(id, place, { ...event, now, ...owner }), facts);
  const begun = started ?? begin(id, place, { ...event, now, ...owner, ...(over !== undefined && { over }) });
  const end = facts.unmatchedEnd && isEndOf(facts.unmatchedEnd, event) ? facts.unmatchedEnd : undefined;
  return [...closed, { before: reserved, after: end ? complete(begun, end, now) : begun, transactionId: event.transactionId, ...(!end && { event }) }];
}

/** A stop that arrived before its start, from a charge point that was offline: it is later, and its register is not lower. */
function isEndOf(end: TransactionEnded, start: TransactionStarted): boolean {
  const [first, last] = [start.readings, end.readings].map((all) => all.find(({ energy }) => energy !== undefined)?.energy);
  return end.at >= start.at && (first === undefined || last === undefined || last >= first);
}

/** The stop of a report that means no transaction that the node knows; undefined: it is no stop, or it names its transaction. */
export function unmatchedEnd(report: TransactionReport, steps: readonly SessionStep[]): TransactionEnded | undefined {
  const isUnmatched = report.kind === 'transaction-ended' && report.idsAreOurs && report.transactionId === undefined && steps.length === 0;
  const named = isUnmatched ? nameAs(report, '') : undefined;
  return named?.kind === 'transaction-ended' ? named : undefined;
}

const NO_OTHERS = { closed: [], over: undefined } as const;

/** At one EVSE one transaction runs: the one that began last. `over`: the start of a later one, when this one is not the last. */
function othersAt<S extends KnownSession>(
  session: TrackedSession,
  { running, now }: TransactionFacts<S>,
): { closed: readonly SessionStep<S>[]; over: EpochMillis | undefined } {
  const { wire, progress } = session;
  const started = progress.started ?? progress.period.since;
  const others = running.filter(
    (it) => it.wire.evse_uid === wire.evse_uid && it.wire.evse_uid !== '#NA' && it.wire.id !== wire.id && it.wire.status !== 'RESERVATION',
  );
  const later = others.map(startOfSession).filter((at) => at > started);
  const earlier = others.filter((it) => startOfSession(it) <= started);
  return {
    closed: earlier.map((it) => closedStep(it, close(it, 'next-start', { at: started, now }), started)),
    over: later.length > 0 ? epochMillis(Math.min(...later)) : undefined,
  };
}

function closedStep<S extends KnownSession>(before: S, after: TrackedSession, at: EpochMillis): SessionStep<S> {
  const { transactionId } = before;
  const ended: TransactionEnded | undefined = transactionId === undefined ? undefined : { kind: 'transaction-ended', transactionId, at, readings: [] };
  return { before, after, transactionId, ...(ended && { event: ended }) };
}

function reservationFor<S extends KnownSession>({ running, place: { evse }, owner }: TransactionFacts<S>): S | undefined {
  const uid = owner.token?.uid;
  return running.find(({ wire }) => wire.status === 'RESERVATION' && wire.cdr_token?.uid === uid && (wire.evse_uid === evse?.uid || wire.evse_uid === '#NA'));
}

/** OCPP 2.x: an end without a start; the start may have been lost, or follow. */
const endOnly = (event: TransactionEnded, { id, place, now }: TransactionFacts): readonly SessionStep<never>[] => [
  { before: undefined, after: beginWithEnd(id, place, { ...event, now }), transactionId: event.transactionId },
];

/** An update of a transaction whose start was lost counts as the start. */
function asStart(event: TransactionStarted | TransactionUpdated): TransactionStarted {
  if (event.kind === 'transaction-started') return event;
  const { rateChanged: _r, ...update } = event;
  return { ...update, kind: 'transaction-started', evseId: update.evseId ?? 0, charging: update.charging === true };
}

/**
 * A connector is available: a transaction in which a car was connected there is over (F-03). In OCPP 2.x a transaction may run without
 * a car, before one is connected and after it has left; then nothing follows.
 */
export function followStatus<S extends KnownSession>(
  status: ConnectorStatus,
  { running, evseUid, now }: { running: readonly S[]; evseUid: string; now: EpochMillis },
): readonly SessionStep<S>[] {
  // Connector 0 of OCPP 1.6 is the whole charge point.
  if (status.status !== 'Available' || status.evseId === 0) return [];
  const over = running.filter((it) => {
    const { connected = it.wire.status === 'ACTIVE', connector = status.connectorId, stateAt, vacated } = it.progress;
    const since = Math.max(startOfSession(it), stateAt ?? 0);
    const isNewer = status.undated === true || status.at >= since;
    return it.wire.evse_uid === evseUid && it.wire.status !== 'RESERVATION' && connected && connector === status.connectorId && isNewer && !vacated;
  });
  return over.map((it) => ({ before: it, after: vacate(it, 'available', { at: status.at, now }), transactionId: it.transactionId }));
}

/** When the session of a transaction that must be over is to be closed, by the clock of the node; undefined: it is not to be closed. */
export const closesAt = ({ wire, progress: { vacated } }: TrackedSession): EpochMillis | undefined =>
  vacated && !isOver(wire) ? epochMillis(vacated.heard + CLOSE_AFTER_MS) : undefined;

/** Closes a session whose end has not arrived in time; undefined: it goes on, or its end may still arrive. */
export function closeIfDue<S extends KnownSession>(session: S, now: EpochMillis): SessionStep<S> | undefined {
  const { vacated } = session.progress;
  const due = closesAt(session);
  if (!vacated || due === undefined || now < due) return undefined;
  return closedStep(session, close(session, vacated.because, { at: vacated.at, now }), vacated.at);
}
