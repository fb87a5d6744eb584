import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCar, type ChargePoint, plugInStation, realClock, type Traits } from '../sim/index.ts';
import { type Emsp, type EmspOptions, openEmsp } from '../sim/partner.ts';
import type { Clock } from '../src/domain/clock.ts';
import { amperes, volts } from '../src/domain/units.ts';
import type { Config } from '../src/node/config/config.ts';
import { parseConfig } from '../src/node/config/config-file.ts';
import type { Log } from '../src/node/core/log.ts';
import { createNode, type Node, type NodeOptions } from '../src/node/node.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import { keyFileFor } from '../src/store/open.ts';
import { describedInYaml } from './described-location.ts';
import { freePorts } from './free-ports.ts';
import { giveBack, lacksPostgres, postgresWithTables } from './set-up/fresh-postgres.ts';
import { recordSteps, type Steps } from './steps.ts';
import { countStoreCalls } from './store-calls.ts';

/** A store of the node under test: an SQLite file or a PostgreSQL database. */
export type StoreKind = 'sqlite' | 'postgres';
/** The stores that flows run on. Without a PostgreSQL server only SQLite, with a warning. */
export const stores: readonly StoreKind[] = (await lacksPostgres()) ? ['sqlite'] : ['sqlite', 'postgres'];

const PASSWORD = '0123456789abcdef';
/** The charge points of the node under test, one for each version of OCPP. */
export const stationVersions = { 'CP-16': '1.6', 'CP-201': '2.0.1', 'CP-21': '2.1' } as const satisfies Record<string, OcppVersion>;
/** The id of a charge point of the node under test. */
export type StationName = keyof typeof stationVersions;

/** The id token of the driver that charges in most tests, a customer of the eMSP NL*MSP. */
export const badge = { uid: 'DEADBEEF', type: 'ISO14443' } as const;
const config = (database: string) => `
listen: { port: 0 }
public_url: http://127.0.0.1
database: ${database}
insecure_http: true
parties:
  - { role: CPO, country_code: NL, party_id: EVK, name: Evenkeel CPO }
ocpp: { port: 0, security_profile: 1 }
charge_points:
${Object.keys(stationVersions)
  .map(
    (id) => `  - id: ${id}
    password: ${PASSWORD}
    location_id: LOC1
    evses:
      - { uid: ${id}-1, evse_id: 1, connector_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }`,
  )
  .join('\n')}
${describedInYaml('LOC1')}
tokens:
  - { uid: DEADBEEF, type: RFID, country_code: NL, party_id: MSP, contract_id: NL-MSP-C0001 }
  - { uid: C0FFEE, type: RFID, country_code: NL, party_id: TNM, contract_id: NL-TNM-C0001 }
`;

/** Without options: SQLite, the machine's clock, the default configuration. */
export interface WorldOptions {
  store?: StoreKind;
  clock?: Clock;
  log?: Log;
  /** Replaces parts of the default configuration. */
  config?: Partial<Config>;
  /** Wraps the store of the node, for example to delay a commit. */
  aroundStore?: NonNullable<NodeOptions['aroundStore']>;
}

/** A CPO node on loopback with its own store, with simulated eMSPs and charge points. Disposing ends all of them. */
export interface World extends AsyncDisposable, Steps {
  clock: Clock;
  node(): Node;
  /** The configuration that the node runs on. */
  settings(): Config;
  /** The database of the node, as in its configuration. */
  database: string;
  /** The file with the key that encrypts secrets in the database. */
  keyFile: string;
  /** Stops the node and starts it again on the same store and ports; `meanwhile` runs while it is down, `changes` are for the new start. */
  restart(meanwhile?: () => Promise<void>, changes?: Partial<Config>): Promise<void>;
  /** Opens an eMSP that is registered at the node. */
  emsp(options?: Partial<EmspOptions>): Promise<Emsp>;
  /** Connects a charge point. */
  station(id: StationName, traits?: Partial<Traits>): Promise<ChargePoint>;
  /** Plugs a car in with `badge`; resolves with the id of its session once the eMSP has received it as ACTIVE. */
  charging(emsp: Emsp, station: ChargePoint): Promise<string>;
}

