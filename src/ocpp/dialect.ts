import type { Evse } from '../domain/evse.ts';
import { ok, type Result } from '../domain/result.ts';
import type { EpochMillis, Seconds } from '../domain/units.ts';
import type { SchemaSet, SchemaViolation, ViolationKind } from './schema.ts';
import type {
  Abilities,
  AbilityName,
  ChargingNeeds,
  IdToken,
  NeedsAnswer,
  OcppVersion,
  StationAnswer,
  StationEvent,
  StationHost,
  StationRequest,
  TokenDecision,
  TriggeredMessage,
} from './station.ts';

/** The StationRequest that sets a charging profile for a transaction. */
export type SetRequest = Extract<StationRequest, { kind: 'set-charging-profile' }>;
/** The StationRequest that limits an EVSE for all its sessions. */
export type LimitRequest = Extract<StationRequest, { kind: 'limit-evse' }>;
/** The StationRequest that clears one charging profile. */
export type ClearRequest = Extract<StationRequest, { kind: 'clear-charging-profile' }>;
/** The StationRequest that sets a profile of the CSMS again. */
export type RestoreRequest = Extract<StationRequest, { kind: 'restore-profile' }>;
/** The StationRequest for a composite schedule. */
export type CompositeRequest = Extract<StationRequest, { kind: 'get-composite-schedule' }>;

/** A CALL of the node before it has a message id. */
export interface Call {
  action: string;
  payload: object;
}

/** The answer to a call: the payload of a CALLRESULT (not yet checked), or the code and description of a CALLERROR. */
export type CallAnswer = { is: 'result'; payload: unknown } | { is: 'error'; code: string; description: string };

/** What a mapping knows about the station that a request is written for. */
export interface WriteContext {
  abilities: Abilities;
  /** The configured stack level of the node's profiles; the station's maximum may be lower. */
  stackLevel: number;
}

/** How one version of OCPP writes a request of the node and reads the answer. */
export interface RequestMapping<R> {
  action: string;
  /** The payload of the CALL; fails when the station cannot take the request. */
  compose(request: R, context: WriteContext): Result<object>;
  /** Reads the payload of the CALLRESULT; fails when it violates the official schema. */
  read(payload: unknown, request: R, context: { schemas: SchemaSet; now: EpochMillis }): Result<StationAnswer, SchemaViolation>;
}

/** Makes a RequestMapping that checks the answer against the official schema before `read` is called. */
export function requestMapping<R, A>(it: {
  action: string;
  compose(request: R, context: WriteContext): Result<object>;
  read(answer: A, request: R, now: EpochMillis): StationAnswer;
}): RequestMapping<R> {
  return {
    action: it.action,
    compose: it.compose,
    read: (payload, request, { schemas, now }) => {
      const checked = schemas.check<A>(`${it.action}Response`, payload);
      return checked.ok ? ok(it.read(checked.value, request, now)) : checked;
    },
  };
}

/** A message whose station may have left out these fields, although its standard requires them. */
export type Lacking<Q, K extends keyof Q> = Omit<Q, K> & { [Name in K]?: Q[Name] | undefined };

/** What the handler of a station's message may use. */
export interface HandlerContext {
  now(): EpochMillis;
  /** The time of an event that the station states, bounded by the time of receipt; without a readable one the time of receipt. */
  moment(text: string | undefined): EpochMillis;
  /** The heartbeat interval for BootNotification answers. */
  heartbeat: Seconds;
  /** Resolves when the node has committed the event; rejects when it could not. */
  report(event: StationEvent): Promise<void>;
  /** `evseId`: where the token is presented, if the message names it. */
  authorize(idToken: IdToken, evseId?: number): Promise<TokenDecision>;
  chargingNeeds(needs: ChargingNeeds): Promise<NeedsAnswer>;
  startTransaction(start: Parameters<StationHost['startTransaction']>[1]): ReturnType<StationHost['startTransaction']>;
  /** OCPP 2.x: the running transaction by EVSE, for messages that do not name it. */
  transactions: Map<number, string>;
}

/** More EVSEs than any charge point has; a station that names more cannot fill the memory. */
const MAX_EVSES = 64;

/** Stores which transaction runs at an EVSE, for at most 64 EVSEs. */
export function rememberTransaction(transactions: Map<number, string>, evseId: number, transactionId: string): void {
  if (transactions.has(evseId) || transactions.size < MAX_EVSES) transactions.set(evseId, transactionId);
}

/** Handles one action that a station may send, and makes the payload of its CALLRESULT. */
export interface MessageHandler {
  action: string;
  /** Fails when the payload violates the official schema; rejects when the host fails. */
  answer(payload: unknown, schemas: SchemaSet, context: HandlerContext): Promise<Result<object, SchemaViolation>>;
}

/** Makes a MessageHandler that checks the payload against the official schema before `answer` is called. */
export function messageHandler<Q, A extends object>(action: string, answer: (request: Q, context: HandlerContext) => A | Promise<A>): MessageHandler {
  return {
    action,
    answer: async (payload, schemas, context) => {
      const checked = schemas.check<Q>(`${action}Request`, payload);
      return checked.ok ? ok(await answer(checked.value, context)) : checked;
    },
  };
}

