import type { Dialect, Ears } from './dialect.ts';
import type { Frame, Unreadable } from './frame.ts';
import { type Anomaly, cut } from './log.ts';
import type { SchemaBook } from './schema.ts';

type CallFrame = Extract<Frame, { type: 'call' }>;

/** The frame that answers a message, and what was odd about it. */
export interface Reply {
  frame: Frame;
  odd?: { oddity: Anomaly; because: string };
}

/** Answers a call, after what it told has been heard. A payload that does not fit gets its version's error with the field named. */
export async function answerCall(call: CallFrame, { dialect, book, ears }: { dialect: Dialect; book: SchemaBook; ears: Ears }): Promise<Reply> {
  const notice = dialect.notices.get(call.action);
  if (!notice) return refuseAction(call, book);
  const answer = await notice.answer(call.payload, book, ears);
  if (answer.ok) return { frame: { type: 'result', id: call.id, payload: answer.value } };
  const { kind, problem } = answer.problem;
  return refuse(call.id, dialect.faultCodes[kind], { oddity: 'unfit-message', because: problem });
}

/** An action that the standard has, but not for a station to send, is not supported; any other is not known. */
function refuseAction({ id, action }: CallFrame, book: SchemaBook): Reply {
  const known = book.knows(`${action}Request`);
  return refuse(id, known ? 'NotSupported' : 'NotImplemented', { oddity: 'unknown-action', because: `no station sends ${cut(action)}` });
}

/** The answer to a frame that is none: only a call waits for one. */
export function answerUnreadable({ id, isCall, problem }: Unreadable, dialect: Dialect): Frame | undefined {
  const readableId = id ?? dialect.unreadableId;
  if (!isCall || readableId === undefined) return undefined;
  return { type: 'error', id: readableId, code: dialect.frameFault, description: problem };
}

function refuse(id: string, code: string, odd: Required<Reply>['odd']): Reply {
  return { frame: { type: 'error', id, code, description: odd.because }, odd };
}
