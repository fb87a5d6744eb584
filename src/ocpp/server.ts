import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { StationId } from '../domain/ids.ts';
import { guardConnections } from '../sockets/connection-guard.ts';
import { boundedByOpenFiles } from '../sockets/open-files.ts';
import { reportTlsFailures } from '../sockets/tls-failures.ts';
import { ConnectionManager } from './connection-manager.ts';
import type { CsmsView } from './gateway/csms-states.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Anomaly } from './log.ts';
import type { StationServerOptions } from './server-options.ts';
import type { Station } from './station.ts';

/** A listening server and the stations connected to it. */
export interface StationServer extends AsyncDisposable {
  port: number;
  station(id: StationId): Station | undefined;
  stations(): readonly Station[];
  /** How the CSMS of a station is; undefined: it has none, or the station has not connected since the start. */
  csmsOf(id: StationId): CsmsView | undefined;
  /** Charge points that connected since the start, and limits of wrong credentials that are remembered. */
  kept(): { stations: number; guesses: number };
  /** How often each anomaly has occurred since the start. */
  counts(): Readonly<Partial<Record<Anomaly, number>>>;
}

/** Listens for charge points at `ws(s)://host:port/ocpp/{station id}`; rejects when the port is in use. */
export async function openStationServer(options: StationServerOptions): Promise<StationServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const server = createHttp(options, limits);
  const manager = new ConnectionManager(options, limits);
  reportTlsFailures(server, options.clock, (failure) => options.log('warn', 'tls-failed', { port: options.listen.port, ...failure }));
  const { clock, isProxy = () => false } = options;
  const guard = guardConnections(server, {
    clock,
    limits: { total: boundedByOpenFiles(limits.pendingConnections), perAddress: limits.pendingPerAddress, isProxy },
  });
  server.on('upgrade', (request, socket, head) => void manager.receive(request, socket, head).finally(() => guard.release(request.socket)));
  const port = await listen(server, options.listen);
  const { registry } = manager;
  return {
    port,
    station: (id) => registry.get(id),
    stations: () => registry.all(),
    csmsOf: (id) => manager.csmsStates.of(id),
    kept: () => manager.kept(),
    counts: () => Object.fromEntries(manager.counts),
    [Symbol.asyncDispose]: async () => {
      guard.stop();
      const closed = new Promise<void>((done) => server.close(() => done()));
      await manager.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An HTTP server for WebSocket upgrades only. Other requests get 426; a client that sends its headers too slowly is cut off (SEC-23). */
function createHttp({ securityProfile, tls }: StationServerOptions, { upgradeTimeout }: Limits): Server {
  const timeouts = {
    headersTimeout: upgradeTimeout,
    requestTimeout: upgradeTimeout,
    connectionsCheckingInterval: Math.ceil(upgradeTimeout / 5),
    maxHeaderSize: 16 * 1024,
  };
  const answerUpgradeRequired = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
  };
  if (securityProfile === 1) return createServer(timeouts, answerUpgradeRequired);
  if (!tls) throw new Error(`OCPP security profile ${securityProfile} needs TLS: give key and cert, or use profile 1 behind a TLS proxy`);
  // A station without a valid certificate completes the TLS handshake and gets 401 at the upgrade, as any other unknown client.
  const mutual = securityProfile === 3 ? { requestCert: true, rejectUnauthorized: false } : {};
  return createTlsServer({ ...timeouts, ...tls, ...mutual, minVersion: 'TLSv1.2', handshakeTimeout: upgradeTimeout }, answerUpgradeRequired);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
