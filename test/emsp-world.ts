import { realClock } from '../sim/index.ts';
import { type Fields, fieldsOf } from '../sim/partner/wire.ts';
import { type Cpo, type CpoOptions, type Emsp, type EmspOptions, openCpo, openEmsp } from '../sim/partner.ts';
import type { Clock } from '../src/domain/clock.ts';
import { sessionKey } from '../src/domain/ids.ts';
import type { Config } from '../src/node/config/config.ts';
import { parseConfig } from '../src/node/config/config-file.ts';
import { createNode, type Node, type NodeOptions } from '../src/node/node.ts';
import { recordSteps, type Steps } from './steps.ts';
import { databaseFor, ownKeyFile, type StoreKind } from './world.ts';

const config = (database: string) => `
listen: { port: 0 }
public_url: http://127.0.0.1
database: ${database}
insecure_http: true
parties:
  - { role: EMSP, country_code: NL, party_id: EVK, name: Evenkeel eMSP }
`;

/** An eMSP node on loopback with its own store, and the foreign CPOs it meets; all of it ends with the test. */
export interface EmspWorld extends AsyncDisposable {
  node(): Node;
  /** The configuration that the node runs on. */
  settings(): Config;
  steps: Steps['steps'];
  firstStep: Steps['firstStep'];
  /** Stops the node as an operator would. */
  stop(): Promise<void>;
  /** Starts it again on the same store and port. */
  start(): Promise<void>;
  /** A foreign CPO, registered at the node. */
  cpo(options?: Partial<CpoOptions>): Promise<Cpo>;
  /** A foreign SCSP, registered at the node. */
  scsp(options?: Partial<EmspOptions>): Promise<Emsp>;
  /** A CPO's session as the node holds it, asked for as its CPO would. */
  readSession(cpo: Cpo, id: string): Promise<{ http: number; session: Fields | undefined }>;
}

export interface EmspWorldOptions {
  store?: StoreKind;
  clock?: Clock;
  /** Stands over the usual configuration. */
  config?: Partial<Config>;
  /** Stands between each life of the node and its store. */
  aroundStore?: NonNullable<NodeOptions['aroundStore']>;
}

export async function openEmspWorld(options: EmspWorldOptions = {}): Promise<EmspWorld> {
  const clock = options.clock ?? realClock();
  await using stack = new AsyncDisposableStack();
  const parsed = parseConfig(config(await databaseFor(options.store ?? 'sqlite', stack)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const settings: Config = { ...parsed.value, ...ownKeyFile(options.store, stack), ...options.config };
  const { steps, firstStep, follow } = recordSteps();
  const life = { clock, ...(options.aroundStore && { aroundStore: options.aroundStore }) };
  let node = follow(await createNode(settings, life));
  stack.defer(() => node[Symbol.asyncDispose]());
  const strangers = stack.use(new AsyncDisposableStack());
  const everything = stack.move();

  async function register(stranger: Cpo | Emsp): Promise<void> {
    const { role, country_code, party_id } = stranger.role;
    const token = await node.registration.invite({ role, country_code, party_id });
    if (!token.ok) throw new Error(token.problem);
    const answer = await stranger.register({ token: token.value, versions_url: `${node.publicUrl}/ocpi/versions` });
    if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${JSON.stringify(answer)}`);
  }

  return {
    steps,
    firstStep,
    node: () => node,
    settings: () => ({ ...settings, public_url: node.publicUrl }),
    stop: async () => node[Symbol.asyncDispose](),
    start: async () => {
      const { publicUrl: public_url } = node;
      node = follow(await createNode({ ...settings, public_url, listen: { ...settings.listen, port: Number(new URL(public_url).port) } }, life));
    },
    cpo: async (more = {}) => {
      const cpo = strangers.use(await openCpo({ clock, ...more }));
      await register(cpo);
      // the first pull is over before a test tells of sessions, or both would come at once
      await cpo.waitForRequest(({ method, module }) => method === 'GET' && module === 'sessions');
      return cpo;
    },
    scsp: async (more = {}) => {
      const scsp = strangers.use(await openEmsp({ clock, role: 'SCSP', ...more }));
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

/** Where the node keeps a session of this CPO. */
export function sessionUrl(cpo: Cpo, id: string): string {
  const { country_code, party_id } = cpo.role;
  const base = cpo.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'RECEIVER')?.url;
  return `${base}/${country_code}/${party_id}/${encodeURIComponent(id)}`;
}

/** Where the node keeps a location of this CPO, or a part of one. */
export function locationUrl(cpo: Cpo, ...path: readonly string[]): string {
  const { country_code, party_id } = cpo.role;
  const base = cpo.peer().endpoints.find((it) => it.identifier === 'locations' && it.role === 'RECEIVER')?.url;
  return [base, country_code, party_id, ...path.map(encodeURIComponent)].join('/');
}

export const sessionKeyOf = (cpo: Cpo, id: string) => sessionKey(cpo.role.country_code, cpo.role.party_id, id);

/** A moment that tests count from, `seconds` later. */
export const moment = (seconds: number) => new Date(Date.UTC(2026, 0, 31, 9) + seconds * 1000).toISOString();

/** A running session of a foreign CPO for a customer of ours, as it goes over the wire. */
export const remoteSession = (id: string, more: Record<string, unknown> = {}) => ({
  country_code: 'NL',
  party_id: 'CPO',
  id,
  start_date_time: moment(0),
  kwh: 1,
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-EVK-C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: moment(0),
  ...more,
});

/** A connector, an EVSE and a location of a foreign CPO, as they go over the wire. */
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
export const remoteEvse = (uid: string, more: Record<string, unknown> = {}) => ({
  uid,
  status: 'AVAILABLE',
  capabilities: ['CHARGING_PROFILE_CAPABLE'],
  connectors: [remoteConnector('1')],
  last_updated: moment(0),
  ...more,
});
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
