import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { Pool } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveCalls, usage } from '../child-program.ts';
import { type Flow, type FlowStore, openFlowStore } from './flow-store.ts';

/*
 * The baseline that a node is compared with: the messages of a flow with the same libraries and the same durable commits, and nothing
 * else. It has no tokens, schemas, sessions, deadlines, queues or recovery.
 */

interface ProfileRequest {
  charging_profile: { charging_profile_period: { start_period: number; limit: number }[] };
  response_url: string;
}

const sockets = new Map<string, WebSocket>();
const pendingCalls = new Map<string, (payload: unknown) => void>();
let resultPool: Pool | undefined;

/** Sends an accepted profile to its charge point and delivers the result. */
async function dispatch(store: FlowStore, { id, session, url, profile }: Flow): Promise<void> {
  await store.setState(id, 'SENDING', id);
  await new Promise((answered) => {
    pendingCalls.set(id, answered);
    sockets.get(session)?.send(JSON.stringify([2, id, 'SetChargingProfile', payloadOf(profile, sockets.get(session)?.protocol)]));
  });
  await store.setState(id, 'RESULT', 'ACCEPTED');
  await store.setState(id, 'DELIVERING', 'ACCEPTED');
  resultPool ??= new Pool(new URL(url).origin, { connections: 50 });
  const headers = { 'Content-Type': 'application/json', 'X-Request-ID': randomUUID(), 'X-Correlation-ID': id };
  const answer = await resultPool.request({ method: 'POST', path: new URL(url).pathname, headers, body: JSON.stringify({ result: 'ACCEPTED' }) });
  await answer.body.json();
  await store.setState(id, 'DELIVERED', 'ACCEPTED');
}

function payloadOf(profile: unknown, protocol: string | undefined): object {
  const common = { stackLevel: 1, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative' };
  return protocol === 'ocpp1.6'
    ? { connectorId: 1, csChargingProfiles: { chargingProfileId: 1, transactionId: 1, ...common, chargingSchedule: profile } }
    : { evseId: 1, chargingProfile: { id: 1, transactionId: 'T1', ...common, chargingSchedule: [profile] } };
}

const toSchedule = ({ charging_profile_period: periods }: ProfileRequest['charging_profile']) => ({
  chargingRateUnit: 'A',
  duration: 900,
  chargingSchedulePeriod: periods.map((it) => ({ startPeriod: it.start_period, limit: it.limit })),
});

function acceptStation(socket: WebSocket, id: string): void {
  sockets.set(id, socket);
  socket.on('message', (data) => {
    const [type, messageId, payload]: [number, string, unknown] = JSON.parse(data.toString());
    if (type === 2) socket.send(JSON.stringify([3, messageId, { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }]));
    pendingCalls.get(messageId)?.(payload);
    pendingCalls.delete(messageId);
  });
}

async function open(database: string): Promise<{ chargingProfiles: string; ocppPort: number }> {
  const store = await openFlowStore(database);
  const app = fastify();
  app.put<{ Params: { session: string }; Body: ProfileRequest }>('/chargingprofiles/:session', async (request, reply) => {
    const { charging_profile, response_url } = request.body;
    const flow = { id: randomUUID(), session: request.params.session, url: response_url, profile: toSchedule(charging_profile) };
    await store.insert(flow);
    void dispatch(store, flow);
    reply.headers({ 'X-Request-ID': request.headers['x-request-id'], 'X-Correlation-ID': request.headers['x-correlation-id'] });
    return { data: { result: 'ACCEPTED', timeout: 30 }, status_code: 1000, timestamp: new Date().toISOString() };
  });
  const chargingProfiles = `${await app.listen({ host: '127.0.0.1', port: 0 })}/chargingprofiles`;
  const stations = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  stations.on('connection', (socket, request) => acceptStation(socket, request.url?.split('/').at(-1) ?? ''));
  await new Promise((listening) => stations.once('listening', listening));
  const address = stations.address();
  return { chargingProfiles, ocppPort: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** The bare program. */
export const handlers = { open, usage };
serveCalls(handlers);