/** The HTTP server on a port of its own, unless the test has chosen its address. */
export const onPort = ({ listen, public_url }: Config, port: number): Pick<Config, 'listen' | 'public_url'> =>
  listen.port === 0 && public_url === 'http://127.0.0.1' ? { listen: { ...listen, port }, public_url: `${public_url}:${port}` } : { listen, public_url };

/** Opens a world with a running CPO node. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? realClock();
  await using stack = new AsyncDisposableStack();
  const parsed = parseConfig(config(await databaseFor(options.store ?? 'sqlite', stack)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const [port = 0, ocppPort = 0] = await freePorts(2);
  const wanted: Config = { ...parsed.value, ...ownKeyFile(options.config?.database ? 'postgres' : options.store, stack), ...options.config };
  const settings: Config = {
    ...wanted,
    ...onPort(wanted, port),
    ...(wanted.ocpp && { ocpp: { ...wanted.ocpp, port: wanted.ocpp.port || ocppPort } }),
  };
  const { follow, ...steps } = recordSteps();
  let node = await start(settings);
  stack.defer(() => node[Symbol.asyncDispose]());

  async function start(at: Config): Promise<Node> {
    const more = { ...(options.log && { log: options.log }), aroundStore: countStoreCalls(options.aroundStore) };
    return follow(await createNode(at, { clock, passwordCost: { log2N: 4, r: 8, p: 1 }, ...more }));
  }

  const partners = stack.use(new AsyncDisposableStack());
  const everything = stack.move();
  return {
    ...steps,
    clock,
    node: () => node,
    settings: () => ({ ...settings, public_url: node.publicUrl }),
    database: settings.database,
    keyFile: settings.key_file ?? keyFileFor(settings.database),
    restart: async (meanwhile, changes) => {
      const ports = {
        listen: { ...settings.listen, port: Number(new URL(node.publicUrl).port) },
        public_url: node.publicUrl,
        ...(settings.ocpp && { ocpp: { ...settings.ocpp, port: node.ocppPort ?? 0 } }),
      };
      await node[Symbol.asyncDispose]();
      await meanwhile?.();
      node = await start({ ...settings, ...ports, ...changes });
    },
    emsp: async (more = {}) => {
      const emsp = partners.use(await openEmsp({ clock, ...more }));
      const { country_code, party_id, role } = emsp.role;
      const token = await node.registration.invite({ role, country_code, party_id });
      if (!token.ok) throw new Error(token.problem);
      const answer = await emsp.register({ token: token.value, versions_url: `${node.publicUrl}/ocpi/versions` });
      if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${JSON.stringify(answer)}`);
      return emsp;
    },
    station: async (id, traits) =>
      partners.use(await plugInStation({ ...optionsOf(id), url: `ws://127.0.0.1:${node.ocppPort}/ocpp`, clock, ...(traits && { traits }) })),
    charging: async (emsp, station) => {
      const before = new Set(emsp.sessions.keys());
      await station.plugIn(1, { car: buildCar(), idToken: badge });
      const session = await emsp.session((it) => it.status === 'ACTIVE' && !before.has(String(it.id)));
      return String(session.id);
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

const optionsOf = (id: StationName) => ({
  id,
  password: PASSWORD,
  version: stationVersions[id],
  evses: [{ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) } as const],
});

/** A key file for one node on PostgreSQL. Nodes with the same key file would share the keys of drivers; on SQLite the file lies next to the database. */
export const ownKeyFile = (kind: StoreKind | undefined, stack: AsyncDisposableStack): { key_file?: string } =>
  kind === 'postgres' ? { key_file: join(folderFor(stack), 'node.key') } : {};

/** A database without rows until the stack is disposed. On PostgreSQL it already has its tables. */
export async function databaseFor(kind: StoreKind, stack: AsyncDisposableStack): Promise<string> {
  if (kind === 'sqlite') return join(folderFor(stack), 'node.db');
  const url = await postgresWithTables();
  stack.defer(() => giveBack(url));
  return url;
}

function folderFor(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
