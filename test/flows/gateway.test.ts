import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';

async function bareCsms() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: (offered) => [...offered][0] ?? false });
  await once(server, 'listening');
  const frames: string[] = [];
  const sockets: WebSocket[] = [];
  let tx = 41;
  const answers: Record<string, () => object> = {
    BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
    StartTransaction: () => ({ transactionId: ++tx, idTagInfo: { status: 'Accepted' } }),
    StopTransaction: () => ({}),
  };
  server.on('connection', (socket, request) => {
    sockets.push(socket);
    frames.push(`${request.url} ${request.headers.authorization ? 'with' : 'without'}`);
    socket.on('message', (data) => {
      frames.push(data.toString());
      const [type, id, action] = JSON.parse(data.toString());
      if (type === 2) socket.send(JSON.stringify([3, id, answers[action]?.() ?? {}]));
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/steve/{id}`,
    frames,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const s of server.clients) s.terminate();
      server.close();
    },
  };
}

test('GW-A12: a profile of an eMSP reaches a charge point behind a CSMS', async () => {
  await using csms = await bareCsms();
  await using world = await openWorld({
    config: {
      ocpp: {
        host: '127.0.0.1',
        port: 0,
        security_profile: 1,
        upstream: {
          url: csms.url,
          authorization: 'pass',
          when_away: 'keep',
          keep: { messages: 100, days: 7, authorize: 'tokens' },
          smart_charging: 'strictest',
          mode: 'act',
        },
      },
    },
  });
  const emsp = await world.emsp();
  const point = await world.station('CP-16');
  const session = await world.charging(emsp, point);
  const { later } = await emsp.set(session, upTo(8));
  expect(await later).toMatchObject({ result: 'ACCEPTED' });
  console.log(csms.frames.join('\n'));
});
