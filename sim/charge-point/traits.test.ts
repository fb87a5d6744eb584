import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildRig, profileFor, type Rig, scheduleIn, statusOf, VERSIONS } from './rig.fixture.ts';
import type { CompositeQuirk } from './traits.ts';

let rig: Rig;
/** The test makes the station violate the standard. */
let expectsViolations: boolean;
beforeEach(async () => {
  expectsViolations = false;
  rig = await buildRig();
});
afterEach(async () => {
  const violations = await rig.close();
  expect(expectsViolations ? [] : violations).toEqual([]);
});

/** The GetCompositeSchedule answer of a station with a limit of 8.1 A for one minute, and none after that. */
async function quirkyAnswer(version: (typeof VERSIONS)[number], ...composite: CompositeQuirk[]): Promise<unknown[]> {
  const { transaction } = await rig.charging(version, { traits: { composite } });
  const schedule = { duration: 60, chargingSchedulePeriod: [{ startPeriod: 0, limit: 8.1 }] };
  await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, { schedule }));
  return rig.getComposite(version);
}
const quirkySchedule = async (version: (typeof VERSIONS)[number], ...composite: CompositeQuirk[]) => scheduleIn(await quirkyAnswer(version, ...composite));

describe.each(VERSIONS)('the composite schedule of an OCPP %s station with the quirk', (version) => {
  test('minus-one-for-no-limit', async () => {
    expect((await quirkySchedule(version, 'minus-one-for-no-limit')).chargingSchedulePeriod[1]).toMatchObject({ startPeriod: 60, limit: -1 });
  });

  test('huge-for-no-limit', async () => {
    expect((await quirkySchedule(version, 'huge-for-no-limit')).chargingSchedulePeriod[1]).toEqual({ startPeriod: 60, limit: 999_999 });
  });

  test('empty-periods', async () => {
    expectsViolations = true;
    expect((await quirkySchedule(version, 'empty-periods')).chargingSchedulePeriod).toEqual([]);
  });

  test('missing-schedule', async () => {
    expect(await quirkySchedule(version, 'missing-schedule')).toBeUndefined();
  });

  test('float32-noise', async () => {
    expectsViolations = true;
    expect((await quirkySchedule(version, 'float32-noise')).chargingSchedulePeriod[0].limit).toBe(8.100000381469727);
  });

  test('other-unit', async () => {
    expect(await quirkySchedule(version, 'other-unit')).toMatchObject({ chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 5589 }, { limit: 22_080 }] });
  });

  test('offset-timestamps', async () => {
    expect(JSON.stringify(await quirkyAnswer(version, 'offset-timestamps'))).toContain('2026-06-01T10:00:00+02:00');
  });

  test('sub-second-timestamps', async () => {
    expect(JSON.stringify(await quirkyAnswer(version, 'sub-second-timestamps'))).toContain('2026-06-01T08:00:00.123456Z');
  });

  test('huge-duration', async () => {
    expect((await quirkySchedule(version, 'huge-duration')).duration).toBe(8_638_204_675_089);
  });

  test('rejected-when-no-profile', async () => {
    await rig.connect(version, { traits: { composite: ['rejected-when-no-profile'] } });
    expect(statusOf(await rig.getComposite(version))).toBe('Rejected');
  });
});

describe('quirks of one version only', () => {
  test('OCPP 1.6: startSchedule inside, and no scheduleStart', async () => {
    const [, , payload] = await quirkyAnswer('1.6', 'start-schedule-inside', 'no-schedule-start');
    expect(payload).toMatchObject({ chargingSchedule: { startSchedule: '2026-06-01T08:00:00Z' } });
    expect(payload).not.toHaveProperty('scheduleStart');
  });

  test('OCPP 2.1: a period without a limit, and limits for each phase', async () => {
    expect((await quirkySchedule('2.1', 'period-without-limit', 'limits-per-phase')).chargingSchedulePeriod).toEqual([
      { startPeriod: 0, limit: 8.1, limit_L2: 8.1, limit_L3: 7.1 },
      { startPeriod: 60 },
    ]);
  });
});

