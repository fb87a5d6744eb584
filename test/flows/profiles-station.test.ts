import { describe, expect, test } from 'vitest';
import { resultPosts, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

const periods = (count: number) => ({ charging_profile_period: Array.from({ length: count }, (_, n) => ({ start_period: n * 10, limit: 10 + (n % 2) })) });

describe.each(stores)('a profile at the charge point (%s)', (store) => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)(
    'CP-28, CP-29: without a start is relative to the start of charging at %s, and without a duration has no end',
    async (at) => {
      await using it = await openSteered(store, { at });
      expect(await (await it.emsp.set(it.session, upTo(10))).later).toEqual({ result: 'ACCEPTED' });
      const [{ schedule, ...installed } = { schedule: undefined }] = it.station.installed();
      expect(installed).toMatchObject({ kind: 'Relative', purpose: 'tx', evseId: 1 });
      expect(schedule).not.toHaveProperty('start');
      expect(schedule).not.toHaveProperty('duration');
    },
  );

  test.each(['CP-16', 'CP-201'] as const)('CP-28, CP-29: with a start and a duration keeps both at %s', async (at) => {
    await using it = await openSteered(store, { at });
    expect(await (await it.emsp.set(it.session, upTo(10, { start_date_time: '2026-01-31T09:00:00Z', duration: 900 }))).later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.installed()).toMatchObject([{ kind: 'Absolute', schedule: { start: Date.UTC(2026, 0, 31, 9) / 1000, duration: 900 } }]);
  });

  test('CP-30: has limits with one decimal, never above the requested limits', async () => {
    await using it = await openSteered(store);
    for (const [requested, limit] of [
      [10.47, 10.4],
      [0.3, 0.3],
      [15.99, 15.9],
    ] as const) {
      expect(await (await it.emsp.set(it.session, upTo(requested, { min_charging_rate: 6.66 }))).later).toEqual({ result: 'ACCEPTED' });
      expect(it.station.installed()).toMatchObject([{ schedule: { periods: [{ limit }] } }]);
      const get = await it.emsp.get(it.session, 60);
      expect(await get.later).toMatchObject({ profile: { charging_profile: { charging_profile_period: [{ limit }] } } });
    }
  });

  test.each(['CP-16', 'CP-201'] as const)('CP-32: in W is divided by voltage and phases for %s, which accepts A only', async (at) => {
    await using it = await openSteered(store, { at, units: ['A'] });
    const profile = {
      charging_rate_unit: 'W',
      charging_profile_period: [
        { start_period: 0, limit: 6900 },
        { start_period: 60, limit: 5000 },
      ],
    };
    expect(await (await it.emsp.set(it.session, profile)).later).toEqual({ result: 'ACCEPTED' });
    // 6900 / (230 × 3) and 5000 / 690 = 7.246…, rounded down
    expect(it.station.installed()).toMatchObject([
      {
        schedule: {
          unit: 'A',
          periods: [
            { start: 0, limit: 10 },
            { start: 60, limit: 7.2 },
          ],
        },
      },
    ]);
  });

  test('CP-31: has at most the periods that the charge point accepts; more are merged below the requested limits, and too many are refused', async () => {
    await using it = await openSteered(store, { maxPeriods: 24 });
    expect(await (await it.emsp.set(it.session, upTo(10, periods(24)))).later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.installed()).toMatchObject([{ schedule: { periods: { length: 24 } } }]);
    for (const count of [25, 1_024]) {
      expect(await (await it.emsp.set(it.session, upTo(10, periods(count)))).later).toEqual({ result: 'ACCEPTED' });
      const [installed] = it.station.installed();
      expect(installed?.schedule.periods).toHaveLength(24);
      for (const { start, limit } of installed?.schedule.periods ?? []) expect(limit).toBeLessThanOrEqual(10 + ((start / 10) % 2));
    }
    expect(await (await it.emsp.set(it.session, upTo(10, periods(1_025)))).later).toEqual({ result: 'REJECTED' });
    const huge = await it.emsp.set(it.session, upTo(10, periods(10_000)));
    expect(huge.answer.data).toBeUndefined();
    expect(it.station.received('SetChargingProfile')).toHaveLength(3);
  });

  test('CP-27: is an upper limit: a car may take less, and the active profile does not change', async () => {
    await using it = await openSteered(store);
    expect(await (await it.emsp.set(it.session, upTo(32))).later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.power(1)).toBeLessThan(32 * 690);
    const get = await it.emsp.get(it.session, 60);
    expect(await get.later).toMatchObject({ profile: { charging_profile: { charging_profile_period: [{ limit: 32 }] } } });
    expect(resultPosts(it.emsp)).toHaveLength(2);
  });
});
