import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** Connects as CP-16, a charge point of the same node that nobody has asked anything. */
async function connectOther({ world }: Steered) {
  const password = world.settings().charge_points.find(({ id }) => id === 'CP-16')?.password ?? '';
  const headers = { Authorization: `Basic ${Buffer.from(`CP-16:${password}`).toString('base64')}` };
  const socket = new WebSocket(`ws://127.0.0.1:${world.node().ocppPort}/ocpp/CP-16`, ['ocpp1.6'], { headers });
  await once(socket, 'open');
  return {
    /** Sends a frame, and resolves when the node has processed it: a charge point's messages are processed in their order. */
    send: async (frame: unknown[]) => {
      socket.send(JSON.stringify(frame));
      const answered = new Promise<void>((resolve) => {
        socket.on('message', (text) => {
          if (JSON.parse(String(text))[1] === 'after-it') resolve();
        });
      });
      socket.send(JSON.stringify([2, 'after-it', 'Heartbeat', {}]));
      await answered;
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

function messageIdOf({ station }: Steered): unknown {
  const calls = station.frames.flatMap(({ frame }) => (Array.isArray(frame) && frame[2] === 'SetChargingProfile' ? [frame[1]] : []));
  return calls[0];
}

test.each(stores)('R-15: an answer with the message id of a call to another charge point is refused (%s)', async (store) => {
  await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
  using other = await connectOther(it);
  const arrives = it.station.next('SetChargingProfile');
  const set = await it.emsp.set(it.session, upTo(10));
  await arrives;
  await other.send([3, messageIdOf(it), { status: 'Accepted' }]);
  expect(it.world.steps.filter(({ step }) => step === 'station-answered')).toEqual([]);
  await it.clock.advance(24_000);
  expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_silent' });
  await other.send([3, messageIdOf(it), { status: 'Accepted' }]);
  expect(it.world.steps.filter((step) => step.step === 'station-answered' && step.answer.endsWith('late'))).toEqual([]);
  expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
});