describe('answer behaviours', () => {
  const clear = (id: number) => rig.node.call('CP1', 'ClearChargingProfile', { id });
  const count = () => (rig.node.frames.get('CP1') ?? []).filter((frame) => frame[0] === 3).length;

  test('late: the answer comes after that time', async () => {
    await rig.connect('1.6', { traits: { answers: { ClearChargingProfile: { is: 'late', milliseconds: 5000 } } } });
    const answer = clear(1);
    await rig.clock.advance(4999);
    expect(count()).toBe(0);
    await rig.clock.advance(1);
    expect(statusOf(await answer)).toBe('Unknown');
  });

  test('a list gives one behaviour for each call: never, a CALLERROR, twice, then plain', async () => {
    const answers = { ClearChargingProfile: [{ is: 'never' }, { is: 'call-error', code: 'InternalError' }, { is: 'twice' }] } as const;
    await rig.connect('1.6', { traits: { answers } });
    void clear(1);
    expect(statusOf(await clear(2))).toBe('InternalError');
    await clear(3);
    await clear(4);
    await rig.clock.advance(0);
    expect(count()).toBe(3);
  });

  test('malformed: a result that violates its schema', async () => {
    expectsViolations = true;
    await rig.connect('1.6', { traits: { answers: { ClearChargingProfile: { is: 'malformed' } } } });
    expect((await clear(1))[2]).toEqual({ status: 42, odd: true });
  });

  test('drop: the socket is dropped on receipt, whether the call is carried out or not', async () => {
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

  test('answer-on-new-socket: the answer is sent on the next connection', async () => {
    const { station, transaction } = await rig.charging('1.6', { traits: { answers: { SetChargingProfile: { is: 'answer-on-new-socket' } } } });
    const answer = rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction));
    await rig.clock.advance(2000);
    expect(statusOf(await answer)).toBe('Accepted');
    expect(station.installed()).toHaveLength(1);
  });

  test.each([
    ['NotSupported', 'NotSupported'],
    ['NotImplemented', 'NotImplemented'],
    ['status NotSupported', 'NotSupported'],
  ] as const)('lacks smart charging: %s', async (lacksSmartCharging, answer) => {
    const { transaction } = await rig.charging('1.6', { traits: { lacksSmartCharging } });
    expect(statusOf(await rig.node.call('CP1', 'SetChargingProfile', profileFor('1.6', transaction)))).toBe(answer);
  });

  test('unknown configuration keys are listed as unknown', async () => {
    await rig.connect('1.6', { traits: { unknownKeys: ['ChargeProfileMaxStackLevel'] } });
    const answer = await rig.node.call('CP1', 'GetConfiguration', { key: ['ChargeProfileMaxStackLevel', 'ChargingScheduleMaxPeriods'] });
    expect(answer[2]).toEqual({
      configurationKey: [{ key: 'ChargingScheduleMaxPeriods', readonly: true, value: '24' }],
      unknownKey: ['ChargeProfileMaxStackLevel'],
    });
  });
});

test('CON-S01: a car at a station that draws above its limit does so up to the current of the EVSE, and the station reports the limit as kept', async () => {
  const { station, transaction } = await rig.charging('2.0.1', { traits: { drawsAbove: 4 } });
  const drawn = async (limit: number) => {
    const schedule = { chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
    await rig.node.call('CP1', 'SetChargingProfile', profileFor('2.0.1', transaction, { schedule }));
    return station.power(1) / (3 * 230);
  };
  expect([await drawn(10), await drawn(30), await drawn(0)]).toEqual([14, 32, 0]);
  await drawn(10);
  expect(scheduleIn(await rig.getComposite('2.0.1')).chargingSchedulePeriod).toMatchObject([{ startPeriod: 0, limit: 10 }]);
});

test('CON-S01: a silent station answers no action but those that have a behaviour of their own', async () => {
  await rig.connect('1.6', { traits: { answers: { '*': { is: 'never' }, Reset: { is: 'answer', payload: { status: 'Rejected' } } } } });
  void rig.node.call('CP1', 'ClearChargingProfile', {}).then(() => expect.unreachable('a silent station answered'));
  expect(statusOf(await rig.node.call('CP1', 'Reset', { type: 'Soft' }))).toBe('Rejected');
});
