import { describe, expect, test } from 'vitest';
import type { Reading, TransactionReport } from '../../domain/station.ts';
import { amperes, type EpochMillis, epochMillis, wattHours, watts } from '../../domain/units.ts';
import { addSample, closedPeriod, countTime, mergeDimensions, type Periods, showsCharging } from './charging-period.ts';
import { end20, followStation, minute, start20, update20 } from './transaction.fixture.ts';

const volumesOf = (dimensions: Periods[number]['dimensions'] = []) => Object.fromEntries(dimensions.map(({ type, volume }) => [type, volume]));
const dimensionsOf = (volumes: Record<string, number>) =>
  Object.entries(volumes).map(([type, volume]) => ({ type, volume })) as unknown as Periods[number]['dimensions'];

const reading = (n: number, energy: number, more: Partial<Reading>): Reading => ({ at: minute(n), energy: wattHours(energy), ...more });
type Update = Partial<Extract<TransactionReport, { kind: 'transaction-updated' }>>;
const charging: Update = { charging: true, connected: true, suspendedByEvse: false };
const byCar: Update = { charging: false, connected: true, suspendedByEvse: false, suspendedByEv: true };
const byEvse: Update = { charging: false, connected: true, suspendedByEvse: true };

/** A session ACTIVE from minute 0 with a register of 0. */
function session() {
  const station = followStation();
  station.say(start20(0, 'a', { connected: true, readings: [reading(0, 0, { power: watts(0) })] }));
  const wire = () => station.sessions()[0]?.wire;
  return {
    say: (n: number, more: Update) => station.say(update20(n, 'a', more)),
    end: (n: number, energy: number) => station.say(end20(n, 'a', [{ at: minute(n), energy: wattHours(energy), context: 'end' }])),
    progress: () => station.sessions()[0]?.progress,
    periods: () => (wire()?.charging_periods ?? []).map(({ start_date_time, dimensions }) => [minutesOf(start_date_time), volumesOf(dimensions)] as const),
    wire,
  };
}
const minutesOf = (text: string) => (Date.parse(text) - minute(0)) / 60_000;
const since = minute(0);
const timeAfter = (minutes: number): EpochMillis => epochMillis(since + minutes * 60_000);