/** A handler for a report that the node does not use; the answer is empty. */
export const acknowledge = (action: string): MessageHandler => messageHandler<object, object>(action, () => ({}));

/** Puts handlers into a table by action. */
export const byAction = (...handlers: MessageHandler[]): ReadonlyMap<string, MessageHandler> => new Map(handlers.map((it) => [it.action, it]));

/** The call that asks a station for its abilities, and how its answer is read. */
export interface AbilityQuery {
  call: Call;
  /** Fails when the answer violates the official schema; abilities that the station does not state keep their assumed value. */
  read(payload: unknown, schemas: SchemaSet): Result<Abilities, SchemaViolation>;
  /** The abilities that an answer states; the others are assumed. */
  statedIn(payload: unknown, schemas: SchemaSet): readonly AbilityName[];
}

/** One version of OCPP. All differences between versions are in its implementations. */
export interface Dialect {
  version: OcppVersion;
  /** The name in `Sec-WebSocket-Protocol`. */
  subprotocol: string;
  /** The CALLERROR code for each kind of schema violation. */
  violationCodes: Readonly<Record<ViolationKind, string>>;
  /** The CALLERROR code for a frame that cannot be read. */
  frameErrorCode: string;
  /** The message id in the CALLERROR when the frame's own id cannot be read; absent: such a frame gets no answer. */
  unreadableId?: string;
  /** CALLRESULTERROR exists. */
  hasResultError: boolean;
  set: RequestMapping<SetRequest>;
  limit: RequestMapping<LimitRequest>;
  clear: RequestMapping<ClearRequest>;
  restore: RequestMapping<RestoreRequest>;
  composite: RequestMapping<CompositeRequest>;
  /** A ClearChargingProfile by criteria, for a station that does not find an installed profile by its id (see quirks.ts). */
  clearByCriteria(request: ClearRequest, context: WriteContext): Call;
  handlers: ReadonlyMap<string, MessageHandler>;
  abilityQuery: AbilityQuery;
  /** The TriggerMessage for one message; without `evse` for the whole station. */
  trigger(message: TriggeredMessage, evse: Evse | undefined): Call;
}

/** The call for a request; fails when the station cannot take the request. */
export function compose(dialect: Dialect, request: StationRequest, context: WriteContext): Result<Call> {
  switch (request.kind) {
    case 'set-charging-profile':
      return callFor(dialect.set, request, context);
    case 'limit-evse':
      return callFor(dialect.limit, request, context);
    case 'clear-charging-profile':
      return callFor(dialect.clear, request, context);
    case 'restore-profile':
      return callFor(dialect.restore, request, context);
    case 'get-composite-schedule':
      return callFor(dialect.composite, request, context);
    default:
      return request satisfies never;
  }
}

/** The OCPP action of a request. */
export function actionOf(dialect: Dialect, { kind }: StationRequest): string {
  const mappings = {
    'set-charging-profile': 'set',
    'limit-evse': 'limit',
    'clear-charging-profile': 'clear',
    'restore-profile': 'restore',
    'get-composite-schedule': 'composite',
  } as const;
  return dialect[mappings[kind]].action;
}

function callFor<R>(mapping: RequestMapping<R>, request: R, context: WriteContext): Result<Call> {
  const payload = mapping.compose(request, context);
  return payload.ok ? ok({ action: mapping.action, payload: payload.value }) : payload;
}

/** What reading an answer needs: the version, its schemas, and the time of receipt. */
export interface ReadContext {
  dialect: Dialect;
  schemas: SchemaSet;
  now: EpochMillis;
}

/** Reads the answer to a request; `violation` when it violates the official schema, which counts as REJECTED. */
export function read(request: StationRequest, answer: CallAnswer, context: ReadContext): { answer: StationAnswer; violation?: SchemaViolation } {
  if (answer.is === 'error') return { answer: readError(answer) };
  const result = readResult(request, answer.payload, context);
  if (result.ok) return { answer: result.value };
  return { answer: { is: 'REJECTED', because: `malformed answer: ${result.problem.problem}`, garbled: true }, violation: result.problem };
}

function readResult(request: StationRequest, payload: unknown, context: ReadContext): Result<StationAnswer, SchemaViolation> {
  const { dialect } = context;
  switch (request.kind) {
    case 'set-charging-profile':
      return dialect.set.read(payload, request, context);
    case 'limit-evse':
      return dialect.limit.read(payload, request, context);
    case 'clear-charging-profile':
      return dialect.clear.read(payload, request, context);
    case 'restore-profile':
      return dialect.restore.read(payload, request, context);
    case 'get-composite-schedule':
      return dialect.composite.read(payload, request, context);
    default:
      return request satisfies never;
  }
}

function readError({ code, description }: { code: string; description: string }): StationAnswer {
  const because = description === '' ? code : `${code}: ${description}`;
  // A station without smart charging answers with one of these codes (OCPP 1.6 errata 3.38).
  if (code === 'NotImplemented' || code === 'NotSupported') return { is: 'REJECTED', because, lacksSmartCharging: true };
  return { is: 'REJECTED', because };
}
