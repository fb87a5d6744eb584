import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../domain/result.ts';

/** A credentials token and the way it was written in an Authorization header. */
export interface PresentedToken {
  text: string;
  style: TokenStyle;
}
/** `base64`: as OCPI 2.2.1-d2 asks; `raw`: as some peers write it. */
export type TokenStyle = 'base64' | 'raw';

const legalToken = /^[\x21-\x7e]{1,64}$/;
const base64 = /^[A-Za-z0-9+/]{2,}={0,2}$/;
/** Enough for 64 characters in Base64, the line break of A-01, and spaces. */
const longestHeader = 128;

/** Writes an Authorization header: `Token`, one space, the token in Base64 (TRN-02, TRN-03), or raw for peers that read no Base64 (TRN-05). */
export function printAuthorization({ text, style }: PresentedToken): string {
  return `Token ${style === 'raw' ? text : Buffer.from(text, 'utf8').toString('base64')}`;
}

/**
 * Every token that an Authorization header can mean, the decoded one first: a raw token may be valid Base64 by chance
 * (A-02). Empty when the header is missing, has another scheme, or holds no valid token.
 */
export function presentedTokens(header: string | undefined): readonly PresentedToken[] {
  if (header === undefined || header.length > longestHeader || !/^token /i.test(header)) return [];
  const written = header.slice(6).trim();
  const decoded = decode(written);
  return [
    ...(decoded !== undefined ? [{ text: decoded, style: 'base64' } as const] : []),
    ...(legalToken.test(written) ? [{ text: written, style: 'raw' } as const] : []),
  ];
}

function decode(written: string): string | undefined {
  if (!base64.test(written)) return undefined;
  // The specification's examples and `echo TOKEN | base64` encode a line break at the end (A-01).
  const text = Buffer.from(written, 'base64')
    .toString('latin1')
    .replace(/\r?\n$/, '');
  return legalToken.test(text) ? text : undefined;
}

/** A party as the routing headers name it; compare it case-insensitively (RTE-03). */
export interface PartyName {
  countryCode: string;
  partyId: string;
  hub?: never;
}

/** A hub's own party. A message to it is a broadcast, so only a GET of a list accepts it as receiver (RTE-10, RTE-13). */
export interface HubName {
  countryCode: string;
  partyId: string;
  hub: true;
}

/** The receiver and the sender of a message of a functional module (OCPI 2.2.1 §4.1.8.2). */
export interface Routing {
  to?: PartyName;
  from?: PartyName;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
const one = (value: string | readonly string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.[0]);

/** Reads the four routing headers; the problem names the header that is missing or no valid party. */
export function readRouting(headers: Headers): Result<Routing> {
  const to = readParty(headers, 'to');
  if (!to.ok) return to;
  const from = readParty(headers, 'from');
  if (!from.ok) return from;
  return ok({ ...(to.value && { to: to.value }), ...(from.value && { from: from.value }) });
}

function readParty(headers: Headers, way: 'to' | 'from'): Result<PartyName | undefined> {
  const countryCode = one(headers[`ocpi-${way}-country-code`]);
  const partyId = one(headers[`ocpi-${way}-party-id`]);
  if (countryCode === undefined && partyId === undefined) return ok(undefined);
  if (!/^[\x21-\x7e]{2}$/.test(countryCode ?? '')) return fail(wrong(`OCPI-${way}-country-code`, countryCode, 2));
  if (!/^[\x21-\x7e]{3}$/.test(partyId ?? '')) return fail(wrong(`OCPI-${way}-party-id`, partyId, 3));
  return ok({ countryCode: countryCode ?? '', partyId: partyId ?? '' });
}

const wrong = (name: string, found: string | undefined, length: number) =>
  `${name}: ${found === undefined ? 'missing' : `found ${JSON.stringify(found.slice(0, 20))}`}, allowed: ${length} printable characters`;

/** Writes the routing headers. */
export const printRouting = ({ to, from }: Routing): Record<string, string> => ({
  ...(to && { 'OCPI-to-country-code': to.countryCode, 'OCPI-to-party-id': to.partyId }),
  ...(from && { 'OCPI-from-country-code': from.countryCode, 'OCPI-from-party-id': from.partyId }),
});

/** Cleans an id from a header so that it can be logged and sent back: printable ASCII, at most 64 characters (SEC-24); undefined when nothing is left. */
export function readId(value: string | readonly string[] | undefined): string | undefined {
  const text = one(value)
    ?.slice(0, 256)
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, 64);
  return text === '' ? undefined : text;
}

/** The two ids of every message (OCPI 2.2.1 §4.2). */
export interface MessageIds {
  requestId: string;
  correlationId: string;
}
/** Reads the ids of a message; a missing id is replaced by a new one (TRN-46, TRN-47). */
export const readIds = (headers: Headers): MessageIds => ({
  requestId: readId(headers['x-request-id']) ?? randomUUID(),
  correlationId: readId(headers['x-correlation-id']) ?? randomUUID(),
});
/** Writes the id headers of a message. */
export const printIds = ({ requestId, correlationId }: MessageIds): Record<string, string> => ({
  'X-Request-ID': requestId,
  'X-Correlation-ID': correlationId,
});