describe('the dimensions of a charging period (CDP-03)', () => {
  test('energy, time, power and current, with their lowest and highest values', () => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(11_000), current: amperes(16), currentSum: amperes(48) })] });
    it.say(3, { readings: [reading(3, 340, { power: watts(7_000), current: amperes(10), currentSum: amperes(30) })] });
    it.say(5, { readings: [reading(5, 600, { power: watts(9_000), current: amperes(13), currentSum: amperes(39) })] });
    expect(it.periods()[0]).toEqual([
      0,
      {
        ENERGY: 0.6,
        TIME: 0.0833,
        POWER: 7.2,
        MIN_POWER: 7,
        MAX_POWER: 11,
        CURRENT: 37.2,
        MIN_CURRENT: 30,
        MAX_CURRENT: 48,
      },
    ]);
  });

  test.each([
    ['the sum of the phases that the charge point names', { current: amperes(16), currentSum: amperes(47) }, 47],
    ['three times a current without a phase when the power says so', { current: amperes(16), power: watts(11_040) }, 48],
    ['a current without a phase that the power of one phase fits', { current: amperes(16), power: watts(3_680) }, 16],
    ['a current without a phase and without a power', { current: amperes(16) }, 16],
  ])('CDP-08: the current is %s', (_what, values, current) => {
    const it = session();
    it.say(5, { ...charging, readings: [{ at: minute(5), energy: wattHours(600), ...values }] });
    expect(it.periods()[0]?.[1]).toMatchObject({ CURRENT: current, MAX_CURRENT: current });
  });

  test('CDP-04: the state of charge is the last one of the period', () => {
    const it = session();
    it.say(2, { ...charging, readings: [reading(2, 200, { power: watts(7_000), stateOfCharge: 40 })] });
    it.say(5, { readings: [reading(5, 600, { power: watts(7_000), stateOfCharge: 41.5 })] });
    expect(it.periods()[0]?.[1]).toMatchObject({ STATE_OF_CHARGE: 41.5 });
    expect(it.progress()?.stateOfCharge).toBe(41.5);
  });

  test('an average that cannot be true is left out: of a few seconds, or above what the EVSE can deliver', () => {
    const closing = { kilowattHours: 0.05, isCharging: true, most: 22_000 };
    expect(volumesOf(closedPeriod({ since }, { ...closing, at: timeAfter(0.5) })?.dimensions)).toEqual({ ENERGY: 0.05, TIME: 0.0083 });
    expect(volumesOf(closedPeriod({ since }, { ...closing, kilowattHours: 5, at: timeAfter(5) })?.dimensions)).not.toHaveProperty('POWER');
    expect(volumesOf(closedPeriod({ since }, { ...closing, at: timeAfter(5) })?.dimensions)).toMatchObject({ POWER: 0.6 });
    expect(volumesOf(closedPeriod({ since, earlier: 500 }, { ...closing, kilowattHours: 1, at: timeAfter(5) })?.dimensions)).toMatchObject({ POWER: 6 });
    expect(closedPeriod({ since }, { ...closing, kilowattHours: 0, at: since })).toBeUndefined();
  });

  test('the average lies between the lowest and the highest power, whatever was sampled', () => {
    const sampled = addSample({ since }, { at: timeAfter(4), power: 3_000 });
    const closed = closedPeriod(sampled, { at: timeAfter(5), kilowattHours: 0.6, isCharging: true });
    expect(volumesOf(closed?.dimensions)).toMatchObject({ POWER: 7.2, MIN_POWER: 3, MAX_POWER: 7.2 });
  });

  test('a reading from before the period, and time that was counted, change nothing', () => {
    const period = { since: timeAfter(5) };
    expect(addSample(period, { at: timeAfter(4), power: 3_000 })).toBe(period);
    const counted = countTime({ since }, timeAfter(5), true);
    expect(countTime(counted, timeAfter(4), false)).toBe(counted);
  });
});

