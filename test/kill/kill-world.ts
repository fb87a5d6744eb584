import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCar, type ChargePoint, type Emsp, openEmsp, plugInStation, realClock, type SentProfileRequest, type Traits } from '../../sim/index.ts';
import { fieldsOf, parse } from '../../sim/partner/wire.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { amperes, volts } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { openEncryption, openStore } from '../../src/store/open.ts';
import { readExchange, type StoredExchange } from '../../src/store/sql/exchange.ts';
import type { Query } from '../../src/store/store.ts';
import { postgresWithTables } from '../set-up/fresh-postgres.ts';
import { badge, type StoreKind } from '../world.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';
import { type NodeProcess, openNodeProcess } from './node-process.ts';
import { untilAllEnded } from './until-all-ended.ts';

const PASSWORD = '0123456789abcdef';
export const VERSIONS = { 'CP-16': '1.6', 'CP-201': '2.0.1', 'CP-21': '2.1' } as const satisfies Record<string, OcppVersion>;
export type StationName = keyof typeof VERSIONS;

/** A node in its own process, a foreign eMSP and charge points in this one, and a record of all that they see. */
export interface KillWorld extends AsyncDisposable {
  node: NodeProcess;
  emsp: Emsp;
  station(name: StationName, traits?: Partial<Traits>): Promise<{ station: ChargePoint; session: string }>;
  /** Asks as a real eMSP does; an answer that never comes is `lost`. `limit`: amperes of a set. */
  request(kind: AskKind, session: string, limit?: number): Promise<SentRequest>;
  /** The row of a request; absent: none was kept. */
  rowOf(asked: SentRequest): Promise<StoredRequest | undefined>;
  /** Resolves when no row is open any more. */
  allEnded(): Promise<void>;
  history(): Promise<History>;
}

