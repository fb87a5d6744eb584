import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildRig, profileFor, type Rig, scheduleIn, VERSIONS, wordOf } from './rig.fixture.ts';
import type { CompositeQuirk } from './traits.ts';

let rig: Rig;
/** The station breaks the standard on purpose. */
let unlawful: boolean;
beforeEach(async () => {
  unlawful = false;
  rig = await buildRig();
});
afterEach(async () => {
  const breaches = await rig.close();
  expect(unlawful ? [] : breaches).toEqual([]);
});

/** An answer to GetCompositeSchedule by a station that limits its car to 8.1 A for a minute and then no more. */
async function oddAnswer(version: (typeof VERSIONS)[number], ...composite: CompositeQuirk[]): Promise<unknown[]> {
  const { transaction } = await rig.charging(version, { traits: { composite } });
  const schedule = { duration: 60, chargingSchedulePeriod: [{ startPeriod: 0, limit: 8.1 }] };
  await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, { schedule }));
  return rig.askComposite(version);
}
const odd = async (version: (typeof VERSIONS)[number], ...composite: CompositeQuirk[]) => scheduleIn(await oddAnswer(version, ...composite));

describe.each(VERSIONS)('the composite of an odd station of OCPP %s', (version) => {
  test('minus-one-for-no-limit', async () => {
    expect((await odd(version, 'minus-one-for-no-limit')).chargingSchedulePeriod[1]).toMatchObject({ startPeriod: 60, limit: -1 });
  });

  test('huge-for-no-limit', async () => {
    expect((await odd(version, 'huge-for-no-limit')).chargingSchedulePeriod[1]).toEqual({ startPeriod: 60, limit: 999_999 });
  });

  test('empty-periods', async () => {
    unlawful = true;
    expect((await odd(version, 'empty-periods')).chargingSchedulePeriod).toEqual([]);
  });

  test('missing-schedule', async () => {
    expect(await odd(version, 'missing-schedule')).toBeUndefined();
  });

  test('float32-noise', async () => {
    unlawful = true;
    expect((await odd(version, 'float32-noise')).chargingSchedulePeriod[0].limit).toBe(8.100000381469727);
  });

  test('other-unit', async () => {
    expect(await odd(version, 'other-unit')).toMatchObject({ chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 5589 }, { limit: 22_080 }] });
  });

  test('offset-timestamps', async () => {
    expect(JSON.stringify(await oddAnswer(version, 'offset-timestamps'))).toContain('2026-06-01T10:00:00+02:00');
  });

  test('sub-second-timestamps', async () => {
    expect(JSON.stringify(await oddAnswer(version, 'sub-second-timestamps'))).toContain('2026-06-01T08:00:00.123456Z');
  });

  test('huge-duration', async () => {
    expect((await odd(version, 'huge-duration')).duration).toBe(8_638_204_675_089);
  });

  test('rejected-when-no-profile', async () => {
    await rig.plug(version, { traits: { composite: ['rejected-when-no-profile'] } });
    expect(wordOf(await rig.askComposite(version))).toBe('Rejected');
  });
});

describe('the composite that only one version can have', () => {
  test('OCPP 1.6: startSchedule inside, and no scheduleStart', async () => {
    const [, , payload] = await oddAnswer('1.6', 'start-schedule-inside', 'no-schedule-start');
    expect(payload).toMatchObject({ chargingSchedule: { startSchedule: '2026-06-01T08:00:00Z' } });
    expect(payload).not.toHaveProperty('scheduleStart');
  });

  test('OCPP 2.1: a period without a limit, and limits for each phase', async () => {
    expect((await odd('2.1', 'period-without-limit', 'limits-per-phase')).chargingSchedulePeriod).toEqual([
      { startPeriod: 0, limit: 8.1, limit_L2: 8.1, limit_L3: 7.1 },
      { startPeriod: 60 },
    ]);
  });
});

describe('manners of a station', () => {
  const clear = (id: number) => rig.node.call('CP1', 'ClearChargingProfile', { id });
  const count = () => (rig.node.frames.get('CP1') ?? []).filter((frame) => frame[0] === 3).length;

  test('late: the answer comes after that time', async () => {
    await rig.plug('1.6', { traits: { answers: { ClearChargingProfile: { is: 'late', milliseconds: 5000 } } } });
    const answer = clear(1);
    await rig.clock.advance(4999);
    expect(count()).toBe(0);
    await rig.clock.advance(1);
    expect(wordOf(await answer)).toBe('Unknown');
  });

  test('never, then CALLERROR, then twice, then plainly: one manner for each call', async () => {
    const answers = { ClearChargingProfile: [{ is: 'never' }, { is: 'call-error', code: 'InternalError' }, { is: 'twice' }] } as const;
    await rig.plug('1.6', { traits: { answers } });
    void clear(1);
    expect(wordOf(await clear(2))).toBe('InternalError');
    await clear(3);
    await clear(4);
    await rig.clock.advance(0);
    expect(count()).toBe(3);
  });

  test('malformed: a result that no schema knows', async () => {
    unlawful = true;
    await rig.plug('1.6', { traits: { answers: { ClearChargingProfile: { is: 'malformed' } } } });
    expect((await clear(1))[2]).toEqual({ status: 42, odd: true });
  });

  test('drop: the socket is cut on receipt, with or without the work done', async () => {
    const { station, transaction } = await rig.charging('1.6', {
      traits: {
        answers: {
          SetChargingProfile: [
            { is: 'drop', done: false },
            { is: 'drop', done: true },
          ],
        },
      },
    });
    void rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction));
    await rig.clock.advance(2000);
    expect([station.connected, station.installed().length]).toEqual([true, 0]);
    void rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction));
    await rig.clock.advance(2000);
    expect([station.connected, station.installed().length]).toEqual([true, 1]);
  });

  test('answer-on-new-socket: the answer to the old call comes on the next connection', async () => {
    const { station, transaction } = await rig.charging('1.6', { traits: { answers: { SetChargingProfile: { is: 'answer-on-new-socket' } } } });
    const answer = rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction));
    await rig.clock.advance(2000);
    expect(wordOf(await answer)).toBe('Accepted');
    expect(station.installed()).toHaveLength(1);
  });

  test.each([
    ['NotSupported', 'NotSupported'],
    ['NotImplemented', 'NotImplemented'],
    ['status NotSupported', 'NotSupported'],
  ] as const)('lacks smart charging: %s', async (lacksSmartCharging, word) => {
    const { transaction } = await rig.charging('1.6', { traits: { lacksSmartCharging } });
    expect(wordOf(await rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction)))).toBe(word);
  });

  test('unknown configuration keys are told as such', async () => {
    await rig.plug('1.6', { traits: { unknownKeys: ['ChargeProfileMaxStackLevel'] } });
    const answer = await rig.node.call('CP1', 'GetConfiguration', { key: ['ChargeProfileMaxStackLevel', 'ChargingScheduleMaxPeriods'] });
    expect(answer[2]).toEqual({
      configurationKey: [{ key: 'ChargingScheduleMaxPeriods', readonly: true, value: '24' }],
      unknownKey: ['ChargeProfileMaxStackLevel'],
    });
  });
});
