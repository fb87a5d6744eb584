import { connect } from 'node:net';
import fastify from 'fastify';
import { afterAll, beforeEach } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { epochMillis } from '../domain/units.ts';
import { type Binding, bind } from './binding.ts';
import { clearChargingProfile, clearChargingProfileResult } from './chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from './chargingprofiles/get-active-charging-profile.ts';
import { pushActiveChargingProfile } from './chargingprofiles/push-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from './chargingprofiles/set-charging-profile.ts';
import type { WireCredentials } from './credentials/credentials.ts';
import { deleteCredentials } from './credentials/delete-credentials.ts';
import { getCredentials } from './credentials/get-credentials.ts';
import { postCredentials } from './credentials/post-credentials.ts';
import { putCredentials } from './credentials/put-credentials.ts';
import { editions } from './editions.ts';
import type { Endpoint } from './endpoint.ts';
import { acknowledged, notFound, page, success } from './envelope.ts';
import { printAuthorization } from './headers.ts';
import { httpServerOptions } from './http-server.ts';
import type { Deviation } from './patience/kinds.ts';
import { type ServeEvent, serveOcpi } from './serve.ts';
import { getSession } from './sessions/get-session.ts';
import { getSessions } from './sessions/get-sessions.ts';
import { patchSession } from './sessions/patch-session.ts';
import { putSession } from './sessions/put-session.ts';
import { authorizeToken } from './tokens/authorize-token.ts';
import { getToken } from './tokens/get-token.ts';
import { getTokens } from './tokens/get-tokens.ts';
import { patchToken } from './tokens/patch-token.ts';
import { putToken } from './tokens/put-token.ts';
import type { Transport } from './transport.ts';

/** The constant time of the server's clock. */
export const noon = '2026-11-23T12:00:00.000Z';
const stillClock: Clock = { now: () => epochMillis(Date.parse(noon)), steady: () => epochMillis(0), after: () => () => {} };

/** The token of a registered peer. */
export const peerToken = 'token-of-a-registered-peer';
/** The TOKEN_A of an invited peer. */
export const tokenA = 'token-a-of-an-invited-one';
/** The Authorization header of the registered peer. */
export const authorization = printAuthorization({ text: peerToken, style: 'base64' });

const accepted = success({ result: 'ACCEPTED' as const, timeout: 30 });
const ours: WireCredentials = {
  token: 'c-token',
  url: 'https://evk.example/ocpi/versions',
  roles: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', business_details: { name: 'Evenkeel' } }],
};

/** A binding with a minimal answer for every message; requests that reach a binding are added to `received`. */
export function plainBindings(received: { name: string; request: unknown }[]): Binding<string>[] {
  const recording = (binding: Binding<string>): Binding<string> => ({
    endpoint: binding.endpoint,
    answer: (request) => {
      received.push({ name: binding.endpoint.name, request });
      return binding.answer(request);
    },
  });
  const acknowledging = (endpoint: Endpoint) => ({ endpoint, answer: async () => acknowledged() });
  return [
    bind(setChargingProfile, async () => accepted),
    bind(clearChargingProfile, async () => accepted),
    bind(getActiveChargingProfile, async () => accepted),
    bind(getSessions, async ({ query }) => page([], { query, total: 0 })),
    bind(getSession, async () => notFound()),
    bind(getTokens, async ({ query }) => page([], { query, total: 0 })),
    bind(getToken, async () => notFound()),
    bind(authorizeToken, async () => notFound()),
    bind(getCredentials, async () => success(ours)),
    bind(postCredentials, async () => success(ours)),
    bind(putCredentials, async () => success(ours)),
    ...[
      pushActiveChargingProfile,
      setChargingProfileResult,
      clearChargingProfileResult,
      getActiveChargingProfileResult,
      putSession,
      patchSession,
      putToken,
      patchToken,
      deleteCredentials,
    ].map(acknowledging),
  ].map(recording);
}

