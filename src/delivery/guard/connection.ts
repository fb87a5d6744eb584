import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../../domain/clock.ts';
import { isSameAddress, mayConnect } from './address.ts';
import type { FailureCause } from './answer.ts';

/** Finds the IP addresses of a host name; rejects or gives none when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** How connections to peers are opened. */
export interface ConnectionOptions {
  readonly resolve: Resolve;
  /** Lets connections into private networks and to this machine pass. */
  readonly insecureHttp: boolean;
  /** Certificates (PEM) of authorities trusted beside the usual ones. */
  readonly ca?: readonly string[];
  /** Milliseconds for look-up, connection and TLS together. */
  readonly connectMs: number;
  readonly clock: Pick<Clock, 'after'>;
}

/** Why a connection did not come about; an Error only because undici wants one. */
export class ConnectionError extends Error {
  readonly because: FailureCause;
  constructor(because: FailureCause, detail: string) {
    super(detail);
    this.because = because;
  }
}

/** One connection to open: to one of `addresses`, all of them judged before. */
interface Attempt {
  hostname: string;
  port: number;
  secure: boolean;
  addresses: readonly string[];
}
type Settle = (outcome: Socket | ConnectionError) => void;

/** Asks the operating system, as every other program on the machine would. */
export const resolveBySystem: Resolve = async (hostname) => (await lookup(hostname, { all: true })).map((found) => found.address);

/**
 * Opens connections for undici: looks a name up once, refuses it if any of its addresses is not allowed, connects to no other address,
 * and keeps the name for SNI and the certificate (SEC-03). A literal address, for which no look-up happens, is judged just the same.
 */
export function createConnector(terms: ConnectionOptions): buildConnector.connector {
  const trust = createSecureContext(terms.ca ? { ca: [...getCACertificates('default'), ...terms.ca] } : {});
  const resolve = shareLookups(terms.resolve);
  return ({ hostname, port, protocol }, callback) => {
    const secure = protocol === 'https:';
    const way = { hostname, port: Number(port || (secure ? 443 : 80)), secure };
    const inTime = settleInTime(terms, (outcome) => (outcome instanceof Error ? callback(outcome, null) : callback(null, outcome)));
    findAddresses(hostname, { ...terms, resolve }).then(
      (addresses) => inTime.begin(() => dial({ ...way, addresses }, trust, inTime.settle)),
      (problem) => inTime.settle(problem instanceof ConnectionError ? problem : new ConnectionError('dns', `no address found for ${hostname}`)),
    );
  };
}

/** One look-up at a time for each name: the system has few threads for them, and a peer whose name server hangs must not hold them all (SEC-42). */
function shareLookups(resolve: Resolve): Resolve {
  const running = new Map<string, Promise<readonly string[]>>();
  return (hostname) => {
    const found = running.get(hostname) ?? resolve(hostname).finally(() => running.delete(hostname));
    running.set(hostname, found);
    return found;
  };
}

async function findAddresses(hostname: string, { resolve, insecureHttp }: ConnectionOptions): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
  if (addresses.length === 0) throw new ConnectionError('dns', `no address found for ${hostname}`);
  // One bad address spoils the set: which one would be tried is not for the owner of the name to play with (SEC-03).
  const bad = addresses.find((address) => !mayConnect(address, insecureHttp));
  if (bad !== undefined) throw new ConnectionError('origin_blocked', `${hostname} leads to ${bad}, which is not a public address`);
  return addresses;
}

/** Lets the first outcome through and no second; without one in time the socket is dropped. */
function settleInTime({ clock, connectMs }: ConnectionOptions, then: Settle) {
  let socket: Socket | undefined;
  let settled = false;
  const settle: Settle = (outcome) => {
    if (settled) return;
    settled = true;
    cancel();
    if (outcome instanceof Error) socket?.destroy();
    then(outcome);
  };
  const cancel = clock.after(connectMs, () => settle(new ConnectionError('timeout', `no connection within ${connectMs} ms`)));
  const begin = (open: () => Socket) => {
    if (!settled) socket = open();
  };
  return { settle, begin };
}

function dial(attempt: Attempt, trust: SecureContext, settle: Settle): Socket {
  const { hostname, port, secure } = attempt;
  let reached = false;
  const way = { host: hostname, port, lookup: answerWith(attempt.addresses), autoSelectFamily: true };
  const socket = secure ? connectTls({ ...way, ...identity(hostname), secureContext: trust }) : connectTcp(way);
  const onError = (error: Error & { code?: string }) =>
    settle(new ConnectionError(reached ? 'tls' : 'refused', `${hostname}:${port}: ${error.message || error.code}`));
  const onReady = () => {
    socket.setNoDelay(true);
    settle(socket);
  };
  socket.on('error', onError); // and stays: an error before undici listens itself must not end the process
  socket.once('connect', () => {
    reached = true;
    if (!wasMeant(socket, attempt)) settle(new ConnectionError('origin_blocked', `${hostname} was not reached at the address that was checked`));
    else if (!secure) onReady();
  });
  if (secure) socket.once('secureConnect', onReady);
  return socket;
}

/** The name is what the certificate must bear; for a literal address no SNI is sent and the certificate must bear the address (TRN-10). */
const identity = (hostname: string) => ({ servername: isIP(hostname) === 0 ? hostname : '', ALPNProtocols: ['http/1.1'], rejectUnauthorized: true });

const answerWith = (addresses: readonly string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => (options.all ? callback(null, found) : callback(null, found[0]?.address ?? '', found[0]?.family));
};

/** Looks at where the socket in truth ended up: the last word after all that was asked before. */
function wasMeant(socket: Socket, { addresses }: Attempt): boolean {
  const remote = socket.remoteAddress;
  return remote !== undefined && addresses.some((address) => isSameAddress(address, remote));
}
