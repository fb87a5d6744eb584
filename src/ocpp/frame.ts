import { fail, ok, type Result } from '../domain/result.ts';

/** One OCPP-J message (OCPP-J 1.6 §4, OCPP 2.1 part 4 §4). `result-error` (CALLRESULTERROR) and `send` exist from OCPP 2.1 on. */
export type Frame =
  | { type: 'call'; id: string; action: string; payload: unknown }
  | { type: 'result'; id: string; payload: unknown }
  | { type: 'error'; id: string; code: string; description: string }
  | { type: 'result-error'; id: string; code: string; description: string }
  | { type: 'send'; id: string; action: string; payload: unknown };

/** A text that is not a valid frame. `isCall`: it is or may be a CALL, whose sender waits for an answer. */
export interface Unreadable {
  id?: string;
  isCall: boolean;
  problem: string;
}

// The standard allows 36 characters; some stations send a UUID in braces or with a prefix.
const LONGEST_ID = 64;
const LONGEST_DESCRIPTION = 255;

/** Parses one text message; never throws. */
export function parseFrame(text: string): Result<Frame, Unreadable> {
  const parts = parseArray(text);
  if (!parts) return fail({ isCall: true, problem: 'not a JSON array' });
  const [type, id] = parts;
  if (type !== 2 && type !== 3 && type !== 4 && type !== 5 && type !== 6) return fail({ isCall: false, problem: 'message type is none of 2, 3, 4, 5, 6' });
  const isCall = type === 2;
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID)
    return fail({ isCall, problem: `message id is not a text of 1 to ${LONGEST_ID} characters` });
  const frame = type === 2 || type === 6 ? readCall(parts, id) : type === 3 ? readResult(parts, id) : readError(parts, id);
  return frame ? ok(frame) : fail({ isCall, id, problem: `not the parts of a message of type ${type}` });
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readCall(parts: unknown[], id: string): Frame | undefined {
  const [type, , action, payload] = parts;
  if (parts.length !== 4 || typeof action !== 'string') return undefined;
  return { type: type === 6 ? 'send' : 'call', id, action, payload };
}

function readResult(parts: unknown[], id: string): Frame | undefined {
  return parts.length === 3 ? { type: 'result', id, payload: parts[2] } : undefined;
}

// Some stations leave out the description or the details of an error; both are optional here.
function readError(parts: unknown[], id: string): Frame | undefined {
  const [type, , code, description] = parts;
  if (parts.length < 3 || parts.length > 5 || typeof code !== 'string') return undefined;
  const text = typeof description === 'string' ? description.slice(0, LONGEST_DESCRIPTION) : '';
  return { type: type === 5 ? 'result-error' : 'error', id, code: code.slice(0, LONGEST_ID), description: text };
}

/** Writes one frame as text. Descriptions are cut at the 255 characters that the standard allows. */
export function printFrame(frame: Frame): string {
  switch (frame.type) {
    case 'call':
      return JSON.stringify([2, frame.id, frame.action, frame.payload]);
    case 'result':
      return JSON.stringify([3, frame.id, frame.payload]);
    case 'error':
      return JSON.stringify([4, frame.id, frame.code, frame.description.slice(0, LONGEST_DESCRIPTION), {}]);
    case 'result-error':
      return JSON.stringify([5, frame.id, frame.code, frame.description.slice(0, LONGEST_DESCRIPTION), {}]);
    case 'send':
      return JSON.stringify([6, frame.id, frame.action, frame.payload]);
    default:
      return frame satisfies never;
  }
}
