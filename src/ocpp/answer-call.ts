import type { Dialect, HandlerContext } from './dialect.ts';
import type { Frame, Unreadable } from './frame.ts';
import { type Anomaly, shorten } from './log.ts';
import type { SchemaSet } from './schema.ts';

type CallFrame = Extract<Frame, { type: 'call' }>;

/** The frame that answers a call, and the anomaly to report when the call was not valid. */
export interface Reply {
  frame: Frame;
  incident?: { anomaly: Anomaly; because: string };
}

/** Answers a call after the node has committed its content. An invalid payload gets the error code of the OCPP version and the name of the field. */
export async function answerCall(
  call: CallFrame,
  { dialect, schemas, handlerContext }: { dialect: Dialect; schemas: SchemaSet; handlerContext: HandlerContext },
): Promise<Reply> {
  const handler = dialect.handlers.get(call.action);
  if (!handler) return refuseAction(call, schemas);
  const answer = await handler.answer(call.payload, schemas, handlerContext);
  if (answer.ok) return { frame: { type: 'result', id: call.id, payload: answer.value } };
  const { kind, problem } = answer.problem;
  return refuse(call.id, dialect.violationCodes[kind], { anomaly: 'invalid-payload', because: problem });
}

/** NotSupported for an action that only the node may send, NotImplemented for an action that the standard does not have. */
function refuseAction({ id, action }: CallFrame, schemas: SchemaSet): Reply {
  const known = schemas.knows(`${action}Request`);
  return refuse(id, known ? 'NotSupported' : 'NotImplemented', { anomaly: 'unknown-action', because: `no station sends ${shorten(action)}` });
}

/** The CALLERROR for a frame that cannot be read; undefined when the frame is not a call or its id cannot be named. */
export function answerUnreadable({ id, isCall, problem }: Unreadable, dialect: Dialect): Frame | undefined {
  const readableId = id ?? dialect.unreadableId;
  if (!isCall || readableId === undefined) return undefined;
  return { type: 'error', id: readableId, code: dialect.frameErrorCode, description: problem };
}

function refuse(id: string, code: string, incident: Required<Reply>['incident']): Reply {
  return { frame: { type: 'error', id, code, description: incident.because }, incident };
}
