import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type StationId, stationId } from '../domain/ids.ts';
import { type ClientCertificate, type Credential, certificateMatches, passwordMatches, type SecurityProfile } from './credentials.ts';
import type { Dialect } from './dialect.ts';
import { negotiate } from './dialects.ts';
import type { Upstream } from './gateway/upstream.ts';
import type { GuessThrottle } from './guess-throttle.ts';
import { type Anomaly, shorten } from './log.ts';
import type { Oddity } from './patience/ledger.ts';

/** The decision about an upgrade request: a station with its OCPP version, its subprotocol as offered and what was odd; or an HTTP status with the reason for the log. */
export type Admission = Admitted | Refused | { is: 'for-csms'; id: StationId; upstream: Upstream };
export interface Admitted {
  is: 'admitted';
  id: StationId;
  dialect: Dialect;
  protocol: string;
  oddities: readonly Oddity[];
}
export interface Refused {
  is: 'refused';
  status: RefusalStatus;
  anomaly: Anomaly;
  because: string;
}
export type RefusalStatus = 400 | 401 | 403 | 404 | 429 | 503;

/** Returns the credential that the node has stored for a station; undefined for an unknown station. */
export type CredentialOf = (id: StationId) => Credential | undefined | Promise<Credential | undefined>;

/** What an upgrade is checked against; `address` is the client's. */
export interface AdmissionRules {
  profile: SecurityProfile;
  credentialOf: CredentialOf;
  guesses: Pick<GuessThrottle, 'allows' | 'failed'>;
  address: string;
  /** The CSMS that has the say about a station; undefined: the node has it. */
  upstreamOf(id: StationId): Upstream | undefined;
}

/** Checks the path, the credential and the subprotocol of an upgrade, in this order, before the first frame is read (SEC-30). */
export async function admit(request: IncomingMessage, { profile, credentialOf, guesses, address, upstreamOf }: AdmissionRules): Promise<Admission> {
  const url = request.url ?? '';
  const id = stationInPath(url);
  if (id === undefined) return { is: 'refused', status: 404, anomaly: 'refused-path', because: 'the path is not /ocpp/{station id}' };
  if (!guesses.allows(id, address)) return { is: 'refused', status: 429, anomaly: 'refused-throttled', because: `too many wrong credentials for ${id}` };
  const upstream = upstreamOf(id);
  const credential = await credentialOf(id);
  // The CSMS checks the password that the node does not have.
  if (upstream?.authorization === 'pass' && credential === undefined) return { is: 'for-csms', id, upstream };
  const isProven = profile === 3 ? certificateMatches(certificateOf(request), id, credential) : passwordMatches(request.headers.authorization, id, credential);
  if (!isProven) {
    guesses.failed(id, address);
    return { is: 'refused', status: 401, anomaly: 'refused-unauthorized', because: `no valid credential for ${id}` };
  }
  if (upstream) return { is: 'for-csms', id, upstream };
  const offered = request.headers['sec-websocket-protocol'];
  const negotiated = negotiate(offered);
  if (!negotiated)
    return {
      is: 'refused',
      status: 400,
      anomaly: 'refused-subprotocol',
      because: `${id} offers ${offered ?? 'no subprotocol'}; allowed: ocpp2.1, ocpp2.0.1, ocpp1.6`,
    };
  const { dialect, protocol } = negotiated;
  return { is: 'admitted', id, dialect, protocol, oddities: odditiesOf(url, { dialect, protocol }) };
}

/** What is odd about an upgrade: slashes too many, or another name of the subprotocol. */
export const odditiesOf = (url: string, { dialect, protocol }: { dialect: Dialect; protocol: string }): readonly Oddity[] => [
  ...(/\/\/|.\/(\?|$)/.test(url.replace(/\?.*/, '')) ? [{ kind: 'other-address', example: 'slashes too many in the URL' } as const] : []),
  ...(protocol === dialect.subprotocol ? [] : [{ kind: 'other-subprotocol', example: shorten(protocol) } as const]),
];

function stationInPath(url: string): StationId | undefined {
  const [, encoded] = /^\/+ocpp\/+([^/?#]{1,255})\/*(?:\?.*)?$/i.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return stationId(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

function certificateOf({ socket }: IncomingMessage): ClientCertificate {
  if (!(socket instanceof TLSSocket)) return { authorized: false, commonName: undefined, fingerprint: undefined };
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const commonName: unknown = subject?.CN;
  return { authorized: socket.authorized, commonName: typeof commonName === 'string' ? commonName : undefined, fingerprint: fingerprint256 };
}

/** Ends an upgrade with a plain HTTP answer. All reasons behind one status get the same bytes. */
export function refuseUpgrade(socket: Duplex, status: RefusalStatus): void {
  const challenge = status === 401 ? 'WWW-Authenticate: Basic realm="ocpp"\r\n' : '';
  // Otherwise a client that never closes its half would hold the socket open.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
