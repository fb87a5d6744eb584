import { describe, expect, test } from 'vitest';
import { stores } from '../world.ts';
import { findViolations } from './checker.ts';
import { openKillWorld } from './kill-world.ts';

describe.concurrent.each(stores)('a node that is asked to stop (G-23, %s)', { timeout: 60_000 }, (store) => {
  test('finishes the result that it is posting', async () => {
    await using arena = await openKillWorld(store, 60);
    const { session } = await arena.station('CP-16');
    arena.emsp.behave({ callback: { is: 'trickle', everyMilliseconds: 10 } });
    const set = await arena.request('set', session);
    await arena.emsp.waitForRequest(({ url }) => url === set.responseUrl);
    const gone = arena.node.ended();
    arena.node.signal('SIGTERM');
    await gone;
    expect(await arena.rowOf(set)).toMatchObject({ state: 'DELIVERED', reason: 'cp' });
  });

  test('leaves what is at a charge point to its next run, which asks once more', async () => {
    await using arena = await openKillWorld(store, 60);
    const { station, session } = await arena.station('CP-16', { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 60_000 }] } });
    const called = station.next('SetChargingProfile');
    const set = await arena.request('set', session);
    await called;
    const gone = arena.node.ended();
    arena.node.signal('SIGTERM');
    await gone;
    expect(await arena.rowOf(set)).toMatchObject({ state: 'SENDING' });
    await arena.node.start();
    await arena.allEnded();
    expect(await arena.rowOf(set)).toMatchObject({ state: 'DELIVERED', reason: 'cp' });
    expect(findViolations(await arena.history())).toEqual([]);
  });

  test('loses nothing that it accepted while requests come in', async () => {
    await using arena = await openKillWorld(store, 60);
    const sessions = [(await arena.station('CP-16')).session, (await arena.station('CP-201')).session];
    const asks = Array.from({ length: 40 }, (_, n) => arena.request(n % 3 === 0 ? 'get' : 'set', sessions[n % 2] ?? '', 6 + n / 2));
    await Promise.race(asks);
    const gone = arena.node.ended();
    arena.node.signal('SIGTERM');
    await Promise.all(asks);
    await gone;
    await arena.node.start();
    await arena.allEnded();
    const history = await arena.history();
    expect(findViolations(history)).toEqual([]);
    expect(history.sent.map(({ answer }) => answer)).toContain('ACCEPTED');
    expect(arena.node.errors).toEqual([]);
  });
});
