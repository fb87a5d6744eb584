import type { Clock } from '../../../src/domain/clock.ts';
import { type Random, seeded } from '../../random.ts';
import type { Faults, ModuleName } from '../faults.ts';
import { type PartnerReply, RecordingServer, type RoutedRequest } from '../recording-server.ts';
import { type Edition, type Endpoint, type PartnerRole, Registration } from '../registration.ts';

/** The server of a hub for one registered platform, with a token of its own. */
export interface HubServer {
  server: RecordingServer;
  registration: Registration;
  random: Random;
  /** The parties of the registered platform. */
  parties(): readonly PartnerRole[];
  /** The URL of the platform's interface; undefined when it has none. */
  endpoint(identifier: string, role: Endpoint['role']): string | undefined;
}

/** Options of one server of a hub. */
export interface HubServerOptions {
  clock: Clock;
  edition: Edition;
  name: string;
  role: PartnerRole;
  withoutClientInfo: boolean;
  /** It forwards tokens, too. */
  tokens: boolean;
  /** Fields of the hub's credentials besides token and URL (OCPI 2.3.0 §7.3.1). */
  extraCredentials: () => object;
  faults?: Faults;
  /** Handles requests of functional modules. */
  receive: (from: HubServer, module: ModuleName, request: RoutedRequest) => PartnerReply | Promise<PartnerReply>;
}

const FORWARDED = ['sessions', 'chargingprofiles'] as const;

/** Opens one server of a hub on loopback. It has both interfaces of each forwarded module, each at its own URL. */
export async function openHubServer({
  clock,
  edition,
  name,
  role,
  extraCredentials,
  faults,
  receive,
  withoutClientInfo,
  tokens,
}: HubServerOptions): Promise<HubServer> {
  const random = seeded(`hub ${name}`);
  const base = `/hub/${edition}`;
  const server: RecordingServer = new RecordingServer({
    clock,
    paths: {
      versions: '/hub/versions',
      details: base,
      credentials: `${base}/credentials`,
      locations: `${base}/locations`,
      sessions: `${base}/sessions`,
      tokens: `${base}/tokens`,
      chargingprofiles: `${base}/chargingprofiles`,
      hubclientinfo: `${base}/hubclientinfo`,
      callback: `${base}/results`,
    },
    receive: (module, request) => registration.receive(module, request, () => receive(opened, module, request)),
    ...(faults && { faults }),
  });
  const bothInterfaces = (identifier: (typeof FORWARDED)[number] | 'tokens') =>
    (['SENDER', 'RECEIVER'] as const).map((it) => ({ identifier, role: it, url: `${server.url(identifier)}/${it.toLowerCase()}` }));
  const clientInfo = () => ({ identifier: 'hubclientinfo', role: 'SENDER' as const, url: server.url('hubclientinfo') });
  const endpoints = () => [...[...FORWARDED, ...(tokens ? (['tokens'] as const) : [])].flatMap(bothInterfaces), ...(withoutClientInfo ? [] : [clientInfo()])];
  const registration: Registration = new Registration({ server, random, edition, role, rawToken: false, endpoints, extraCredentials, extraVersions: [] });
  const opened: HubServer = {
    server,
    registration,
    random,
    parties: () => registration.peer?.roles ?? [],
    endpoint: (identifier, interfaceRole) => registration.peer?.endpoints.find((it) => it.identifier === identifier && it.role === interfaceRole)?.url,
  };
  await server.open();
  return opened;
}
