import { ok, type Result } from '../domain/result.ts';
import type { EpochMillis, Seconds } from '../domain/units.ts';
import type { Fault, FaultKind, SchemaBook } from './schema.ts';
import type { Abilities, ChargingNeeds, IdToken, NeedsAnswer, OcppVersion, StationAnswer, StationEvent, StationHost, StationRequest } from './station.ts';

export type SetRequest = Extract<StationRequest, { kind: 'set-charging-profile' }>;
export type LimitRequest = Extract<StationRequest, { kind: 'limit-evse' }>;
export type ClearRequest = Extract<StationRequest, { kind: 'clear-charging-profile' }>;
export type CompositeRequest = Extract<StationRequest, { kind: 'get-composite-schedule' }>;

/** A message that we send, before it has an id. */
export interface Call {
  action: string;
  payload: object;
}

/** What came back for a call: a CALLRESULT's payload or a CALLERROR's code. */
export type Outcome = { is: 'result'; payload: unknown } | { is: 'error'; code: string; description: string };

/** What a mapping must know of the station that it writes to. */
export interface Ways {
  abilities: Abilities;
  /** The level that our profiles take in the station's stack, when it has so many. */
  stackLevel: number;
}

/** One request of ours in the words of one version: how it is written, and how its answer is read. */
export interface Ask<R> {
  action: string;
  /** The payload; or why this station cannot be asked so. */
  compose(request: R, ways: Ways): Result<object>;
  read(payload: unknown, request: R, at: { book: SchemaBook; now: EpochMillis }): Result<StationAnswer, Fault>;
}

/** Makes an Ask whose answer is checked against the official schema before it is read. */
export function ask<R, A>(it: {
  action: string;
  compose(request: R, ways: Ways): Result<object>;
  read(answer: A, request: R, now: EpochMillis): StationAnswer;
}): Ask<R> {
  return {
    action: it.action,
    compose: it.compose,
    read: (payload, request, { book, now }) => {
      const fit = book.check<A>(`${it.action}Response`, payload);
      return fit.ok ? ok(it.read(fit.value, request, now)) : fit;
    },
  };
}

/** What a message from a station may make the node do. */
export interface Ears {
  now(): EpochMillis;
  heartbeat: Seconds;
  heard(event: StationEvent): Promise<void>;
  authorize(idToken: IdToken): Promise<boolean>;
  chargingNeeds(needs: ChargingNeeds): Promise<NeedsAnswer>;
  startTransaction(start: Parameters<StationHost['startTransaction']>[1]): ReturnType<StationHost['startTransaction']>;
  /** OCPP 1.6: the transaction that runs at each connector, for messages that name only the connector. */
  running: Map<number, string>;
}

/** More connectors than any charge point has: one that names more is not remembered. */
const MOST_CONNECTORS = 64;

/** Remembers which transaction runs at a connector. */
export function remember(running: Map<number, string>, connectorId: number, transactionId: string): void {
  if (running.has(connectorId) || running.size < MOST_CONNECTORS) running.set(connectorId, transactionId);
}

/** One message that a station may send: what it tells the node, and what the station is answered. */
export interface Notice {
  action: string;
  answer(payload: unknown, book: SchemaBook, ears: Ears): Promise<Result<object, Fault>>;
}

/** Makes a Notice whose payload is checked against the official schema before it is heard. */
export function notice<Q, A extends object>(action: string, answer: (told: Q, ears: Ears) => A | Promise<A>): Notice {
  return {
    action,
    answer: async (payload, book, ears) => {
      const fit = book.check<Q>(`${action}Request`, payload);
      return fit.ok ? ok(await answer(fit.value, ears)) : fit;
    },
  };
}

/** A table of notices by their action. */
export const byAction = (...notices: Notice[]): ReadonlyMap<string, Notice> => new Map(notices.map((it) => [it.action, it]));

/** How a station's abilities are asked for, and what is assumed where it does not say. */
export interface Learning {
  call: Call;
  assumed: Abilities;
  read(payload: unknown, book: SchemaBook): Result<Abilities, Fault>;
}

/** One version of OCPP: the only place where versions differ. */
export interface Dialect {
  version: OcppVersion;
  /** As in `Sec-WebSocket-Protocol`. */
  subprotocol: string;
  /** The error codes for a payload that does not fit its schema. */
  faultCodes: Readonly<Record<FaultKind, string>>;
  /** The error code for a frame that is not one. */
  frameFault: string;
  /** What stands for a message id that cannot be read; without one such a frame is dropped. */
  unreadableId?: string;
  /** CALLRESULTERROR and SEND are known. */
  hasSend: boolean;
  set: Ask<SetRequest>;
  limit: Ask<LimitRequest>;
  clear: Ask<ClearRequest>;
  composite: Ask<CompositeRequest>;
  /** For a station that does not find by its id what we know to be installed. */
  clearByCriteria(request: ClearRequest, ways: Ways): Call;
  notices: ReadonlyMap<string, Notice>;
  learning: Learning;
}

/** The call that carries a request. */
export function compose(dialect: Dialect, request: StationRequest, ways: Ways): Result<Call> {
  switch (request.kind) {
    case 'set-charging-profile':
      return write(dialect.set, request, ways);
    case 'limit-evse':
      return write(dialect.limit, request, ways);
    case 'clear-charging-profile':
      return write(dialect.clear, request, ways);
    case 'get-composite-schedule':
      return write(dialect.composite, request, ways);
    default:
      return request satisfies never;
  }
}

function write<R>(it: Ask<R>, request: R, ways: Ways): Result<Call> {
  const payload = it.compose(request, ways);
  return payload.ok ? ok({ action: it.action, payload: payload.value }) : payload;
}

/** What an answer is read by: the words, the schemas, the moment of receipt. */
export interface ReadBy {
  dialect: Dialect;
  book: SchemaBook;
  now: EpochMillis;
}

/** What an outcome means for a request (ocpi-to-ocpp §6); `fault` when the answer was not one by the schema. */
export function read(request: StationRequest, outcome: Outcome, by: ReadBy): { answer: StationAnswer; fault?: Fault } {
  if (outcome.is === 'error') return { answer: readError(outcome) };
  const answer = readResult(request, outcome.payload, by);
  if (answer.ok) return { answer: answer.value };
  return { answer: { is: 'REJECTED', because: `malformed answer: ${answer.problem.problem}`, garbled: true }, fault: answer.problem };
}

function readResult(request: StationRequest, payload: unknown, by: ReadBy): Result<StationAnswer, Fault> {
  switch (request.kind) {
    case 'set-charging-profile':
      return by.dialect.set.read(payload, request, by);
    case 'limit-evse':
      return by.dialect.limit.read(payload, request, by);
    case 'clear-charging-profile':
      return by.dialect.clear.read(payload, request, by);
    case 'get-composite-schedule':
      return by.dialect.composite.read(payload, request, by);
    default:
      return request satisfies never;
  }
}

function readError({ code, description }: { code: string; description: string }): StationAnswer {
  const because = description === '' ? code : `${code}: ${description}`;
  // OCPP 1.6 errata 3.38: a station without smart charging answers so.
  if (code === 'NotImplemented' || code === 'NotSupported') return { is: 'REJECTED', because, lacksSmartCharging: true };
  return { is: 'REJECTED', because };
}
