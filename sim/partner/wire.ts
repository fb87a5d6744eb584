import { randomUUID } from 'node:crypto';

/** JSON of which nothing is known yet but that it has members. */
export type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What came back from the other side, as it came. */
export interface PartnerAnswer {
  http: number;
  headers: Headers;
  text: string;
  /** The body when it is JSON with members. */
  envelope: Fields;
  /** Member `data` of the envelope. */
  data: unknown;
}

export interface Outgoing {
  method: string;
  url: string;
  token: string;
  /** Sends the token as it is, not in Base64. */
  rawToken?: boolean;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The Authorization header of OCPI: `Token`, one space, the token in Base64 of its UTF-8 bytes (OCPI 2.2.1-d2 §4.1.1). */
export const authorization = (token: string, raw = false) => `Token ${raw ? token : Buffer.from(token, 'utf8').toString('base64')}`;

/** Sends one OCPI request with the headers that every request must have; redirects are not followed. */
export async function send({ method, url, token, rawToken, body, headers }: Outgoing): Promise<PartnerAnswer> {
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
  const envelope = fieldsOf(parse(text));
  return { http: response.status, headers: response.headers, text, envelope, data: envelope.data };
}

/** An endpoint's URL with more segments; its own query stays at the end. */
export function join(endpoint: string, ...segments: string[]): string {
  const [path = '', ...query] = endpoint.split('?');
  const joined = [path.replace(/\/$/, ''), ...segments.map(encodeURIComponent)].join('/');
  return [joined, ...query].join('?');
}

/** Adds members to the query of a URL that may have one already. */
export function withQuery(url: string, query: Record<string, string>): string {
  const added = new URLSearchParams(query).toString();
  return `${url}${url.includes('?') ? '&' : '?'}${added}`;
}

/** JSON or `undefined`. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