/** Opens the store, starts the node and registers the eMSP; `timeout` in seconds is what askers are told. */
export async function openKillWorld(kind: StoreKind, timeout: number): Promise<KillWorld> {
  await using stack = new AsyncDisposableStack();
  const clock = realClock();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-kill-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const config = configFor(kind === 'postgres' ? await postgresWithTables() : join(folder, 'node.db'), { key: join(folder, 'encryption.key'), timeout });
  const node = stack.use(await openNodeProcess(config, folder));
  const store = stack.use(await openStore(config.database));
  const encryption = openEncryption(config.key_file);
  const emsp = stack.use(await openEmsp({ clock }));
  await register(emsp, node);
  const { sent, request } = createAsker(emsp, clock);
  const stations: Standing[] = [];
  const kept = async (): Promise<StoredRequest[]> =>
    (await store.all(allExchanges)).map((row) => ({ ...row, responseUrl: row.encryptedUrl === undefined ? '' : encryption.decrypt(row.encryptedUrl) }));
  const strangers = stack.use(new AsyncDisposableStack());
  const everything = stack.move();
  return {
    node,
    emsp,
    request,
    rowOf: async ({ responseUrl }) => (await kept()).find((row) => row.responseUrl === responseUrl),
    station: async (name, traits = {}) => {
      const standing = await stand(name, { node, clock, traits });
      strangers.use(standing.station);
      stations.push(standing);
      return { station: standing.station, session: await charge(standing.station, emsp) };
    },
    allEnded: () => untilAllEnded({ store, clock, nextOutcome: () => node.nextReport('outcome') }),
    history: async () => ({
      sent,
      received: heardBy(emsp),
      pushed: emsp.pushed.map(({ sessionId, at }) => ({ session: sessionId, at })),
      stations: stations.map(
        ({ station, connections }): StationRecord => ({ id: station.id, frames: station.frames, connections, installed: station.installed() }),
      ),
      stored: await kept(),
    }),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function register(emsp: Emsp, node: NodeProcess): Promise<void> {
  const token = await node.invite(emsp.role);
  const registered = await emsp.register({ token, versions_url: `${node.publicUrl()}/ocpi/versions` });
  if (registered.envelope.status_code !== 1000) throw new Error(`registration: ${registered.text}`);
}

/** A charge point and the moments at which its connections began and ended. */
interface Standing {
  station: ChargePoint;
  connections: { at: number; event: 'connected' | 'disconnected' }[];
}
async function stand(name: StationName, { node, clock, traits }: { node: NodeProcess; clock: Clock; traits: Partial<Traits> }): Promise<Standing> {
  const connections: Standing['connections'] = [];
  const station = await plugInStation({
    url: `ws://127.0.0.1:${node.ocppPort()}/ocpp`,
    id: name,
    password: PASSWORD,
    version: VERSIONS[name],
    evses: [{ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) }],
    clock,
    redialAfter: 40,
    log: ({ event }) => {
      if (event === 'connected' || event === 'disconnected') connections.push({ at: clock.now(), event });
    },
    traits,
  });
  return { station, connections };
}

async function charge(station: ChargePoint, emsp: Emsp): Promise<string> {
  const before = new Set(emsp.sessions.keys());
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  const session = await emsp.session((it) => it.status === 'ACTIVE' && !before.has(String(it.id)));
  return String(session.id);
}

/** Each question with an address of its own for the result, and all of them on record. */
function createAsker(emsp: Emsp, clock: Clock): { sent: readonly SentRequest[]; request: KillWorld['request'] } {
  const sent: SentRequest[] = [];
  let questions = 0;
  const request: KillWorld['request'] = async (kind, session, limit = 10) => {
    questions += 1;
    const responseUrl = `${new URL(emsp.versionsUrl).origin}/results/${kind}/${questions}`;
    const draft = { kind, session, responseUrl, at: clock.now() };
    const answer = await put(emsp, { kind, session, limit, responseUrl }).then(wordOf, () => 'lost');
    const whole = { ...draft, answer, answeredAt: clock.now() };
    sent.push(whole);
    return whole;
  };
  return { sent, request };
}

const UNLIMITED = { burst: 1, every: 0 };

const configFor = (database: string, { key, timeout }: { key: string; timeout: number }): Config => {
  const parsed = parseConfig(
    JSON.stringify({
      listen: { port: 0 },
      public_url: 'http://127.0.0.1',
      database,
      key_file: key,
      insecure_http: true,
      timeout,
      // A run is made of many requests: none is turned away for coming too soon.
      limits: { party_and_session: UNLIMITED, station: UNLIMITED, party: UNLIMITED, cuts_alarm: 1_000_000 },
      parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
      ocpp: { port: 0, security_profile: 1 },
      charge_points: Object.keys(VERSIONS).map((id) => ({
        id,
        password: PASSWORD,
        location_id: 'LOC1',
        evses: [{ uid: `${id}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 }],
      })),
      tokens: [{ uid: badge.uid, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
};

interface Question {
  kind: AskKind;
  session: string;
  limit: number;
  responseUrl: string;
}
function put(emsp: Emsp, { kind, session, limit, responseUrl }: Question): Promise<SentProfileRequest> {
  switch (kind) {
    case 'set':
      return emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] }, { responseUrl });
    case 'get':
      return emsp.get(session, 900, { responseUrl });
    case 'clear':
      return emsp.clear(session, { responseUrl });
    default:
      return kind satisfies never;
  }
}
const wordOf = ({ result, answer }: SentProfileRequest) => (result === '' ? String(answer.envelope.status_code) : result);

const heardBy = ({ requests }: Emsp): ReceivedResult[] =>
  requests.filter((it) => it.module === 'callback').map(({ url, at, body }) => ({ responseUrl: url, at, result: String(fieldsOf(parse(body)).result) }));

const allExchanges: Query<StoredExchange> = { name: 'all-exchanges', sql: 'SELECT * FROM exchange ORDER BY seq', values: [], read: readExchange };
