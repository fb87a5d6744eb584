import { describe, expect, test } from 'vitest';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { openKillWorld } from './kill-world.ts';

describe.concurrent.each(stores)('a node that receives SIGTERM (G-23, %s)', { timeout: 60_000 }, (store) => {
  test('finishes the POST of a result', async () => {
    await using world = await openKillWorld(store, 60);
    const { session } = await world.station('CP-16');
    world.emsp.behave({ callback: { is: 'trickle', everyMilliseconds: 10 } });
    const set = await world.request('set', session);
    await world.emsp.waitForRequest(({ url }) => url === set.responseUrl);
    const ended = world.node.ended();
    world.node.signal('SIGTERM');
    await ended;
    expect(await world.rowOf(set)).toMatchObject({ state: 'DELIVERED', reason: 'cp' });
  });

  test('leaves a call without an answer to its next run, which sends it again', async () => {
    await using world = await openKillWorld(store, 60);
    const { station, session } = await world.station('CP-16', { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 60_000 }] } });
    const called = station.next('SetChargingProfile');
    const set = await world.request('set', session);
    await called;
    const ended = world.node.ended();
    world.node.signal('SIGTERM');
    await ended;
    expect(await world.rowOf(set)).toMatchObject({ state: 'SENDING' });
    await world.node.start();
    await world.allEnded();
    expect(await world.rowOf(set)).toMatchObject({ state: 'DELIVERED', reason: 'cp' });
    expect(findViolations(await world.history())).toEqual([]);
  });

  test('loses no accepted request while requests arrive', async () => {
    await using world = await openKillWorld(store, 60);
    const sessions = [(await world.station('CP-16')).session, (await world.station('CP-201')).session];
    const requests = Array.from({ length: 40 }, (_, n) => world.request(n % 3 === 0 ? 'get' : 'set', sessions[n % 2] ?? '', 6 + n / 2));
    await Promise.race(requests);
    const ended = world.node.ended();
    world.node.signal('SIGTERM');
    await Promise.all(requests);
    await ended;
    await world.node.start();
    await world.allEnded();
    const history = await world.history();
    expect(findViolations(history)).toEqual([]);
    expect(history.sent.map(({ answer }) => answer)).toContain('ACCEPTED');
    expect(world.node.errors).toEqual([]);
  });
});