/** Opens a server on a free port; it records received requests, log events, and what was read with patience. To a strict server every peer is strict. */
export async function openServer(change: (bindings: Binding<string>[]) => Binding<string>[] = (it) => it, { strict = false } = {}) {
  const received: { name: string; request: unknown }[] = [];
  const deviations: Deviation[] = [];
  const events: ServeEvent[] = [];
  const app = fastify(httpServerOptions(stillClock));
  let base = '';
  serveOcpi<string>({
    app,
    publicUrl: () => base,
    editions,
    bindings: change(plainBindings(received)),
    authenticate: async (tokens) => {
      const token = tokens.find(({ text }) => text === peerToken || text === tokenA);
      return token && { peer: 'MSP', scope: token.text === tokenA ? 'REGISTRATION' : 'ALL', token };
    },
    clock: stillClock,
    log: (event) => void events.push(event),
    patience: { isStrict: () => strict, note: (_peer, _message, noted) => void deviations.push(...noted) },
  });
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  base = address.origin;
  return { base, received, events, deviations, port: Number(address.port), app, [Symbol.asyncDispose]: async () => app.close() };
}
/** A running test server with its records. */
export type OpenServer = Awaited<ReturnType<typeof openServer>>;

/** The transport of a PeerClient over plain HTTP. */
export const overHttp: Transport = async ({ url, ...request }) => {
  const response = await fetch(url, request);
  return { is: 'ANSWERED', status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
};

/** Sends one HTTP request by `fetch`; `body` is sent unchanged. */
export async function send(server: OpenServer, line: string, { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {}) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(server.base + path, { method, headers: { authorization, ...typed, ...headers }, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, envelope: readEnvelope(text) };
}

/** Sends bytes over a socket and returns the answered bytes, until the server closes the socket. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

/** Parses a body as an envelope; throws when it is not a JSON object. */
export function readEnvelope(text: string): { data?: unknown; status_code?: unknown; status_message?: unknown; timestamp?: unknown } {
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null) throw new Error(`the body is not an envelope: found ${text.slice(0, 80)}`);
  return body;
}

/** A valid charging profile. */
export const validProfile = {
  charging_rate_unit: 'A',
  charging_profile_period: [
    { start_period: 0, limit: 10 },
    { start_period: 900, limit: 6.5 },
  ],
};
/** A valid body of a SetChargingProfile. */
export const validSet = { charging_profile: validProfile, response_url: 'https://scsp.example/result?request_id=1' };
/** A valid session. */
export const validSession = {
  country_code: 'NL',
  party_id: 'EVK',
  id: 'S1',
  start_date_time: '2026-11-23T10:00:00Z',
  kwh: 1.5,
  cdr_token: { country_code: 'NL', party_id: 'MSP', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-MSP-C0001' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'CP001-1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: '2026-11-23T11:59:00Z',
};

/** The path of the charging profiles Receiver. */
export const profiles = '/ocpi/2.2.1/receiver/chargingprofiles';
/** The path of one session at the Receiver. */
export const sessions = '/ocpi/2.2.1/receiver/sessions/NL/EVK/S1';
/** The path of one response_url. */
export const results = '/ocpi/2.2.1/sender/chargingprofiles/results-of-set-charging-profile/x1';
/** The options of `ask` for a JSON body. */
export const json = (value: unknown) => ({ body: JSON.stringify(value) });
/** Every message of the server, one method that is not offered, and one unknown path. */
export const routes = [
  'GET /ocpi/versions',
  'GET /ocpi/2.2.1',
  'GET /ocpi/2.2.1/credentials',
  'POST /ocpi/2.2.1/credentials',
  'PUT /ocpi/2.2.1/credentials',
  'DELETE /ocpi/2.2.1/credentials',
  'GET /ocpi/2.2.1/sender/sessions',
  `GET ${sessions}`,
  `PUT ${sessions}`,
  `PATCH ${sessions}`,
  `GET ${profiles}/S1`,
  `PUT ${profiles}/S1`,
  `DELETE ${profiles}/S1`,
  'PUT /ocpi/2.2.1/sender/chargingprofiles/S1',
  `POST ${results}`,
  `POST ${profiles}/S1`,
  'GET /ocpi/2.2.1/nothing/here',
];

/** Opens one server for all tests of a file; its records are emptied before each test. */
export async function serverOfFile(options: { strict?: boolean } = {}): Promise<OpenServer> {
  const server = await openServer((it) => it, options);
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.received.length = 0;
    server.events.length = 0;
    server.deviations.length = 0;
  });
  return server;
}