describe('charging that is suspended (SES-20)', () => {
  test.each([
    ['the car', byCar, 'EV'],
    ['the EVSE', byEvse, 'EVSE'],
  ] as const)('by %s: shown at once, as time that is not charged, until it goes on', (_who, suspended, by) => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(7_200) })] });
    it.say(4, { ...suspended, readings: [reading(4, 480, { power: watts(0) })] });
    expect(it.periods()).toEqual([
      [0, expect.objectContaining({ ENERGY: 0.48, TIME: 0.0667 })],
      [4, { PARKING_TIME: 0 }],
    ]);
    expect(it.progress()?.stated).toMatchObject({ by });
    expect(showsCharging(it.wire()?.charging_periods)).toBe(false);
    it.say(34, { ...charging, readings: [reading(34, 480, { power: watts(7_200) })] });
    expect(it.periods().slice(1)).toEqual([
      [4, expect.objectContaining({ ENERGY: 0, PARKING_TIME: 0.5 })],
      [34, { TIME: 0 }],
    ]);
    it.end(40, 1_200);
    expect(it.periods().slice(1)).toEqual([
      [4, expect.objectContaining({ ENERGY: 0, PARKING_TIME: 0.5 })],
      [34, expect.objectContaining({ ENERGY: 0.72, TIME: 0.1 })],
    ]);
  });

  test('a car that takes nothing is not charging, although its charge point says so; standby is not charging', () => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(7_200) })] });
    it.say(2, { readings: [reading(2, 200, { power: watts(12) })] });
    expect(it.periods().at(-1)).toEqual([2, { PARKING_TIME: 0 }]);
  });

  test('a car that draws power charges, although its charge point never said that it goes on', () => {
    const it = session();
    it.say(1, byCar);
    expect(showsCharging(it.wire()?.charging_periods)).toBe(false);
    it.say(2, { readings: [reading(2, 100, { power: watts(7_200) })] });
    expect(showsCharging(it.wire()?.charging_periods)).toBe(true);
  });

  test('also when only its register shows it', () => {
    const it = session();
    it.say(1, { ...byCar, readings: [{ at: minute(1), energy: wattHours(0) }] });
    expect(showsCharging(it.wire()?.charging_periods)).toBe(false);
    it.say(2, { readings: [{ at: minute(2), energy: wattHours(100) }] });
    expect(showsCharging(it.wire()?.charging_periods)).toBe(true);
  });

  test('a register that stands still is a coarse one when the charge point says that the car charges', () => {
    const it = session();
    for (let n = 1; n <= 20; n++) it.say(n, { ...charging, readings: [{ at: minute(n), energy: wattHours(n < 16 ? 0 : 1_000) }] });
    expect(it.periods()).toEqual([[0, expect.objectContaining({ ENERGY: 1 })]]);
  });

  test('a car that pauses every few seconds shows a change of state at most every 30 s, and its time is counted', () => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(7_200) })] });
    for (let n = 0; n < 60; n++) it.say(2 + n / 6, n % 2 === 0 ? byCar : charging);
    it.end(12, 1_000);
    expect(it.periods().length).toBeLessThanOrEqual(21);
    const total = (type: string) => it.periods().reduce((sum, [, volumes]) => sum + (volumes[type] ?? 0), 0);
    expect(total('TIME') + total('PARKING_TIME')).toBeCloseTo(0.2, 2);
  });

  test('SES-19: a night without charging has few periods', () => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(7_200) })] });
    for (let n = 2; n <= 600; n++) it.say(n, { ...(n === 2 && byCar), readings: [reading(n, 200, { power: watts(0) })] });
    expect(it.periods().length).toBeLessThanOrEqual(13);
    it.end(601, 200);
    expect(it.periods().reduce((sum, [, { PARKING_TIME = 0 }]) => sum + PARKING_TIME, 0)).toBeCloseTo(599 / 60, 2);
    expect(it.periods().every(([, volumes]) => 'ENERGY' in volumes)).toBe(true);
  });

  test('a session that ends at the moment of a change shows no period without amounts', () => {
    const it = session();
    it.say(1, { ...charging, readings: [reading(1, 100, { power: watts(7_200) })] });
    it.say(4, { ...byCar, readings: [reading(4, 480, { power: watts(0) })] });
    it.end(4, 480);
    expect(it.periods()).toEqual([[0, expect.objectContaining({ ENERGY: 0.48 })]]);
  });
});

test.each<{ what: string; of: readonly Record<string, number>[]; merged: Record<string, number> }>([
  {
    what: 'amounts are added',
    of: [
      { ENERGY: 1, TIME: 0.5 },
      { ENERGY: 2, TIME: 0.25, PARKING_TIME: 0.25 },
    ],
    merged: { ENERGY: 3, TIME: 0.75, PARKING_TIME: 0.25 },
  },
  {
    what: 'averages are weighted by time',
    of: [
      { TIME: 1, POWER: 4 },
      { PARKING_TIME: 3, POWER: 0 },
    ],
    merged: { TIME: 1, POWER: 1, PARKING_TIME: 3 },
  },
  { what: 'an average that one of them has not is left out', of: [{ ENERGY: 1 }, { ENERGY: 1, TIME: 1, POWER: 1 }], merged: { ENERGY: 2, TIME: 1 } },
  {
    what: 'the lowest and the highest are kept',
    of: [
      { MIN_POWER: 1, MAX_CURRENT: 9 },
      { MIN_POWER: 2, MAX_CURRENT: 5 },
    ],
    merged: { MIN_POWER: 1, MAX_CURRENT: 9 },
  },
  { what: 'the state of charge is the later one', of: [{ STATE_OF_CHARGE: 10 }, { STATE_OF_CHARGE: 12 }], merged: { STATE_OF_CHARGE: 12 } },
  { what: 'one that the later period has not stays', of: [{ STATE_OF_CHARGE: 10 }, { ENERGY: 1 }], merged: { STATE_OF_CHARGE: 10, ENERGY: 1 } },
])('CDP-01: of two merged periods $what', ({ of: [first = {}, second = {}], merged }) => {
  expect(volumesOf(mergeDimensions(dimensionsOf(first), dimensionsOf(second)))).toEqual(merged);
});
