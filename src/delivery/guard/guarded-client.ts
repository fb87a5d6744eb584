import type { Clock } from '../../domain/clock.ts';
import { type Answer, notSent } from './answer.ts';
import { type Resolve, resolveBySystem } from './connection.ts';
import { InFlight } from './in-flight.ts';
import { defaultLimits, type Limits, largestBody } from './limits.ts';
import { parseTarget, type Target } from './origin.ts';
import { listHeaders } from './outbound-headers.ts';
import { createPools } from './pools.ts';

/** What a guarded client is made with; only `userAgent` and `insecureHttp` must be said. */
export interface GuardedClientOptions {
  /** Named to every peer: `evenkeel/0.1.0`. */
  readonly userAgent: string;
  /** Lets `http` and addresses inside one's own house pass, for registered origins only. Never in service. */
  readonly insecureHttp: boolean;
  readonly resolve?: Resolve;
  readonly clock?: Pick<Clock, 'after'>;
  /** Certificates (PEM) of authorities trusted beside the usual ones. */
  readonly ca?: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** One request to a peer. */
export interface PeerRequest {
  /** Whose request it is: connections are never shared between peers, not even to one origin (SEC-05). */
  readonly peer: string;
  /** The origins registered for that peer, each as `originOf` gives it. */
  readonly origins: ReadonlySet<string>;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Requested byte for byte in path and query (CP-12). */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Gives the request up, as a timeout would. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole; 10 s by default. */
  readonly totalTimeoutMs?: number;
  /** Bytes of body to read at most; 64 kB by default, 4 MB at most, for paged lists. */
  readonly maxBodyBytes?: number;
}

/** The one way out of a node to its peers. */
export interface GuardedClient extends AsyncDisposable {
  /** Sends once, never follows a redirect, never throws, never repeats. */
  request(asked: PeerRequest): Promise<Answer>;
  /** Closes the connections of a peer that is no more; requests on their way may finish. */
  forget(peer: string): Promise<void>;
}

/** A URL that we build from a registered one, with ids and an encoded response_url, may be longer than the 255 characters of a given one. */
const longestUrl = 4_096;

const machineClock: Pick<Clock, 'after'> = {
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Makes the client through which every request to a peer goes: registered origins only, no way into our own network, all within limits (SEC-01 to SEC-07). */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  const { insecureHttp, resolve = resolveBySystem, clock = machineClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const trust = options.ca ? { ca: options.ca } : {};
  const pools = createPools(limits, { resolve, insecureHttp, clock, ...trust });
  const greeting = ['user-agent', options.userAgent, 'accept-encoding', 'identity'];

  function request(asked: PeerRequest): Promise<Answer> {
    const target = parseTarget(asked.url, { allowedOrigins: asked.origins, insecureHttp, maxLength: longestUrl });
    if (!target.ok) return Promise.resolve(notSent('origin_blocked', target.problem));
    const headers = listHeaders(asked.headers, greeting);
    if (!headers.ok) return Promise.resolve(notSent('refused', headers.problem));
    return send(asked, target.value, headers.value);
  }

  function send(asked: PeerRequest, { origin, path }: Target, headers: string[]): Promise<Answer> {
    const { peer, method, body, signal, totalTimeoutMs = limits.totalMs } = asked;
    if (signal?.aborted || totalTimeoutMs <= 0) return Promise.resolve(notSent('timeout', 'given up before it was sent'));
    return new Promise((settle) => {
      const flight = new InFlight(Math.min(asked.maxBodyBytes ?? limits.bodyBytes, largestBody), (answer) => {
        cancel();
        signal?.removeEventListener('abort', giveUp);
        settle(answer);
      });
      const giveUp = () => flight.fail('timeout', 'given up by the caller');
      const cancel = clock.after(totalTimeoutMs, () => flight.fail('timeout', `no answer within ${totalTimeoutMs} ms`));
      signal?.addEventListener('abort', giveUp);
      pools.of(peer, origin).dispatch({ method, path, headers, body: body ?? null }, flight);
    });
  }

  return { request, forget: pools.forget, [Symbol.asyncDispose]: pools[Symbol.asyncDispose] };
}
