import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type StationId, stationId } from '../domain/ids.ts';
import { type Credential, provesCertificate, provesPassword, type SecurityProfile } from './credentials.ts';
import type { Dialect } from './dialect.ts';
import { negotiate } from './dialects.ts';
import type { Anomaly } from './log.ts';

/** Whether a socket may become a station's connection. */
export type Admission = { is: 'admitted'; id: StationId; dialect: Dialect } | { is: 'refused'; status: 400 | 401 | 404; oddity: Anomaly; because: string };

/** What is known of stations' credentials. */
export type CredentialOf = (id: StationId) => Credential | undefined | Promise<Credential | undefined>;

/** Looks at an upgrade before a single frame is read: path, credential, subprotocol, in this order (SEC-30). */
export async function admit(request: IncomingMessage, { profile, credentialOf }: { profile: SecurityProfile; credentialOf: CredentialOf }): Promise<Admission> {
  const id = stationInPath(request.url ?? '');
  if (id === undefined) return { is: 'refused', status: 404, oddity: 'refused-path', because: 'the path is not /ocpp/{station id}' };
  const credential = await credentialOf(id);
  const isProven = profile === 3 ? provesCertificate(shownBy(request), id, credential) : provesPassword(request.headers.authorization, id, credential);
  if (!isProven) return { is: 'refused', status: 401, oddity: 'refused-unauthorized', because: `no proof of being ${id}` };
  const offered = request.headers['sec-websocket-protocol'];
  const dialect = negotiate(offered);
  if (!dialect)
    return {
      is: 'refused',
      status: 400,
      oddity: 'refused-subprotocol',
      because: `${id} offers ${offered ?? 'no subprotocol'}; ocpp2.1, ocpp2.0.1 and ocpp1.6 are spoken`,
    };
  return { is: 'admitted', id, dialect };
}

function stationInPath(url: string): StationId | undefined {
  const [, encoded] = /^\/ocpp\/([^/?#]{1,255})\/?(?:\?.*)?$/.exec(url) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return stationId(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

function shownBy({ socket }: IncomingMessage) {
  if (!(socket instanceof TLSSocket)) return { authorized: false, commonName: undefined, fingerprint: undefined };
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const commonName: unknown = subject?.CN;
  return { authorized: socket.authorized, commonName: typeof commonName === 'string' ? commonName : undefined, fingerprint: fingerprint256 };
}

/** Ends an upgrade with a plain HTTP answer: the same bytes whatever the reason behind the status. */
export function refuse(socket: Duplex, status: 400 | 401 | 404 | 503): void {
  const challenge = status === 401 ? 'WWW-Authenticate: Basic realm="ocpp"\r\n' : '';
  // A stranger who keeps its half of the socket open keeps none of ours.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
