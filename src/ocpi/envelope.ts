import type { EpochMillis } from '../domain/units.ts';
import { printDateTime } from './date-time.ts';
import type { PartyName } from './headers.ts';
import type { PageQuery } from './paging.ts';
import { type StatusCode, statusCodes } from './status.ts';

/** The HTTP statuses that a server of OCPI sends. */
export type HttpStatus = 200 | 201 | 400 | 401 | 404 | 405 | 408 | 413 | 414 | 415 | 417 | 429 | 431;

/** The answer to one request; `serve` writes it as an envelope, without `data` when there is none (TRN-42). */
export interface Reply<A> {
  status: HttpStatus;
  code: StatusCode;
  message?: string;
  data?: A;
  /** For one page of a list: the query, the objects in the whole list, and the objects on this page. */
  page?: { query: PageQuery; total: number; count: number };
  /** The party that answers a request with open routing (RTE-07). */
  from?: PartyName;
  headers?: Readonly<Record<string, string>>;
  /** Work that must not change how long the reply takes: called once, after the reply was sent or its connection is closed. */
  afterwards?: () => void;
}

/** HTTP 200 with 1000 and data. */
export const success = <A>(data: A): Reply<A> => ({ status: 200, code: 1000, data });
/** HTTP 200 with 1000 and no data, where the specification names none. */
export const acknowledged = (): Reply<never> => ({ status: 200, code: 1000 });
/** HTTP 201 with 1000: the object did not exist before (STA-05). */
export const created = (): Reply<never> => ({ status: 201, code: 1000 });
/** The page that `query` requests, from a list where `total` objects match for this client; `serve` adds Link, X-Total-Count and X-Limit. */
export const page = <T>(items: T[], { query, total }: { query: PageQuery; total: number }): Reply<T[]> => ({
  ...success(items),
  page: { query, total, count: items.length },
});
/** HTTP 200 with 2001 for a missing or wrong field; the message names the field, what was found and what is allowed (STA-02, STA-09). */
export const invalid = (message: string): Reply<never> => ({ status: 200, code: 2001, message });
/** HTTP 404: there is no such object for this client (STA-03). */
export const notFound = (message = 'No such object'): Reply<never> => ({ status: 404, code: 2000, message });
/** HTTP 405: the method is not offered, or not in this state of the registration (CRE-12, CP-01). */
export const notAllowed = (message: string): Reply<never> => ({ status: 405, code: 2000, message });
/** HTTP 429: the sender has sent too many messages; the next is allowed in so many whole seconds. */
export const tooMany = (message: string, waitSeconds: number): Reply<never> => ({
  status: 429,
  code: 2000,
  message,
  headers: { 'Retry-After': String(waitSeconds) },
});
/** HTTP 200 with a status code that says why the request is refused. */
export const refused = (code: Exclude<StatusCode, 1000>, message: string): Reply<never> => ({ status: 200, code, message });

/** HTTP 404 for a URL path that no endpoint has. */
export const unknownPath = (): Reply<never> => notFound('No endpoint has this path: build URLs from those in the version details');
/** HTTP 200 with 3000 for a fault of this node; it reveals no detail (STA-08). */
export const internalError = (): Reply<never> => refused(3000, 'Internal error of this platform: try again later, or contact its operator');

/** The body of every answer (OCPI 2.2.1 §4.1.7). */
export interface Envelope {
  data?: unknown;
  status_code: number;
  status_message?: string;
  timestamp: string;
}

/** Writes a reply as envelope text; `at` becomes its `timestamp`. */
export function printEnvelope(reply: Reply<unknown>, at: EpochMillis): string {
  const message = (reply.message ?? statusCodes[reply.code]).slice(0, 255);
  const envelope: Envelope = {
    ...(reply.data !== undefined && { data: reply.data }),
    status_code: reply.code,
    status_message: message,
    timestamp: printDateTime(at),
  };
  return JSON.stringify(envelope);
}
