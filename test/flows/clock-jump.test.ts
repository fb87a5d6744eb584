import { describe, expect, test } from 'vitest';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

const HOUR_MS = 3_600_000;
const jumps = [
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
] as const;

describe.each(stores)('the clock of the machine is set while a request is under way (%s)', (store) => {
  test.each(jumps)('R-07: %s: a charge point that answers in time is believed, and the result is delivered', async (_, jump) => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 20_000 }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    it.clock.set(jump);
    await it.clock.advance(20_000);
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'DELIVERED' });
  });

  test.each(jumps)('R-07: %s: a request that waits for its charge point is sent when it is back in time', async (_, jump) => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'drop', done: false }] } });
    const set = await it.emsp.set(it.session, upTo(10));
    await it.world.firstStep('station-disconnected');
    it.clock.set(jump);
    // The charge point connects again by itself after some seconds.
    expect(await it.until(set.later)).toEqual({ result: 'ACCEPTED' });
  });

  test.each(jumps)('R-07: %s: a charge point that does not answer has the time that it had, no more and no less', async (_, jump) => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
    const arrives = it.station.next('SetChargingProfile');
    await it.emsp.set(it.session, upTo(10));
    await arrives;
    it.clock.set(jump);
    await it.clock.advance(23_000);
    expect(it.world.steps.filter(({ step }) => step === 'outcome')).toEqual([]);
    await it.clock.advance(1_500);
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_silent' });
  });

  test('R-07: what was accepted before a jump continues after a restart', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    it.clock.set(HOUR_MS);
    await it.clock.advance(2_000);
    await it.world.restart();
    await it.station.reconnect();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
  });
});
