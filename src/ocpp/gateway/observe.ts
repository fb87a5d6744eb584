import { type TokenDecision, tokenStatuses } from '../../domain/station.ts';
import type { CallAnswer, Dialect, HandlerContext } from '../dialect.ts';
import { parseFrame } from '../frame.ts';
import type { StationPatience } from '../patience/station-patience.ts';
import type { SchemaSet } from '../schema.ts';

/** A call that passed, and the answer that passed back, as they were on the wire. */
export interface Exchanged {
  call: string;
  /** Undefined: no answer came. */
  answer: string | undefined;
}

/** What passed, understood. `none`: no answer came. */
export interface Observed {
  action: string;
  payload: unknown;
  answer: CallAnswer | { is: 'none' };
}

/** Reads a call and its answer; undefined when one of them is no frame of OCPP-J. */
export function readExchanged({ call, answer }: Exchanged): Observed | undefined {
  const asked = parseFrame(call);
  if (!asked.ok || asked.value.type !== 'call') return undefined;
  const { action, payload } = asked.value;
  const answered = answer === undefined ? ({ is: 'none' } as const) : answerIn(answer);
  return answered && { action, payload, answer: answered };
}

/** The answer in a text; undefined when it is none. */
export function answerIn(text: string): CallAnswer | undefined {
  const frame = parseFrame(text);
  if (!frame.ok) return undefined;
  if (frame.value.type === 'result') return { is: 'result', payload: frame.value.payload };
  return frame.value.type === 'error' ? { is: 'error', code: frame.value.code, description: frame.value.description } : undefined;
}

/** What the messages of a station mean without an answer that counts: nothing has started. */
const NEED_A_RESULT: readonly string[] = ['StartTransaction'];
/** Calls in which the node would decide something; behind a CSMS it has no say in them. */
const NOT_OURS: readonly string[] = ['Authorize', 'NotifyEVChargingNeeds', 'DataTransfer'];

/** What understanding a station's call needs. */
export interface ObserveContext {
  dialect: Dialect;
  schemas: SchemaSet;
  patience: Pick<StationPatience, 'action'>;
  handlerContext: HandlerContext;
}

/**
 * Takes in what a station reported to its CSMS, as if the node were the CSMS that gave this answer. Returns the problem when the message
 * cannot be read; rejects when the host fails.
 */
export async function observeStationCall(observed: Observed, { dialect, schemas, patience, handlerContext }: ObserveContext): Promise<string | undefined> {
  const action = patience.action(observed.action, [...dialect.handlers.keys()]);
  const handler = dialect.handlers.get(action);
  if (!handler || NOT_OURS.includes(action) || (observed.answer.is !== 'result' && NEED_A_RESULT.includes(action))) return undefined;
  const taken = await handler.answer(
    observed.payload,
    schemas,
    decidedBy(observed.answer.is === 'result' ? observed.answer.payload : undefined, handlerContext),
  );
  return taken.ok ? undefined : `${action}: ${taken.problem.problem}`;
}

/** The context of a handler in which the decisions are those that the CSMS has answered. */
function decidedBy(answer: unknown, context: HandlerContext): HandlerContext {
  const decision = decisionIn(answer);
  return {
    ...context,
    authorize: async () => decision,
    startTransaction: async () => ({ transactionId: numberIn(answer, 'transactionId'), decision }),
  };
}

/** `idTagInfo` of OCPP 1.6, `idTokenInfo` of 2.x; an answer without either refuses nothing. A status that only one version has means that the token may not charge. */
function decisionIn(answer: unknown): TokenDecision {
  const info = valueIn(answer, 'idTagInfo') ?? valueIn(answer, 'idTokenInfo');
  if (info === undefined) return { status: 'Accepted' };
  const status = valueIn(info, 'status');
  return { status: tokenStatuses.find((it) => it === status) ?? 'Invalid' };
}

const valueIn = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

const numberIn = (value: unknown, key: string): number => Number(valueIn(value, key) ?? 0);
