import type { Clock } from '../../domain/clock.ts';
import type { Reach } from './address.ts';
import { type Answer, notSent } from './answer.ts';
import { type Resolve, resolveBySystem } from './connection.ts';
import { InFlight } from './in-flight.ts';
import { defaultLimits, type Limits, largestBody } from './limits.ts';
import { parseTarget, type Target } from './origin.ts';
import { listHeaders } from './outbound-headers.ts';
import { createPools } from './pools.ts';

/** Options of a guarded client; only `userAgent` and `insecureHttp` are required. */
export interface GuardedClientOptions extends Reach {
  /** The User-Agent header, such as `evenkeel/0.1.0`. */
  readonly userAgent: string;
  readonly resolve?: Resolve;
  readonly clock?: Pick<Clock, 'after'>;
  /** Certificates (PEM) of further trusted authorities. */
  readonly ca?: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** One request to a peer. */
export interface PeerRequest {
  /** The peer's id: connections are never shared between peers, not even to the same origin (SEC-05). */
  readonly peer: string;
  /** The origins that are registered for the peer, each as `originOf` returns it. */
  readonly origins: ReadonlySet<string>;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query are sent byte for byte (CP-12). */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborts the request, which then fails as `timeout`. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole request; 10 s by default. */
  readonly totalTimeoutMs?: number;
  /** Bytes of the answer's body at most; 64 kB by default, up to 4 MB for paginated lists. */
  readonly maxBodyBytes?: number;
}

/** The only HTTP client of a node for its peers. */
export interface GuardedClient extends AsyncDisposable {
  /** Sends the request at most once and follows no redirect; a failure is a value, it never rejects. */
  request(outgoing: PeerRequest): Promise<Answer>;
  /** Closes the connections of a peer that has unregistered; running requests may finish. */
  forget(peer: string): Promise<void>;
}

/** Characters of a URL at most. A URL that the node builds, with ids and an encoded response_url, may be longer than OCPI's 255. */
const maxUrlLength = 4_096;

const machineClock: Pick<Clock, 'after'> = {
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Creates the client for all requests to peers: registered origins only, no access to local addresses, limited time and size (SEC-01 to SEC-07). */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  const { insecureHttp, reachable = [], resolve = resolveBySystem, clock = machineClock } = options;
  const reach: Reach = { insecureHttp, reachable };
  const limits = { ...defaultLimits, ...options.limits };
  const trust = options.ca ? { ca: options.ca } : {};
  const pools = createPools(limits, { resolve, ...reach, clock, ...trust });
  const ownHeaders = ['user-agent', options.userAgent, 'accept-encoding', 'identity'];

  function request(outgoing: PeerRequest): Promise<Answer> {
    const target = parseTarget(outgoing.url, { allowedOrigins: outgoing.origins, ...reach, maxLength: maxUrlLength });
    if (!target.ok) return Promise.resolve(notSent('origin_blocked', target.problem));
    const headers = listHeaders(outgoing.headers, ownHeaders);
    if (!headers.ok) return Promise.resolve(notSent('refused', headers.problem));
    return send(outgoing, target.value, headers.value);
  }

  function send(outgoing: PeerRequest, { origin, path }: Target, headers: string[]): Promise<Answer> {
    const { peer, method, body, signal, totalTimeoutMs = limits.totalMs } = outgoing;
    if (signal?.aborted || totalTimeoutMs <= 0) return Promise.resolve(notSent('timeout', 'aborted before it was sent'));
    return new Promise((settle) => {
      const flight = new InFlight(Math.min(outgoing.maxBodyBytes ?? limits.bodyBytes, largestBody), (answer) => {
        cancel();
        signal?.removeEventListener('abort', abort);
        settle(answer);
      });
      const abort = () => flight.fail('timeout', 'aborted by the caller');
      const cancel = clock.after(totalTimeoutMs, () => flight.fail('timeout', `no answer within ${totalTimeoutMs} ms`));
      signal?.addEventListener('abort', abort);
      pools.of(peer, origin).dispatch({ method, path, headers, body: body ?? null }, flight);
    });
  }

  return { request, forget: pools.forget, [Symbol.asyncDispose]: pools[Symbol.asyncDispose] };
}
