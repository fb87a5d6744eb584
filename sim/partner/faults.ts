import type { ServerResponse } from 'node:http';
import type { Clock } from '../../src/domain/clock.ts';

/** What a partner's server does instead of its correct answer. */
export type Fault =
  /** Sends this answer, such as an empty 500. */
  | { is: 'answer'; http: number; body?: string; contentType?: string }
  /** Drops the connection and does nothing about the request, as a server that is not there. */
  | { is: 'away' }
  /** Sends a valid envelope with this OCPI status code. */
  | { is: 'ocpi'; code: number; http?: number }
  /** Never answers. */
  | { is: 'hang' }
  /** Sends the headers and no body. */
  | { is: 'hang-after-headers' }
  /** Sends a body that is not JSON. */
  | { is: 'garbage' }
  | { is: 'wrong-content-type' }
  | { is: 'no-content' }
  | { is: 'redirect'; to: string }
  /** Sends the correct answer, one byte at a time. */
  | { is: 'trickle'; everyMilliseconds: number }
  /** Sends a body that never ends. */
  | { is: 'endless' }
  /** Drops the connection in the middle of the answer. */
  | { is: 'reset' };

/** The OCPI modules of a partner, with `details` for version details and `callback` for response_url; each can have its own faults. */
export type ModuleName = 'versions' | 'details' | 'credentials' | 'locations' | 'sessions' | 'chargingprofiles' | 'tokens' | 'callback' | 'hubclientinfo';

/** One fault for every request of a module, or a list with one fault for each request and correct answers after that. */
export type Faults = Partial<Record<ModuleName, Fault | readonly Fault[]>>;

/** Returns the fault for each request of a module in turn. */
export function faultInTurn(faults: Faults): (module: ModuleName) => Fault | undefined {
  const counts = new Map<ModuleName, number>();
  return (module) => {
    const count = counts.get(module) ?? 0;
    counts.set(module, count + 1);
    const given = faults[module];
    return given === undefined || 'is' in given ? given : given[count];
  };
}

/** Answers a request with a fault; `good` is the correct body. */
export function applyFault(fault: Fault, response: ServerResponse, { good, clock }: { good: string; clock: Clock }): void {
  const json = { 'content-type': 'application/json' };
  switch (fault.is) {
    case 'answer':
      return void response.writeHead(fault.http, { 'content-type': fault.contentType ?? 'application/json' }).end(fault.body ?? '');
    case 'ocpi':
      return void response.writeHead(fault.http ?? 200, json).end(JSON.stringify({ status_code: fault.code, timestamp: new Date(clock.now()).toISOString() }));
    case 'away':
      return void response.destroy();
    case 'hang':
      return;
    case 'hang-after-headers':
      return void response.writeHead(200, { ...json, 'content-length': String(good.length) }).flushHeaders();
    case 'garbage':
      return void response.writeHead(200, json).end('<html>{"status_code": 1000');
    case 'wrong-content-type':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(good);
    case 'no-content':
      return void response.writeHead(204).end();
    case 'redirect':
      return void response.writeHead(307, { location: fault.to }).end();
    case 'trickle':
      response.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(good)) });
      trickle({ response, clock, every: fault.everyMilliseconds }, Buffer.from(good));
      return;
    case 'endless':
      response.writeHead(200, json);
      flood(response);
      return;
    case 'reset':
      response.writeHead(200, { ...json, 'content-length': '4096' });
      response.write('{"status_code"', () => response.destroy());
      return;
    default:
      fault satisfies never;
  }
}

function trickle(to: { response: ServerResponse; clock: Clock; every: number }, rest: Buffer): void {
  if (to.response.destroyed) return;
  if (rest.length === 0) return void to.response.end();
  to.response.write(rest.subarray(0, 1));
  to.clock.after(to.every, () => trickle(to, rest.subarray(1)));
}

function flood(response: ServerResponse): void {
  while (!response.destroyed && response.write(' '.repeat(65_536)));
  if (!response.destroyed) response.once('drain', () => flood(response));
}
