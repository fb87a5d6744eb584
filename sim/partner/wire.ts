import { randomUUID } from 'node:crypto';
import { witnessed } from './witness.ts';

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A JSON object, or an empty one for any other value. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
/** The objects in a JSON array; empty for any other value. */
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
/** A JSON string, or an empty one for any other value. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An answer, unchanged. */
export interface PartnerAnswer {
  http: number;
  headers: Headers;
  text: string;
  /** The body if it is a JSON object, else empty. */
  envelope: Fields;
  /** Member `data` of the envelope. */
  data: unknown;
}

/** A request of a partner. */
export interface PartnerRequest {
  method: string;
  url: string;
  token: string;
  /** Sends the token without Base64 encoding. */
  rawToken?: boolean;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A party as headers, bodies and URLs name it. */
export interface PartyId {
  country_code: string;
  party_id: string;
}

/** The routing headers of OCPI for a sender and a receiver; a missing party gets no headers. */
export const routingHeaders = ({ from, to }: { from?: PartyId | undefined; to?: PartyId | undefined }): Record<string, string> => ({
  ...(from && { 'OCPI-from-country-code': from.country_code, 'OCPI-from-party-id': from.party_id }),
  ...(to && { 'OCPI-to-country-code': to.country_code, 'OCPI-to-party-id': to.party_id }),
});

/** The Authorization header of OCPI: `Token`, one space, the token in Base64 of its UTF-8 bytes (OCPI 2.2.1-d2 §4.1.1). */
export const authorization = (token: string, raw = false) => `Token ${raw ? token : Buffer.from(token, 'utf8').toString('base64')}`;

/** Sends an OCPI request with the headers that every request must have; does not follow redirects. */
export async function send({ method, url, token, rawToken, body, headers }: PartnerRequest): Promise<PartnerAnswer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      Authorization: authorization(token, rawToken),
      'X-Request-ID': randomUUID(),
      'X-Correlation-ID': randomUUID(),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  witnessed({ method, url, of: 'answer', text });
  const envelope = fieldsOf(parse(text));
  return { http: response.status, headers: response.headers, text, envelope, data: envelope.data };
}

/** Appends path segments to the URL of an endpoint; its query stays at the end. */
export function join(endpoint: string, ...segments: string[]): string {
  const [path = '', ...query] = endpoint.split('?');
  const joined = [path.replace(/\/$/, ''), ...segments.map(encodeURIComponent)].join('/');
  return [joined, ...query].join('?');
}

/** Adds parameters to the query of a URL. */
export function withQuery(url: string, query: Record<string, string>): string {
  const added = new URLSearchParams(query).toString();
  return `${url}${url.includes('?') ? '&' : '?'}${added}`;
}

/** Parses JSON; undefined when the text is no JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
