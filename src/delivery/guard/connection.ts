import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../../domain/clock.ts';
import { isSameAddress, type Reach, refusalOf } from './address.ts';
import type { FailureCause } from './answer.ts';

/** Looks up the IP addresses of a host name; rejects or returns an empty list when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Options for opening connections to peers. */
export interface ConnectionOptions extends Reach {
  readonly resolve: Resolve;
  /** Certificates (PEM) of further trusted authorities. */
  readonly ca?: readonly string[];
  /** Milliseconds for lookup, connection and TLS together. */
  readonly connectMs: number;
  readonly clock: Pick<Clock, 'after'>;
}

/** Why a connection could not be opened; an Error, because undici requires one. */
export class ConnectionError extends Error {
  readonly because: FailureCause;
  constructor(because: FailureCause, detail: string) {
    super(detail);
    this.because = because;
  }
}

/** One connection to open, to one of `addresses`, which were all checked before. */
interface Attempt {
  hostname: string;
  port: number;
  secure: boolean;
  addresses: readonly string[];
}
type Settle = (opened: Socket | ConnectionError) => void;

/** Looks up host names by the operating system. */
export const resolveBySystem: Resolve = async (hostname) => (await lookup(hostname, { all: true })).map((found) => found.address);

/**
 * Opens connections for undici: looks up a host name once, refuses it if any of its addresses is not allowed, connects to no other
 * address, and uses the name for SNI and the certificate (SEC-03). A literal address is checked in the same way.
 */
export function createConnector(options: ConnectionOptions): buildConnector.connector {
  const trust = createSecureContext(options.ca ? { ca: [...getCACertificates('default'), ...options.ca] } : {});
  const resolve = shareLookups(options.resolve);
  return ({ hostname, port, protocol }, callback) => {
    const secure = protocol === 'https:';
    const target = { hostname, port: Number(port || (secure ? 443 : 80)), secure };
    const attempt = limitTime(options, (opened) => (opened instanceof Error ? callback(opened, null) : callback(null, opened)));
    findAddresses(hostname, { ...options, resolve }).then(
      (addresses) => attempt.begin(() => dial({ ...target, addresses }, trust, attempt.settle)),
      (problem) => attempt.settle(problem instanceof ConnectionError ? problem : new ConnectionError('dns', `no address found for ${hostname}`)),
    );
  };
}

/** Runs one lookup at a time for each name: the system has few threads for lookups, and one slow name server must not occupy all of them (SEC-42). */
function shareLookups(resolve: Resolve): Resolve {
  const running = new Map<string, Promise<readonly string[]>>();
  return (hostname) => {
    const found = running.get(hostname) ?? resolve(hostname).finally(() => running.delete(hostname));
    running.set(hostname, found);
    return found;
  };
}

async function findAddresses(hostname: string, { resolve, ...reach }: ConnectionOptions): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
  if (addresses.length === 0) throw new ConnectionError('dns', `no address found for ${hostname}`);
  // One forbidden address refuses the whole set: the owner of the name must not influence which address is used (SEC-03).
  const [refusal] = addresses.flatMap((address) => refusalOf(address, reach) ?? []);
  if (refusal !== undefined) throw new ConnectionError('origin_blocked', `${hostname} has the address ${refusal}`);
  return addresses;
}

/** Passes on the first socket or error only; after `connectMs` it fails with `timeout` and destroys the socket. */
function limitTime({ clock, connectMs }: ConnectionOptions, then: Settle) {
  let socket: Socket | undefined;
  let settled = false;
  const settle: Settle = (opened) => {
    if (settled) return;
    settled = true;
    cancel();
    if (opened instanceof Error) socket?.destroy();
    then(opened);
  };
  const cancel = clock.after(connectMs, () => settle(new ConnectionError('timeout', `no connection within ${connectMs} ms`)));
  const begin = (open: () => Socket) => {
    if (!settled) socket = open();
  };
  return { settle, begin };
}

/** How to mend a certificate that is not trusted (F-76). */
const mendOf = ({ code = '' }: { code?: string }): string => {
  if (/SELF_SIGNED|ISSUER|LEAF_SIGNATURE|UNABLE_TO_VERIFY/.test(code))
    return '; name the certificate of their authority with tls.ca_file in the configuration, or start this node with NODE_EXTRA_CA_CERTS=FILE';
  return code.includes('EXPIRED') ? '; the peer must renew its certificate' : '';
};

function dial(attempt: Attempt, trust: SecureContext, settle: Settle): Socket {
  const { hostname, port, secure } = attempt;
  let connected = false;
  const target = { host: hostname, port, lookup: fixedLookup(attempt.addresses), autoSelectFamily: true };
  const socket = secure ? connectTls({ ...target, ...identity(hostname), secureContext: trust }) : connectTcp(target);
  const onError = (error: Error & { code?: string }) =>
    settle(new ConnectionError(connected ? 'tls' : 'refused', `${hostname}:${port}: ${error.message || error.code}${connected ? mendOf(error) : ''}`));
  const onReady = () => {
    socket.setNoDelay(true);
    settle(socket);
  };
  socket.on('error', onError); // It stays: without a listener, an error before undici adds its own would end the process.
  socket.once('connect', () => {
    connected = true;
    if (!isAtCheckedAddress(socket, attempt)) settle(new ConnectionError('origin_blocked', `${hostname} was not reached at an address that was checked`));
    else if (!secure) onReady();
  });
  if (secure) socket.once('secureConnect', onReady);
  return socket;
}

/** The certificate must contain the host name. For a literal address it must contain the address, and no SNI is sent (TRN-10). */
const identity = (hostname: string) => ({ servername: isIP(hostname) === 0 ? hostname : '', ALPNProtocols: ['http/1.1'], rejectUnauthorized: true });

const fixedLookup = (addresses: readonly string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => (options.all ? callback(null, found) : callback(null, found[0]?.address ?? '', found[0]?.family));
};

/** Checks the address that the socket is connected to, whatever the checks before allowed. */
function isAtCheckedAddress(socket: Socket, { addresses }: Attempt): boolean {
  const remote = socket.remoteAddress;
  return remote !== undefined && addresses.some((address) => isSameAddress(address, remote));
}
