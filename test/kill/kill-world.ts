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
import { describedLocation } from '../described-location.ts';
import { badge, databaseFor, type StoreKind } from '../world.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';
import { type NodeProcess, openNodeProcess } from './node-process.ts';
import { untilAllEnded } from './until-all-ended.ts';

const PASSWORD = '0123456789abcdef';
/** The charge points of the node, one for each version of OCPP. */
export const VERSIONS = { 'CP-16': '1.6', 'CP-201': '2.0.1', 'CP-21': '2.1' } as const satisfies Record<string, OcppVersion>;
/** The id of a charge point of the node. */
export type StationName = keyof typeof VERSIONS;

/** A charge point with a session; `connected` resolves when it is connected, at once if it is now. */
export interface ChargingStation {
  station: ChargePoint;
  session: string;
  connected: () => Promise<void>;
}

/** A CPO node in a process of its own; an eMSP and charge points in this process; and a record of their messages. Disposing ends all of them. */
export interface KillWorld extends AsyncDisposable {
  node: NodeProcess;
  emsp: Emsp;
  /** Connects a charge point and plugs a car in; resolves when the eMSP has its session as ACTIVE. */
  station(name: StationName, traits?: Partial<Traits>): Promise<ChargingStation>;
  /** Sends a request of the eMSP; without an answer it resolves with the answer `lost`. `limit`: amperes of a set. */
  request(kind: AskKind, session: string, limit?: number): Promise<SentRequest>;
  /** The stored request; undefined when it is not in the store. */
  rowOf(request: SentRequest): Promise<StoredRequest | undefined>;
  /** Resolves when every exchange has ended. */
  allEnded(): Promise<void>;
  history(): Promise<History>;
}

/** Starts the node on a new store and registers the eMSP. `timeout`: seconds, as in the answers to requests. */
export async function openKillWorld(kind: StoreKind, timeout: number): Promise<KillWorld> {
  await using stack = new AsyncDisposableStack();
  const clock = realClock();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-kill-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const config = configFor(await databaseFor(kind, stack), { key: join(folder, 'encryption.key'), timeout });
  const node = stack.use(await openNodeProcess(config, folder));
  const store = stack.use(await openStore(config.database));
  const encryption = openEncryption(config.key_file);
  const emsp = stack.use(await openEmsp({ clock }));
  await register(emsp, node);
  const { sent, request } = createRequester(emsp, clock);
  const stations: RecordedStation[] = [];
  const storedRequests = async (): Promise<StoredRequest[]> =>
    (await store.all(allExchanges)).map((row) => ({ ...row, responseUrl: row.encryptedUrl === undefined ? '' : encryption.decrypt(row.encryptedUrl) }));
  const connected = stack.use(new AsyncDisposableStack());
  const everything = stack.move();
  return {
    node,
    emsp,
    request,
    rowOf: async ({ responseUrl }) => (await storedRequests()).find((row) => row.responseUrl === responseUrl),
    station: async (name, traits = {}) => {
      const recorded = await connect(name, { node, clock, traits });
      const station = connected.use(recorded.station);
      stations.push(recorded);
      return { station, session: await charge(station, emsp), connected: recorded.connected };
    },
    allEnded: () => untilAllEnded({ store, clock, nextOutcome: () => node.nextReport('outcome') }),
    history: async () => ({
      sent,
      received: receivedBy(emsp),
      pushed: emsp.pushed.map(({ sessionId, at }) => ({ session: sessionId, at })),
      stations: stations.map(
        ({ station, connections }): StationRecord => ({ id: station.id, frames: station.frames, connections, installed: station.installed() }),
      ),
      stored: await storedRequests(),
    }),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function register(emsp: Emsp, node: NodeProcess): Promise<void> {
  const token = await node.invite(emsp.role);
  const registered = await emsp.register({ token, versions_url: `${node.publicUrl()}/ocpi/versions` });
  if (registered.envelope.status_code !== 1000) throw new Error(`registration: ${registered.text}`);
}

/** A charge point, with the times of its connections. */
interface RecordedStation {
  station: ChargePoint;
  connections: { at: number; event: 'connected' | 'disconnected' }[];
  connected: () => Promise<void>;
}
async function connect(name: StationName, { node, clock, traits }: { node: NodeProcess; clock: Clock; traits: Partial<Traits> }): Promise<RecordedStation> {
  const connections: RecordedStation['connections'] = [];
  const waiting: (() => void)[] = [];
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
      if (event === 'connected') for (const resolve of waiting.splice(0)) resolve();
    },
    traits,
  });
  const connected = () => (station.connected ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push(resolve)));
  return { station, connections, connected };
}

async function charge(station: ChargePoint, emsp: Emsp): Promise<string> {
  const before = new Set(emsp.sessions.keys());
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  const session = await emsp.session((it) => it.status === 'ACTIVE' && !before.has(String(it.id)));
  return String(session.id);
}

/** Sends requests, each with a response_url of its own, and records them. */
function createRequester(emsp: Emsp, clock: Clock): { sent: readonly SentRequest[]; request: KillWorld['request'] } {
  const sent: SentRequest[] = [];
  let count = 0;
  const request: KillWorld['request'] = async (kind, session, limit = 10) => {
    count += 1;
    const responseUrl = `${new URL(emsp.versionsUrl).origin}/results/${kind}/${count}`;
    const draft = { kind, session, responseUrl, at: clock.now() };
    const answer = await send(emsp, { kind, session, limit, responseUrl }).then(resultOf, () => 'lost');
    const answered = { ...draft, answer, answeredAt: clock.now() };
    sent.push(answered);
    return answered;
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
      // No rate limit: a run sends many requests.
      limits: { party_and_session: UNLIMITED, station: UNLIMITED, party: UNLIMITED, cuts_alarm: 1_000_000 },
      parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
      ocpp: { port: 0, security_profile: 1 },
      charge_points: Object.keys(VERSIONS).map((id) => ({
        id,
        password: PASSWORD,
        location_id: 'LOC1',
        evses: [{ uid: `${id}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 }],
      })),
      locations: [describedLocation('LOC1')],
      tokens: [{ uid: badge.uid, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
};

interface Draft {
  kind: AskKind;
  session: string;
  limit: number;
  responseUrl: string;
}
function send(emsp: Emsp, { kind, session, limit, responseUrl }: Draft): Promise<SentProfileRequest> {
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
const resultOf = ({ result, answer }: SentProfileRequest) => (result === '' ? String(answer.envelope.status_code) : result);

const receivedBy = ({ requests }: Emsp): ReceivedResult[] =>
  requests.filter((it) => it.module === 'callback').map(({ url, at, body }) => ({ responseUrl: url, at, result: String(fieldsOf(parse(body)).result) }));

/** The accepted requests; the invariants say nothing about the records of refused ones. */
const allExchanges: Query<StoredExchange> = {
  name: 'all-exchanges',
  sql: 'SELECT * FROM exchange WHERE declined = 0 ORDER BY seq',
  values: [],
  read: readExchange,
};
