import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Traits } from '../../sim/index.ts';
import { type QuirkName, quirks } from '../../src/ocpp/quirks.ts';
import { upTo } from '../profile-requests.ts';
import type { StationName } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitsOf = (message: unknown) => [...JSON.stringify(message).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const ACCEPTED = { result: 'ACCEPTED' };
const set = async ({ emsp, session }: Steered, profile: object) => (await emsp.set(session, profile)).later;
const get = async ({ emsp, session }: Steered) => (await emsp.get(session, 900)).later;
const deviations = ({ world }: Steered) => world.steps.filter(({ step }) => step === 'deviation');
const inSteps = (...limits: number[]) => upTo(0, { charging_profile_period: limits.map((limit, n) => ({ start_period: n * 300, limit })) });

interface Case {
  traits: Partial<Traits>;
  at?: StationName;
  run(it: Steered): Promise<void>;
}

/** Sets a profile of five minutes. After its end the active profile has the maximum of the EVSE, whatever the station reports there. */
async function expectMaximumAfterEnd(it: Steered): Promise<void> {
  expect(await set(it, upTo(10, { duration: 300 }))).toEqual(ACCEPTED);
  expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10, 32]);
  expect(limitsOf(await get(it))).toEqual([10, 32]);
  expect(deviations(it)).toEqual([]);
}

async function expectResentAfterReboot(it: Steered): Promise<void> {
  expect(await set(it, upTo(10))).toEqual(ACCEPTED);
  await it.until(it.emsp.nextPush(it.session));
  const resent = it.world.nextStep('profile-resent');
  await it.station.reboot({ transactions: 'resume' });
  await it.until(resent);
  expect(it.station.installed()).toMatchObject([{ schedule: { periods: [{ limit: 10 }] } }]);
}

const cases: Record<QuirkName, Case> = {
  'unit-not-taken': {
    at: 'CP-16',
    traits: { units: ['W'], unknownKeys: 'all' },
    run: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(it.station.installed()).toMatchObject([{ schedule: { unit: 'W', periods: [{ limit: 6_900 }] } }]);
      expect(await set(it, upTo(9))).toEqual(ACCEPTED);
      expect(it.station.received('SetChargingProfile')).toHaveLength(3);
    },
  },
  'level-zero-stays': {
    traits: { clearsLevelZero: false },
    run: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(await (await it.emsp.clear(it.session)).later).toEqual(ACCEPTED);
      expect(it.station.installed()).toEqual([]);
    },
  },
  'minus-one-for-no-limit': { traits: { composite: ['minus-one-for-no-limit'] }, run: expectMaximumAfterEnd },
  'huge-for-no-limit': { at: 'CP-16', traits: { composite: ['huge-for-no-limit'] }, run: expectMaximumAfterEnd },
  'empty-schedule': {
    at: 'CP-16',
    traits: { composite: ['empty-periods'] },
    run: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(await get(it)).toEqual({ result: 'REJECTED' });
      const called = it.station.next('GetCompositeSchedule');
      await it.until(called);
      expect(it.emsp.pushed).toEqual([]);
    },
  },
  'edge-off-by-a-second': {
    traits: { composite: ['edges-a-second-late'] },
    run: async (it) => {
      expect(await set(it, inSteps(10, 16))).toEqual(ACCEPTED);
      expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10, 16]);
      it.station.behave({ composite: [] });
      const called = it.station.next('GetCompositeSchedule');
      await it.station.localLimit(1, 30);
      await it.until(called);
      expect(await it.until(get(it))).toMatchObject(ACCEPTED);
      expect([it.emsp.pushed.length, deviations(it)]).toEqual([1, []]);
    },
  },
  'other-unit': {
    traits: { composite: ['other-unit'] },
    run: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(await it.until(it.emsp.nextPush(it.session))).toMatchObject({
        charging_profile: { charging_rate_unit: 'W', charging_profile_period: [{ limit: 6_900 }] },
      });
      expect(deviations(it)).toEqual([]);
    },
  },
  'few-periods': {
    at: 'CP-16',
    traits: { maxPeriods: 2 },
    run: async (it) => {
      expect(await set(it, inSteps(10, 11, 20, 8))).toEqual(ACCEPTED);
      const [installed] = it.station.installed();
      expect(installed?.schedule.periods.map(({ start, limit }) => [start, limit])).toEqual([
        [0, 10],
        [900, 8],
      ]);
      await it.until(it.emsp.nextPush(it.session));
      expect(deviations(it)).toEqual([]);
    },
  },
  'clock-behind': {
    traits: { clockBehind: 30 },
    run: async (it) => {
      const answered = it.world.nextStep('charging-needs-answered');
      const needs = { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase' } };
      expect(await it.station.call('NotifyEVChargingNeeds', needs)).toMatchObject({ payload: { status: 'Accepted' } });
      await answered;
      const [installed] = it.station.installed();
      expect(installed?.schedule.start).toBeLessThanOrEqual(it.clock.now() / 1000 - 30);
    },
  },
  'lost-at-reboot': { at: 'CP-21', traits: { profilesOverReboot: 'lost' }, run: expectResentAfterReboot },
  'no-composite-schedule': {
    traits: { answers: { GetCompositeSchedule: { is: 'call-error', code: 'NotSupported' } } },
    run: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(limitsOf(await get(it))).toEqual([10]);
    },
  },
  'whole-amperes': {
    traits: { composite: ['whole-amperes'] },
    run: async (it) => {
      expect(await set(it, upTo(10.9))).toEqual(ACCEPTED);
      expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10]);
      expect(deviations(it)).toEqual([]);
    },
  },
};

describe('a charge point with a quirk', () => {
  test.each(Object.entries(cases))('%s', async (_, { at = 'CP-201', traits, run }) => {
    await using it = await openSteered('sqlite', { at, ...traits });
    await run(it);
  });

  const page = readFileSync(new URL('../../docs/charge-points.md', import.meta.url), 'utf8');
  test.each(Object.entries(quirks))('%s has its row in docs/charge-points.md', (name, { seen, does }) => {
    expect(page).toContain(`| ${name} | ${seen} | ${does} |`);
  });
});

describe('a composite schedule of OCPP 2.1', () => {
  test.each([
    ['period-without-limit', [10, 32]],
    ['limits-per-phase', [9, 31]],
  ] as const)('CP-19: %s', async (quirk, limits) => {
    await using it = await openSteered('sqlite', { at: 'CP-21', composite: [quirk] });
    expect(await set(it, upTo(10, { duration: 300 }))).toEqual(ACCEPTED);
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual(limits);
  });

  test('CP-19: a higher limit because of priority charging is pushed, and is no deviation', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-21' });
    expect(await set(it, upTo(10))).toEqual(ACCEPTED);
    await it.until(it.emsp.nextPush(it.session));
    it.station.behave({
      answers: {
        GetCompositeSchedule: {
          is: 'answer',
          payload: {
            status: 'Accepted',
            schedule: {
              evseId: 1,
              duration: 1_800,
              scheduleStart: new Date(it.clock.now()).toISOString(),
              chargingRateUnit: 'A',
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 20, setpoint: 18 }],
            },
          },
        },
      },
    });
    await it.station.call('NotifyPriorityCharging', { transactionId: it.station.transaction(1), activated: true });
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([20]);
    expect(deviations(it)).toEqual([]);
  });
});
