import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { StationId } from '../domain/ids.ts';
import { Reception } from './connection-manager.ts';
import { type Limits, usualLimits } from './limits.ts';
import type { Anomaly } from './log.ts';
import type { StationServerOptions } from './server-options.ts';
import type { Station } from './station.ts';

/** A listening server and the stations connected to it. */
export interface StationServer extends AsyncDisposable {
  port: number;
  station(id: StationId): Station | undefined;
  stations(): readonly Station[];
  /** How often what should not happen has happened. */
  counts(): Readonly<Partial<Record<Anomaly, number>>>;
}

/** Listens for charge points at `ws(s)://host:port/ocpp/{station id}`; rejects when the port is taken. */
export async function openStationServer(options: StationServerOptions): Promise<StationServer> {
  const limits = { ...usualLimits, ...options.limits };
  const server = createHttp(options, limits);
  const reception = new Reception(options, limits);
  server.on('upgrade', (request, socket, head) => void reception.receive(request, socket, head));
  const port = await listen(server, options.listen);
  const { register } = reception;
  return {
    port,
    station: (id) => register.get(id),
    stations: () => register.all(),
    counts: () => Object.fromEntries(reception.counts),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      await reception.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A server for upgrades only: whatever else is asked of it is told so, and who dawdles is cut off (SEC-23). */
function createHttp({ securityProfile, tls }: StationServerOptions, { upgradeWithin }: Limits): Server {
  const slow = {
    headersTimeout: upgradeWithin,
    requestTimeout: upgradeWithin,
    connectionsCheckingInterval: Math.ceil(upgradeWithin / 5),
    maxHeaderSize: 16 * 1024,
  };
  const tellUpgrade = (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
  if (securityProfile === 1) return createServer(slow, tellUpgrade);
  if (!tls) throw new Error(`OCPP security profile ${securityProfile} needs TLS: give key and cert, or use profile 1 behind a TLS proxy`);
  // A station without a certificate is let in as far as the upgrade, where it gets the same 401 as any other stranger.
  const mutual = securityProfile === 3 ? { requestCert: true, rejectUnauthorized: false } : {};
  return createTlsServer({ ...slow, ...tls, ...mutual, minVersion: 'TLSv1.2', handshakeTimeout: upgradeWithin }, tellUpgrade);
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
