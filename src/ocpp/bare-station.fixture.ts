import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Clock } from '../domain/clock.ts';
import type { Evse } from '../domain/evse.ts';
import { messageId, type StationId, stationId } from '../domain/ids.ts';
import { amperes, type EpochMillis, epochMillis, epochSeconds, seconds, volts } from '../domain/units.ts';
import type { Credential } from './credentials.ts';
import type { ClearRequest, CompositeRequest, SetRequest } from './dialect.ts';
import { openStationServer, type StationServer } from './server.ts';
import type { StationServerOptions } from './server-options.ts';
import type { Order, Station, StationAnswer, StationEvent, StationHost, StationRequest } from './station.ts';

/** A clock that stands still until the test advances it. */
export function manualClock(start = Date.parse('2026-03-10T07:30:00Z')): Clock & { advance(milliseconds: number): void } {
  const timers = new Set<{ at: number; then: () => void }>();
  let now = start;
  return {
    now: () => epochMillis(now),
    steady: () => epochMillis(now),
    after: (milliseconds, then) => {
      const timer = { at: now + milliseconds, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (milliseconds) => {
      const until = now + milliseconds;
      for (;;) {
        const [due] = [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.then();
      }
      now = until;
    },
  };
}

/** A host that records what it receives; a test may replace its methods. */
export interface RecordingHost extends StationHost {
  events: StationEvent[];
  steps: string[];
  lateAnswers: { id: string; read: (request: StationRequest) => StationAnswer }[];
}

function recordingHost(overrides: Partial<StationHost> = {}): RecordingHost {
  const events: StationEvent[] = [];
  const steps: string[] = [];
  const lateAnswers: RecordingHost['lateAnswers'] = [];
  return {
    events,
    steps,
    lateAnswers,
    connected: async (station) => void steps.push(`connected ${station.id} ${station.epoch}`),
    disconnected: (station) => void steps.push(`disconnected ${station.id} ${station.epoch}`),
    received: async (_station, event) => void events.push(event),
    authorize: async (_station, { uid }) => ({ status: uid === 'GOOD' ? 'Accepted' : 'Invalid' }),
    chargingNeeds: async () => 'Accepted',
    startTransaction: async () => ({ transactionId: 7, decision: { status: 'Accepted' } }),
    lateAnswer: async (_station, id, read) => void lateAnswers.push({ id, read }),
    ...overrides,
  };
}

/** A running station server with what a test controls and observes. */
export interface World extends AsyncDisposable {
  server: StationServer;
  host: RecordingHost;
  clock: ReturnType<typeof manualClock>;
  log: string[];
}

/** The password of all stations. */
export const PASSWORD = '0123456789abcdef';

/** Opens a server for the stations CP1 to CP9, which share one password, with a manual clock. */
export async function openWorld(options: Partial<StationServerOptions> = {}, overrides: Partial<StationHost> = {}): Promise<World> {
  const host = recordingHost(overrides);
  const clock = manualClock();
  const log: string[] = [];
  const credentialOf = (id: StationId): Credential | undefined => (/^CP\d$/.test(id) ? { password: PASSWORD } : undefined);
  const server = await openStationServer({
    listen: { host: '127.0.0.1', port: 0 },
    securityProfile: 1,
    credentialOf,
    host,
    clock,
    log: (level, event, facts) => void log.push(`${level} ${event} ${JSON.stringify(facts)}`),
    abilitiesOf: () => ({ smartCharging: true, units: ['A', 'W'], maxStackLevel: 8, maxPeriods: 100, minProfileId: 1 }),
    ...options,
    // Nothing happens without the test: no pings, and no ability query except after a boot.
    limits: { abilityTimeout: 1_000_000_000, pingInterval: 0, ...options.limits },
  });
  return { server, host, clock, log, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A parsed OCPP-J frame. */
export type Frame = readonly unknown[];

/** A charge point that is only a socket: it sends what the test makes it send. */
export interface BareStation {
  socket: WebSocket;
  sendFrame(...parts: unknown[]): void;
  /** Resolves with the next frame that was not returned before. */
  nextFrame(): Promise<Frame>;
  /** Sends a CALL and resolves with the next frame, which need not be its answer. */
  call(action: string, payload: object, id?: string): Promise<Frame>;
  /** Resolves with the close code. */
  closed: Promise<number>;
}

/** Overrides for how a bare station connects. */
export interface ConnectOptions {
  id?: string;
  protocols?: string | string[];
  authorization?: string | undefined;
  path?: string;
  secure?: { ca: string; key?: string; cert?: string };
}

/** A Basic `Authorization` header. */
export const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Connects; rejects with the HTTP status when the upgrade is refused. */
export async function connectStation(
  port: number,
  { id = 'CP1', protocols = 'ocpp1.6', path = `/ocpp/${id}`, secure, ...rest }: ConnectOptions = {},
): Promise<BareStation> {
  const authorization = 'authorization' in rest ? rest.authorization : basic(id, PASSWORD);
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const socket = new WebSocket(`${secure ? 'wss' : 'ws'}://127.0.0.1:${port}${path}`, protocols, { headers, ...secure });
  const unread: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data));
    const reader = waiting.shift();
    if (reader) reader(frame);
    else unread.push(frame);
  });
  const closed = new Promise<number>((done) => socket.once('close', done));
  await new Promise<void>((done, failed) => {
    socket.once('open', done);
    socket.once('unexpected-response', (_request, response) => failed(new Error(`HTTP ${response.statusCode}`)));
    socket.once('error', failed);
  });
  socket.on('error', () => undefined);
  const nextFrame = () => {
    const frame = unread.shift();
    return frame ? Promise.resolve(frame) : new Promise<Frame>((done) => waiting.push(done));
  };
  const sendFrame = (...parts: unknown[]) => socket.send(JSON.stringify(parts));
  let calls = 0;
  const call = (action: string, payload: object, callId = `t${++calls}`) => {
    sendFrame(2, callId, action, payload);
    return nextFrame();
  };
  return { socket, sendFrame, nextFrame, call, closed };
}

/** Resolves when the node has received all earlier messages of the station. */
export async function roundTrip({ socket }: BareStation): Promise<void> {
  const pong = once(socket, 'pong');
  socket.ping();
  await pong;
}

/** Opens a server with one connected OCPP 1.6 station. */
export async function connectedWorld(...options: Parameters<typeof openWorld>) {
  const world = await openWorld(...options);
  const station = await connectStation(world.server.port);
  await station.call('Heartbeat', {}, 'hello');
  return { world, station, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const evse: Evse = { uid: 'CP1-1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };

/** Sets 10 A for 900 s from 2026-03-10T07:30:00Z. */
export const setRequest: SetRequest = {
  kind: 'set-charging-profile',
  evse,
  transactionId: '7',
  profileId: 42,
  profile: { unit: 'A', start: epochSeconds(1_773_127_800), duration: seconds(900), periods: [{ start: seconds(0), limit: amperes(10) }] },
};
/** Clears the profile of `setRequest`. */
export const clearRequest: ClearRequest = { kind: 'clear-charging-profile', evse, profileId: 42 };
/** Asks for 600 s in A. */
export const compositeRequest: CompositeRequest = { kind: 'get-composite-schedule', evse, duration: seconds(600), unit: 'A' };

/** An order with an open claim and a deadline in 20 s. */
export function order(world: World, request: StationRequest, more: Partial<Order> = {}): Order {
  const deadline: EpochMillis = epochMillis(world.clock.now() + 20_000);
  return { request, messageId: messageId(randomUUID()), deadline, claim: async () => true, ...more };
}

/** The connection of a station; throws when it is not connected. */
export function stationOf({ server }: World, id = 'CP1'): Station {
  const station = server.station(stationId(id));
  if (!station) throw new Error(`${id} is not connected`);
  return station;
}
