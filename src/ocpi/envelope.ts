import type { EpochMillis } from '../domain/units.ts';
import { printDateTime } from './date-time.ts';
import type { PartyName } from './headers.ts';
import type { PageQuery } from './paging.ts';
import { type StatusCode, statusCodes } from './status.ts';

/** HTTP statuses that an OCPI answer may have. */
export type HttpStatus = 200 | 201 | 400 | 401 | 404 | 405 | 408 | 413 | 414 | 415 | 417 | 431;

/** What is answered to one request; `serve` puts it in the envelope. No `data`: left out (TRN-42). */
export interface Reply<A> {
  status: HttpStatus;
  code: StatusCode;
  message?: string;
  data?: A;
  /** Of a list in pages: where in the list this page is. */
  page?: { query: PageQuery; total: number; held: number };
  /** The party that answers, when the request left open which one that is (RTE-07). */
  from?: PartyName;
  headers?: Readonly<Record<string, string>>;
}

/** Done, and this is the data. */
export const success = <A>(data: A): Reply<A> => ({ status: 200, code: 1000, data });
/** Done; the specification names no data for this answer, so there is none. */
export const acknowledged = (): Reply<never> => ({ status: 200, code: 1000 });
/** Done, and the object did not exist before (STA-05). */
export const created = (): Reply<never> => ({ status: 201, code: 1000 });
/** The page that `query` asks for, of a list of which `total` objects match for this client in all; `serve` adds Link, X-Total-Count and X-Limit. */
export const page = <T>(items: T[], { query, total }: { query: PageQuery; total: number }): Reply<T[]> => ({
  ...success(items),
  page: { query, total, held: items.length },
});
/** A field that is missing or not allowed: HTTP 200 with 2001 (STA-02, STA-09). The message names the field, what was found and what is allowed. */
export const invalid = (message: string): Reply<never> => ({ status: 200, code: 2001, message });
/** No such object for this client: HTTP 404 (STA-03). */
export const notFound = (message = 'No such object'): Reply<never> => ({ status: 404, code: 2000, message });
/** Not in this state of the registration, or not with this method: HTTP 405 (CRE-12, CP-01). */
export const notAllowed = (message: string): Reply<never> => ({ status: 405, code: 2000, message });
/** Understood and refused with a code of its own, at HTTP 200. */
export const refused = (code: Exclude<StatusCode, 1000>, message: string): Reply<never> => ({ status: 200, code, message });

/** What every body that leaves a server looks like (OCPI 2.2.1 §4.1.7). */
export interface Envelope {
  data?: unknown;
  status_code: number;
  status_message?: string;
  timestamp: string;
}

/** The envelope as text; `timestamp` is the moment given. */
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
