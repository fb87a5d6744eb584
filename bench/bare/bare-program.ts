import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { Pool } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveCalls, usage } from '../child-program.ts';
import type { Flow, FlowStore } from './flow-store.ts';
import { openPostgresSteps } from './postgres-steps.ts';
import { openSqliteSteps } from './sqlite-steps.ts';

/*
 * The messages of a flow over the same libraries with the same durable commits as a node, and nothing else: no token, no schema, no
 * session, no deadline, no queue, no recovery. What a node needs beyond it is the price of being right.
 */
interface Wish {
  charging_profile: { charging_profile_period: { start_period: number; limit: number }[] };
  response_url: string;
}

const sockets = new Map<string, WebSocket>();
const awaited = new Map<string, (payload: unknown) => void>();
let callbacks: Pool | undefined;

async function carry(steps: FlowStore, { id, session, url, profile }: Flow): Promise<void> {
  await steps.setState(id, 'SENDING', id);
  await new Promise((answered) => {
    awaited.set(id, answered);
    sockets.get(session)?.send(JSON.stringify([2, id, 'SetChargingProfile', payloadOf(profile, sockets.get(session)?.protocol)]));
  });
  await steps.setState(id, 'RESULT', 'ACCEPTED');
  await steps.setState(id, 'DELIVERING', 'ACCEPTED');
  callbacks ??= new Pool(new URL(url).origin, { connections: 50 });
  const headers = { 'Content-Type': 'application/json', 'X-Request-ID': randomUUID(), 'X-Correlation-ID': id };
  const answer = await callbacks.request({ method: 'POST', path: new URL(url).pathname, headers, body: JSON.stringify({ result: 'ACCEPTED' }) });
  await answer.body.json();
  await steps.setState(id, 'DELIVERED', 'ACCEPTED');
}

function payloadOf(profile: unknown, protocol: string | undefined): object {
  const common = { stackLevel: 1, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative' };
  return protocol === 'ocpp1.6'
    ? { connectorId: 1, csChargingProfiles: { chargingProfileId: 1, transactionId: 1, ...common, chargingSchedule: profile } }
    : { evseId: 1, chargingProfile: { id: 1, transactionId: 'T1', ...common, chargingSchedule: [profile] } };
}

const toSchedule = ({ charging_profile_period: periods }: Wish['charging_profile']) => ({
  chargingRateUnit: 'A',
  duration: 900,
  chargingSchedulePeriod: periods.map((it) => ({ startPeriod: it.start_period, limit: it.limit })),
});

function takeStation(socket: WebSocket, name: string): void {
  sockets.set(name, socket);
  socket.on('message', (data) => {
    const [type, id, payload]: [number, string, unknown] = JSON.parse(data.toString());
    if (type === 2) socket.send(JSON.stringify([3, id, { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }]));
    awaited.get(id)?.(payload);
    awaited.delete(id);
  });
}

async function open(database: string): Promise<{ chargingProfiles: string; ocppPort: number }> {
  const steps = database.startsWith('postgres') ? await openPostgresSteps(database) : openSqliteSteps(database);
  const app = fastify();
  app.put<{ Params: { session: string }; Body: Wish }>('/chargingprofiles/:session', async (request, reply) => {
    const { charging_profile, response_url } = request.body;
    const flow = { id: randomUUID(), session: request.params.session, url: response_url, profile: toSchedule(charging_profile) };
    await steps.insert(flow);
    void carry(steps, flow);
    reply.headers({ 'X-Request-ID': request.headers['x-request-id'], 'X-Correlation-ID': request.headers['x-correlation-id'] });
    return { data: { result: 'ACCEPTED', timeout: 30 }, status_code: 1000, timestamp: new Date().toISOString() };
  });
  const chargingProfiles = `${await app.listen({ host: '127.0.0.1', port: 0 })}/chargingprofiles`;
  const stations = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  stations.on('connection', (socket, request) => takeStation(socket, request.url?.split('/').at(-1) ?? ''));
  await new Promise((listening) => stations.once('listening', listening));
  const address = stations.address();
  return { chargingProfiles, ocppPort: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** What the bare program is asked. */
export const handlers = { open, usage };
serveCalls(handlers);
