import { RESPONSES, type ResponseType } from '../../domain/exchange.ts';
import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { fail, ok } from '../../domain/result.ts';
import type { ExchangeView } from './exchanges/schemas.ts';

/** The codes of refusals. CANCELLED: the right of the party ended; after it, the answers of a CPO (OCPI ChargingProfileResponse). */
export const REFUSALS = [
  'UNAUTHENTICATED',
  'CODE_NEEDED',
  'TOO_MANY_ATTEMPTS',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'INVALID',
  'TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'AMBIGUOUS',
  'NOT_CONNECTED',
  'NOT_POSSIBLE',
  'MODE_NEEDED',
  'TOO_MANY_STREAMS',
  'FAILED',
  'CANCELLED',
  ...RESPONSES.filter((it) => it !== 'ACCEPTED'),
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** A refused request: an HTTP status and the body that every error has. */
export interface Refusal {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500;
  code: RefusalCode;
  message: string;
  /** The part of the request that is wrong. */
  field?: string;
  allowed?: string;
  /** s until the same request may succeed: the header Retry-After. */
  retryAfter?: number;
  /** The exchange that was refused after it had begun. */
  exchange?: ExchangeView;
}

export const refuse = (status: Refusal['status'], code: RefusalCode, message: string) => fail<Refusal>({ status, code, message });
/** A refusal of a field that is missing or not allowed. */
export const invalid = (field: string, message: string, allowed?: string) =>
  fail<Refusal>({ status: 400, code: 'INVALID', message, field, ...(allowed !== undefined && { allowed }) });

/** s until the next request, when the refusal does not say how long. */
const USUAL_WAIT = 60;
/** The wait that a message names, such as "the next in 12 s". */
const secondsIn = (message: string): number => Math.max(1, Number(/\bin (\d{1,5}) s\b/.exec(message)?.[1] ?? USUAL_WAIT));

type Declined = Exclude<ResponseType, 'ACCEPTED'> | 'CANCELLED';
const STATUS: Readonly<Record<Declined, Refusal['status']>> = { REJECTED: 409, NOT_SUPPORTED: 409, CANCELLED: 409, TOO_OFTEN: 429, UNKNOWN_SESSION: 404 };

/** Refuses an id that means several objects; `what` names them in the plural. */
export const ambiguous = (field: string, what: string, { typed, ids }: { typed: string; ids: readonly string[] }) =>
  fail<Refusal>({ status: 409, code: 'AMBIGUOUS', message: describeSeveral(what, typed, ids), field, allowed: ids.join(', ') });

/** The object with an id, or the only one whose id begins with it; `noun` is what it is called, with a plural in `s` (F-78). */
export function oneById<T>(items: readonly T[], idOf: (item: T) => string, { noun, typed, field = noun }: { noun: string; typed: string; field?: string }) {
  const picked = pickById(items, idOf, typed);
  if (picked.is === 'ONE') return ok(picked.item);
  return picked.is === 'NONE' ? refuse(404, 'NOT_FOUND', `no ${noun} ${quote(typed)}`) : ambiguous(field, `${noun}s`, { typed, ids: picked.ids });
}

/** The negative answer to a request about a charging profile, of this node, a CPO or a charge point; `exchange`: when it had begun (F-73). */
export function declined(result: Declined, message = `the CPO answered ${result}`, exchange?: ExchangeView) {
  const status = STATUS[result];
  return fail<Refusal>({ status, code: result, message, ...(status === 429 && { retryAfter: secondsIn(message) }), ...(exchange && { exchange }) });
}

/** The body of every refusal. */
export const printRefusal = ({ status: _, retryAfter: __, ...error }: Refusal): string => JSON.stringify({ error });

/** A text of the request in quotes, cut to 64 characters for a message. */
export const quote = (text: string) => JSON.stringify(text.length > 64 ? `${text.slice(0, 60)}…` : text);
