import { type Server, Socket } from 'node:net';
import type { Clock } from '../domain/clock.ts';

/** A TLS handshake of a client that failed: who, why, and how to mend it. */
export interface TlsFailure {
  address: string;
  why: string;
  mend: string;
  /** Failures since the last report that were not reported one by one. */
  more: number;
}

/** By the code of OpenSSL or Node: what it means, and how to mend it. */
const MEANINGS: readonly (readonly [RegExp, string, string])[] = [
  [/HTTP_REQUEST/, 'the client sent plain HTTP to a port with TLS', 'the client must use https:// or wss://'],
  [
    /UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE/,
    'the client does not trust our certificate',
    'use a certificate of an authority that the client trusts, with all certificates between in the file, or give the client the certificate of our authority',
  ],
  [/ALERT_CERTIFICATE_EXPIRED/, 'the client says that our certificate has expired', 'renew the certificate, or set the clock of the client'],
  [/ALERT_CERTIFICATE_REVOKED/, 'the client says that our certificate is revoked', 'use another certificate'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW/, 'the client offers only TLS versions that are too old', 'the client must support TLS 1.2 or 1.3'],
  [
    /NO_SHARED_CIPHER|HANDSHAKE_FAILURE|NO_SUITABLE/,
    'the client supports no cipher that fits our certificate',
    'use a certificate with a key of the other type, RSA or EC',
  ],
  [/ECONNRESET|EPIPE/, 'the client closed the connection during the handshake', 'most clients do so when they do not trust our certificate or its host name'],
  [/HANDSHAKE_TIMEOUT/, 'the client did not finish the handshake in time', 'check the network between the client and this port'],
];
const OTHER = ['the handshake failed', 'compare the TLS settings of the client with ours'] as const;

/** The meaning of an error of a handshake. */
export function meaningOf(error: unknown): { why: string; mend: string } {
  const code = String(Reflect.get(Object(error), 'code') ?? (error instanceof Error ? error.message : error));
  const [, what, mend] = MEANINGS.find(([pattern]) => pattern.test(code)) ?? [undefined, ...OTHER];
  return { why: `${what} (${code})`, mend };
}

/** Most clients check a certificate after the handshake, and then just go. */
const UNUSED = {
  why: 'the client closed the connection after the handshake, without a request',
  mend: 'most clients do so when they do not trust our certificate or its host name; a load balancer does so to look at the port',
};

/** Between two reports: a client that tries again and again must not fill the log. */
const REPORT_EVERY_MS = 10_000;
const REPORT_UNUSED_EVERY_MS = 600_000;

/** The address of a TLS socket, or of the TCP socket below it. */
function addressOf(socket: Socket): string {
  const below: unknown = Reflect.get(socket, '_parent');
  return socket.remoteAddress ?? (below instanceof Socket ? below.remoteAddress : undefined) ?? 'unknown';
}

/** Reports at most one failure in a time, with the number of those before it that were left out. */
function throttled(clock: Pick<Clock, 'steady'>, every: number, report: (failure: TlsFailure) => void) {
  let last: number | undefined;
  let more = 0;
  return (failure: Omit<TlsFailure, 'more'>) => {
    const now = clock.steady();
    if (last !== undefined && now - last < every) {
      more += 1;
      return;
    }
    report({ ...failure, more });
    last = now;
    more = 0;
  };
}

/** Reports TLS handshakes of clients that fail at a server, at most one in 10 s (F-76). A server without TLS has none. */
export function reportTlsFailures(server: Server, clock: Pick<Clock, 'steady'>, report: (failure: TlsFailure) => void): void {
  const failed = throttled(clock, REPORT_EVERY_MS, report);
  const unused = throttled(clock, REPORT_UNUSED_EVERY_MS, report);
  const used = new WeakSet<Socket>();
  const use = ({ socket }: { socket: Socket }) => {
    used.add(socket);
  };
  server.on('request', use);
  server.on('upgrade', use);
  // A socket that the client has closed has no address any more, unless it was read before.
  server.on('connection', (socket: Socket) => socket.remoteAddress);
  server.on('tlsClientError', (error: Error, socket: Socket) => failed({ address: addressOf(socket), ...meaningOf(error) }));
  server.on('secureConnection', (socket: Socket) => {
    const { remoteAddress = 'unknown' } = socket;
    let gone = false;
    const leave = () => {
      gone = true;
    };
    socket.once('end', leave);
    socket.once('error', leave);
    socket.once('close', () => {
      if (gone && !used.has(socket) && server.listening) unused({ address: remoteAddress, ...UNUSED });
    });
  });
}
