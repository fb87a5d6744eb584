import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Traits } from '../../sim/index.ts';
import { type QuirkName, quirks } from '../../src/ocpp/quirks.ts';
import { upTo } from '../profile-requests.ts';
import type { StationName } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitsOf = (told: unknown) => [...JSON.stringify(told).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const ACCEPTED = { result: 'ACCEPTED' };
const set = async ({ emsp, session }: Steered, profile: object) => (await emsp.set(session, profile)).later;
const get = async ({ emsp, session }: Steered) => (await emsp.get(session, 900)).later;
const deviations = ({ world }: Steered) => world.steps.filter(({ step }) => step === 'deviation');
const inSteps = (...limits: number[]) => upTo(0, { charging_profile_period: limits.map((limit, n) => ({ start_period: n * 300, limit })) });

interface Show {
  traits: Partial<Traits>;
  at?: StationName;
  show(it: Steered): Promise<void>;
}

/** A profile that ends after five minutes: behind its end nothing limits, whatever the station writes there. */
async function showsMaximum(it: Steered): Promise<void> {
  expect(await set(it, upTo(10, { duration: 300 }))).toEqual(ACCEPTED);
  expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10, 32]);
  expect(limitsOf(await get(it))).toEqual([10, 32]);
  expect(deviations(it)).toEqual([]);
}

async function isForgotten(it: Steered): Promise<void> {
  expect(await set(it, upTo(10))).toEqual(ACCEPTED);
  await it.until(it.emsp.nextPush(it.session));
  await it.station.reboot({ transactions: 'resume' });
  await it.until(it.world.firstStep('profile-resent'));
  expect(it.station.installed()).toMatchObject([{ schedule: { periods: [{ limit: 10 }] } }]);
}

const shows: Record<QuirkName, Show> = {
  'unit-not-taken': {
    at: 'CP-16',
    traits: { units: ['W'], unknownKeys: 'all' },
    show: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(it.station.installed()).toMatchObject([{ schedule: { unit: 'W', periods: [{ limit: 6_900 }] } }]);
      expect(await set(it, upTo(9))).toEqual(ACCEPTED);
      expect(it.station.received('SetChargingProfile')).toHaveLength(3);
    },
  },
  'level-zero-stays': {
    traits: { clearsLevelZero: false },
    show: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(await (await it.emsp.clear(it.session)).later).toEqual(ACCEPTED);
      expect(it.station.installed()).toEqual([]);
    },
  },
  'minus-one-for-no-limit': { traits: { composite: ['minus-one-for-no-limit'] }, show: showsMaximum },
  'huge-for-no-limit': { at: 'CP-16', traits: { composite: ['huge-for-no-limit'] }, show: showsMaximum },
  'empty-schedule': {
    at: 'CP-16',
    traits: { composite: ['empty-periods'] },
    show: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(await get(it)).toEqual({ result: 'REJECTED' });
      const asked = it.station.next('GetCompositeSchedule');
      await it.until(asked);
      expect(it.emsp.pushed).toEqual([]);
    },
  },
  'edge-off-by-a-second': {
    traits: { composite: ['edges-a-second-late'] },
    show: async (it) => {
      expect(await set(it, inSteps(10, 16))).toEqual(ACCEPTED);
      expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10, 16]);
      it.station.behave({ composite: [] });
      const asked = it.station.next('GetCompositeSchedule');
      await it.station.localLimit(1, 30);
      await it.until(asked);
      expect(await it.until(get(it))).toMatchObject(ACCEPTED);
      expect([it.emsp.pushed.length, deviations(it)]).toEqual([1, []]);
    },
  },
  'other-unit': {
    traits: { composite: ['other-unit'] },
    show: async (it) => {
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
    show: async (it) => {
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
    show: async (it) => {
      const needs = { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase' } };
      expect(await it.station.call('NotifyEVChargingNeeds', needs)).toMatchObject({ payload: { status: 'Accepted' } });
      await it.world.firstStep('charging-needs-answered');
      const [installed] = it.station.installed();
      expect(installed?.schedule.start).toBeLessThanOrEqual(it.clock.now() / 1000 - 30);
    },
  },
  'lost-at-reboot': { at: 'CP-21', traits: { profilesOverReboot: 'lost' }, show: isForgotten },
  'no-composite-schedule': {
    traits: { answers: { GetCompositeSchedule: { is: 'call-error', code: 'NotSupported' } } },
    show: async (it) => {
      expect(await set(it, upTo(10))).toEqual(ACCEPTED);
      expect(limitsOf(await get(it))).toEqual([10]);
    },
  },
  'whole-amperes': {
    traits: { composite: ['whole-amperes'] },
    show: async (it) => {
      expect(await set(it, upTo(10.9))).toEqual(ACCEPTED);
      expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([10]);
      expect(deviations(it)).toEqual([]);
    },
  },
};

describe('what charge points differ in', () => {
  test.each(Object.entries(shows))('%s', async (_, { at = 'CP-201', traits, show }) => {
    await using it = await openSteered('sqlite', { at, ...traits });
    await show(it);
  });

  const page = readFileSync(new URL('../../docs/charge-points.md', import.meta.url), 'utf8');
  test.each(Object.entries(quirks))('%s is told in docs/charge-points.md', (name, { seen, does }) => {
    expect(page).toContain(`| ${name} | ${seen} | ${does} |`);
  });
});

describe('OCPP 2.1: what a composite schedule may leave out, or say of each phase', () => {
  test.each([
    ['period-without-limit', [10, 32]],
    ['limits-per-phase', [9, 31]],
  ] as const)('CP-19: %s', async (quirk, limits) => {
    await using it = await openSteered('sqlite', { at: 'CP-21', composite: [quirk] });
    expect(await set(it, upTo(10, { duration: 300 }))).toEqual(ACCEPTED);
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual(limits);
  });

  test('CP-19: priority charging, which puts a higher limit in the place of ours, is told and is no deviation', async () => {
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
