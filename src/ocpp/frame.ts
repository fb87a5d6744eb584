import { fail, ok, type Result } from '../domain/result.ts';

/** One OCPP-J message (OCPP-J 1.6 §4, OCPP 2.1 part 4 §4). `result-error` (CALLRESULTERROR) and `send` exist from OCPP 2.1 on. */
export type Frame = Parts & {
  /** How the text differs from the standard; only in frames that were parsed. */
  odd?: string;
};
type Parts =
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

/** Parses one text message as far as its purpose goes: parts too few or too many are named in `odd`. Never throws. */
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
  if (typeof action !== 'string') return undefined;
  return { type: type === 6 ? 'send' : 'call', id, action, payload, ...oddLength(parts, 4, 4) };
}

function readResult(parts: unknown[], id: string): Frame {
  return { type: 'result', id, payload: parts[2], ...oddLength(parts, 3, 3) };
}

// Some stations leave out the description or the details of an error; both are optional here. An error without a code still ends its call (F-26).
function readError(parts: unknown[], id: string): Frame {
  const [type, , code, description] = parts;
  const isCoded = typeof code === 'string';
  return {
    type: type === 5 ? 'result-error' : 'error',
    id,
    code: isCoded ? code.slice(0, LONGEST_ID) : NO_CODE,
    description: typeof description === 'string' ? description.slice(0, LONGEST_DESCRIPTION) : '',
    ...(isCoded ? oddLength(parts, 3, 5) : { odd: 'an error without a code' }),
  };
}

/** The code of an error that the standard has for everything else. */
const NO_CODE = 'GenericError';

const oddLength = ({ length }: unknown[], least: number, most: number): { odd?: string } => (length < least || length > most ? { odd: `${length} parts` } : {});

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
