import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { reasonOf } from '../log.ts';
import type { Dial } from './upstream.ts';

/** One attempt to connect to a CSMS as a station. */
export interface LegAttempt {
  url: string;
  /** The subprotocols that the station offers, in its order. */
  protocols: readonly string[];
  authorization: string | undefined;
  dial: Dial;
  /** Bytes of one message at most. */
  messageBytes: number;
  /** Milliseconds for connection, TLS and upgrade together. */
  timeout: number;
}

/** What became of an attempt. An open socket is paused: nothing is lost before somebody listens. `refused`: the CSMS does not want this station. */
export type OpenedLeg = { is: 'open'; socket: WebSocket; protocol: string } | { is: 'refused'; status: number } | { is: 'away'; because: string };

/** Answers of a CSMS that are about this station; all others mean that the CSMS cannot serve anybody now. */
const REFUSALS = [400, 401, 403, 404];

/** Connects to a CSMS as a station; never rejects. */
export async function openCsmsLeg(attempt: LegAttempt): Promise<OpenedLeg> {
  try {
    const opened = await open(attempt);
    // `ws` takes a CSMS that chooses none of the offered subprotocols only when none is offered.
    return opened.is === 'away' && opened.because === NO_SUBPROTOCOL && attempt.protocols.length > 0 ? await open({ ...attempt, protocols: [] }) : opened;
  } catch (error) {
    return { is: 'away', because: reasonOf(error) };
  }
}

const NO_SUBPROTOCOL = 'Server sent no subprotocol';
/** A name that may stand in `Sec-WebSocket-Protocol` (RFC 6455 §4.1). */
const PROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function open({ url, protocols, authorization, dial, messageBytes, timeout }: LegAttempt): Promise<OpenedLeg> {
  const { promise, resolve } = Promise.withResolvers<OpenedLeg>();
  const socket = new WebSocket(url, [...new Set(protocols.filter((it) => PROTOCOL.test(it)))], {
    ...(authorization !== undefined && { headers: { authorization } }),
    perMessageDeflate: false,
    maxPayload: messageBytes,
    handshakeTimeout: timeout,
    followRedirects: false,
    autoPong: false,
    createConnection: ((options: { host?: string; port?: number | string }, done: (error: Error | null, opened?: unknown) => void) => {
      const { hostname, port, protocol } = new URL(url);
      dial({ hostname: options.host ?? hostname, port, secure: protocol === 'wss:' }).then(
        (opened) => done(null, opened),
        (error) => done(error instanceof Error ? error : new Error(String(error))),
      );
    }) as never,
  });
  socket.once('unexpected-response', (request, response: IncomingMessage) => {
    const status = response.statusCode ?? 0;
    request.destroy();
    resolve(REFUSALS.includes(status) ? { is: 'refused', status } : { is: 'away', because: `the CSMS answers HTTP ${status}` });
  });
  socket.on('error', (error) => resolve({ is: 'away', because: reasonOf(error) }));
  socket.once('close', () => resolve({ is: 'away', because: 'the CSMS closed the connection' }));
  socket.once('open', () => {
    socket.pause();
    resolve({ is: 'open', socket, protocol: socket.protocol });
  });
  return promise;
}
