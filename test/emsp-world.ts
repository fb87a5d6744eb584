import { realClock } from '../sim/index.ts';
import { type Fields, fieldsOf } from '../sim/partner/wire.ts';
import { type Cpo, type CpoOptions, type Emsp, type EmspOptions, openCpo, openEmsp } from '../sim/partner.ts';
import type { Clock } from '../src/domain/clock.ts';
import { sessionKey } from '../src/domain/ids.ts';
import type { Config } from '../src/node/config/config.ts';
import { parseConfig } from '../src/node/config/config-file.ts';
import { createNode, type Node, type NodeOptions } from '../src/node/node.ts';
import { wireSession } from '../src/ocpi/sessions/wire-session.fixture.ts';
import { freePorts } from './free-ports.ts';
import { recordSteps, type Steps } from './steps.ts';
import { countStoreCalls } from './store-calls.ts';
import { databaseFor, onPort, ownKeyFile, type StoreKind } from './world.ts';

const config = (database: string) => `
listen: { port: 0 }
public_url: http://127.0.0.1
database: ${database}
insecure_http: true
parties:
  - { role: EMSP, country_code: NL, party_id: EVK, name: Evenkeel eMSP }
`;

/** An eMSP node on loopback with its own store, with simulated CPOs and SCSPs. Disposing ends all of them. */
export interface EmspWorld extends AsyncDisposable, Steps {
  node(): Node;
  /** The configuration that the node runs on. */
  settings(): Config;
  /** Stops the node. */
  stop(): Promise<void>;
  /** Starts it again on the same store and port. */
  start(): Promise<void>;
  /** Opens a CPO that is registered at the node; resolves after the first pull of its sessions. */
  cpo(options?: Partial<CpoOptions>): Promise<Cpo>;
  /** Opens an SCSP that is registered at the node. */
  scsp(options?: Partial<EmspOptions>): Promise<Emsp>;
  /** Reads the stored session by a GET of its CPO; undefined when the node has none. */
  readSession(cpo: Cpo, id: string): Promise<{ http: number; session: Fields | undefined }>;
}

/** Without options: SQLite, the machine's clock, the default configuration. */
export interface EmspWorldOptions {
  store?: StoreKind;
  clock?: Clock;
  /** Replaces parts of the default configuration. */
  config?: Partial<Config>;
  /** Wraps the store at each start of the node. */
  aroundStore?: NonNullable<NodeOptions['aroundStore']>;
}

/** Opens a world with a running eMSP node. */
export async function openEmspWorld(options: EmspWorldOptions = {}): Promise<EmspWorld> {
  const clock = options.clock ?? realClock();
  await using stack = new AsyncDisposableStack();
  const parsed = parseConfig(config(await databaseFor(options.store ?? 'sqlite', stack)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const wanted: Config = { ...parsed.value, ...ownKeyFile(options.store, stack), ...options.config };
  const [port = 0] = await freePorts(1);
  const settings: Config = { ...wanted, ...onPort(wanted, port) };
  const { follow, ...steps } = recordSteps();
  const nodeOptions = { clock, aroundStore: countStoreCalls(options.aroundStore) };
  let node = follow(await createNode(settings, nodeOptions));
  stack.defer(() => node[Symbol.asyncDispose]());
  const partners = stack.use(new AsyncDisposableStack());
  const everything = stack.move();

  async function register(partner: Cpo | Emsp): Promise<void> {
    const { role, country_code, party_id } = partner.role;
    const token = await node.registration.invite({ role, country_code, party_id });
    if (!token.ok) throw new Error(token.problem);
    const answer = await partner.register({ token: token.value, versions_url: `${node.publicUrl}/ocpi/versions` });
    if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${JSON.stringify(answer)}`);
  }

  return {
    ...steps,
    node: () => node,
    settings: () => ({ ...settings, public_url: node.publicUrl }),
    stop: async () => node[Symbol.asyncDispose](),
    start: async () => {
      const { publicUrl: public_url } = node;
      node = follow(await createNode({ ...settings, public_url, listen: { ...settings.listen, port: Number(new URL(public_url).port) } }, nodeOptions));
    },
    cpo: async (more = {}) => {
      const cpo = partners.use(await openCpo({ clock, ...more }));
      await register(cpo);
      // Otherwise this pull and the pushes of a test would reach the node in any order.
      await cpo.waitForRequest(({ method, module }) => method === 'GET' && module === 'sessions');
      return cpo;
    },
    scsp: async (more = {}) => {
      const scsp = partners.use(await openEmsp({ clock, role: 'SCSP', ...more }));
      await register(scsp);
      return scsp;
    },
    readSession: async (cpo, id) => {
      const answer = await cpo.send({ method: 'GET', url: sessionUrl(cpo, id) });
      return { http: answer.http, session: answer.envelope.data === undefined ? undefined : fieldsOf(answer.data) };
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** The URL of a session of this CPO at the node. */
export function sessionUrl(cpo: Cpo, id: string): string {
  const { country_code, party_id } = cpo.role;
  const base = cpo.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'RECEIVER')?.url;
  return `${base}/${country_code}/${party_id}/${encodeURIComponent(id)}`;
}

/** The URL of a location of this CPO at the node, or of an EVSE or connector of it. */
export function locationUrl(cpo: Cpo, ...path: readonly string[]): string {
  const { country_code, party_id } = cpo.role;
  const base = cpo.peer().endpoints.find((it) => it.identifier === 'locations' && it.role === 'RECEIVER')?.url;
  return [base, country_code, party_id, ...path.map(encodeURIComponent)].join('/');
}

/** The key of a session of this CPO in the store. */
export const sessionKeyOf = (cpo: Cpo, id: string) => sessionKey(cpo.role.country_code, cpo.role.party_id, id);

/** An OCPI DateTime: 2026-01-31T09:00:00Z plus `seconds`. */
export const moment = (seconds: number) => new Date(Date.UTC(2026, 0, 31, 9) + seconds * 1000).toISOString();

/** The session of `wireSession` with this id. `changes` may also break the rules of OCPI. */
export const remoteSession = (id: string, changes: Record<string, unknown> = {}) => ({ ...wireSession({ id }), ...changes });

/** A connector at the CPO NL*CPO, as OCPI JSON. */
export const remoteConnector = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  standard: 'IEC_62196_T2',
  format: 'SOCKET',
  power_type: 'AC_3_PHASE',
  max_voltage: 230,
  max_amperage: 32,
  last_updated: moment(0),
  ...more,
});
/** An EVSE at the CPO NL*CPO, as OCPI JSON. */
export const remoteEvse = (uid: string, more: Record<string, unknown> = {}) => ({
  uid,
  status: 'AVAILABLE',
  capabilities: ['CHARGING_PROFILE_CAPABLE'],
  connectors: [remoteConnector('1')],
  last_updated: moment(0),
  ...more,
});
/** A location of the CPO NL*CPO, as OCPI JSON. */
export const remoteLocation = (id: string, more: Record<string, unknown> = {}) => ({
  country_code: 'NL',
  party_id: 'CPO',
  id,
  publish: true,
  address: 'Street 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  evses: [remoteEvse('E1')],
  time_zone: 'Europe/Amsterdam',
  last_updated: moment(0),
  ...more,
});
