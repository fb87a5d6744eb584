import { RESPONSES, type ResponseType } from '../../domain/exchange.ts';
import { fail } from '../../domain/result.ts';

/** The codes of refusals. The last ones are answers of a CPO (OCPI ChargingProfileResponse). */
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
  'TOO_MANY_STREAMS',
  'FAILED',
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
}

export const refuse = (status: Refusal['status'], code: RefusalCode, message: string) => fail<Refusal>({ status, code, message });
/** A refusal of a field that is missing or not allowed. */
export const invalid = (field: string, message: string, allowed?: string) =>
  fail<Refusal>({ status: 400, code: 'INVALID', message, field, ...(allowed !== undefined && { allowed }) });

/** The negative answer of a CPO or charge point to a request about a charging profile. */
export const declined = (result: Exclude<ResponseType, 'ACCEPTED'>, message: string | undefined) =>
  refuse(result === 'UNKNOWN_SESSION' ? 404 : 409, result, message ?? `the CPO answered ${result}`);

/** The body of every refusal. */
export const printRefusal = ({ status: _, ...error }: Refusal): string => JSON.stringify({ error });

/** A text of the request in quotes, cut to 64 characters for a message. */
export const quote = (text: string) => JSON.stringify(text.length > 64 ? `${text.slice(0, 60)}…` : text);
