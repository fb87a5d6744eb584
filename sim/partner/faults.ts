import type { ServerResponse } from 'node:http';
import type { Clock } from '../../src/domain/clock.ts';

/** How a partner's server goes wrong, as data. */
export type Fault =
  /** An answer of the test's own, such as a bare 500. */
  | { is: 'answer'; http: number; body?: string; contentType?: string }
  /** A lawful envelope with that OCPI status code. */
  | { is: 'ocpi'; code: number; http?: number }
  /** Takes the request and never answers. */
  | { is: 'hang' }
  | { is: 'hang-after-headers' }
  | { is: 'garbage' }
  | { is: 'wrong-content-type' }
  | { is: 'no-content' }
  | { is: 'redirect'; to: string }
  /** A good answer, one byte at a time. */
  | { is: 'trickle'; everyMilliseconds: number }
  /** A body that never ends. */
  | { is: 'endless' }
  /** Cuts the connection in the middle of the answer. */
  | { is: 'reset' };

/** The parts of a partner that can go wrong on their own. */
export type ModuleName = 'versions' | 'details' | 'credentials' | 'locations' | 'sessions' | 'chargingprofiles' | 'tokens' | 'callback' | 'hubclientinfo';

/** One fault for every request of a face, or a list with one for each request and good answers after it. */
export type Faults = Partial<Record<ModuleName, Fault | readonly Fault[]>>;

/** Hands out the fault for each request of a face in turn. */
export function faultsInTurn(faults: Faults): (face: ModuleName) => Fault | undefined {
  const counts = new Map<ModuleName, number>();
  return (face) => {
    const count = counts.get(face) ?? 0;
    counts.set(face, count + 1);
    const given = faults[face];
    return given === undefined || 'is' in given ? given : given[count];
  };
}

/** Answers wrongly; `good` is the body that would have been right. */
export function misbehave(fault: Fault, response: ServerResponse, { good, clock }: { good: string; clock: Clock }): void {
  const json = { 'content-type': 'application/json' };
  switch (fault.is) {
    case 'answer':
      return void response.writeHead(fault.http, { 'content-type': fault.contentType ?? 'application/json' }).end(fault.body ?? '');
    case 'ocpi':
      return void response.writeHead(fault.http ?? 200, json).end(JSON.stringify({ status_code: fault.code, timestamp: new Date(clock.now()).toISOString() }));
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
