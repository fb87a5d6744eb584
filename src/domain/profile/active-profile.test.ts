import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evse } from '../evse.ts';
import { amperes, epochSeconds, seconds, volts } from '../units.ts';
import { activeProfile, fromNow, maximumProfile, type ReportedSchedule } from './active-profile.ts';
import type { ActiveChargingProfile } from './charging-profile.ts';

const evse: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
const start = epochSeconds(1_773_128_000);
const request = { evse, duration: seconds(900), now: start };
const periods = (...pairs: [start: number, limit?: number | undefined][]) =>
  pairs.map(([at, limit]) => ({ start: seconds(at), ...(limit !== undefined && { limit }) }));
const read = (reported: Partial<ReportedSchedule>) => {
  const result = activeProfile({ start, unit: 'A', periods: [], ...reported }, request);
  return result.ok ? { ...result.value, periods: result.value.periods.map(({ start: at, limit }) => [at, limit]) } : result;
};

describe('a reported composite schedule becomes an ActiveChargingProfile', () => {
  test('unchanged when it is valid', () => {
    expect(read({ duration: seconds(900), periods: periods([0, 16], [300, 8.1]) })).toEqual({
      unit: 'A',
      start,
      duration: 900,
      periods: [
        [0, 16],
        [300, 8.1],
      ],
    });
  });
  test('in the reported unit, whichever unit was requested', () =>
    expect(read({ unit: 'W', periods: periods([0, 11_000]) })).toMatchObject({ unit: 'W', periods: [[0, 11_000]] }));
  test('CP-22: a duration longer than requested is cut to the requested duration', () => {
    expect(read({ duration: seconds(8_638_204_675_089), periods: periods([0, 16]) })).toMatchObject({ duration: 900 });
  });
  test('CP-22: a shorter duration is kept', () => expect(read({ duration: seconds(169), periods: periods([0, 16]) })).toMatchObject({ duration: 169 }));
  test('CP-29: without a duration it covers the requested duration', () => expect(read({ periods: periods([0, 16]) })).toMatchObject({ duration: 900 }));
  test.each([[-1], [undefined], [999_999], [Infinity]])('CP-23: %s means no limit, so the period has the maximum of the EVSE', (limit) => {
    expect(read({ periods: periods([0, 16], [60, limit], [120, 10]) })).toMatchObject({
      periods: [
        [0, 16],
        [60, 32],
        [120, 10],
      ],
    });
  });
  test('CP-31: periods may be in any order', () =>
    expect(read({ periods: periods([300, 8], [0, 16]) })).toMatchObject({
      periods: [
        [0, 16],
        [300, 8],
      ],
    }));
  test('CP-31: before a first period that starts after 0 the maximum applies', () =>
    expect(read({ periods: periods([60, 16]) })).toMatchObject({
      periods: [
        [0, 32],
        [60, 16],
      ],
    }));
  test('CP-31: periods that start at or after the end are dropped', () =>
    expect(read({ periods: periods([0, 16], [900, 8]) })).toMatchObject({ periods: [[0, 16]] }));
  test('CP-31: neighbouring periods with equal limits become one', () =>
    expect(read({ periods: periods([0, 16], [60, 16], [120, 8]) })).toMatchObject({
      periods: [
        [0, 16],
        [120, 8],
      ],
    }));
  test('CP-31: without a period in its duration it is refused with their number and that duration', () => {
    const problem = 'The composite schedule has 1 periods, none within its 900 s; allowed is at least one period.';
    expect(read({ periods: periods([900, 16]) })).toEqual({ ok: false, problem });
  });
  test.each([
    [8.100000381, 8.1],
    [0.699999988, 0.7],
    [8.15, 8.1],
    [8.19, 8.1],
    [-0, 0],
    [1e-7, 0],
  ])('TYP-08: a reported %d is read as %d', (limit, expected) => expect(read({ periods: periods([0, limit]) })).toMatchObject({ periods: [[0, expected]] }));
  test('TYP-08: every tenth is read back exactly from a station that uses 32-bit floats', () =>
    fc.assert(fc.property(fc.nat(320), (n) => void expect(read({ periods: periods([0, Math.fround(n / 10)]) })).toMatchObject({ periods: [[0, n / 10]] }))));
  test('SEC-35: for every report, the profile starts at 0, its periods are in order and within the duration, and no limit exceeds the EVSE', () => {
    const anyPeriods = fc.array(fc.record({ start: fc.integer({ min: -100, max: 1000 }).map(seconds), limit: fc.double({ noNaN: true }) }), { minLength: 1 });
    fc.assert(
      fc.property(anyPeriods, (reported) => {
        const result = activeProfile({ start, unit: 'A', periods: [{ start: seconds(0) }, ...reported] }, request);
        const made = result.ok ? result.value.periods : [];
        expect(made[0]?.start).toBe(0);
        expect(made.every((period, i) => period.start < 900 && period.start > (made[i - 1]?.start ?? -1))).toBe(true);
        expect(made.every(({ limit }) => limit >= 0 && limit <= 32 && Number(limit.toFixed(1)) === limit)).toBe(true);
      }),
    );
  });
  test.each([
    ['no schedule', undefined],
    ['no periods', { start, unit: 'A', periods: [] }],
    ['no period within the duration', { start, unit: 'A', duration: seconds(60), periods: periods([60, 16]) }],
    ['a duration of 0', { start, unit: 'A', duration: seconds(0), periods: periods([0, 16]) }],
  ] as const)('fails on %s and makes no profile up', (_, reported) => expect(activeProfile(reported, request).ok).toBe(false));
});

describe('a reported composite schedule that does not begin now', () => {
  const told = (from: number, duration: number, ...pairs: [number, number][]) => ({ unit: 'A', start: start + from, duration, periods: pairs });
  test.each<[string, Partial<ReportedSchedule>, object]>([
    [
      'begins in the past: its past is left out',
      { start: epochSeconds(start - 600), periods: periods([0, 16], [300, 8], [700, 10]) },
      told(0, 900, [0, 8], [100, 10]),
    ],
    [
      'began an hour ago and is over: the clock of the charge point is behind',
      { start: epochSeconds(start - 3_600), duration: seconds(900), periods: periods([0, 8]) },
      told(0, 900, [0, 8]),
    ],
    ['began in 1970', { start: epochSeconds(0), periods: periods([0, 8], [60, 10]) }, told(0, 900, [0, 8], [60, 10])],
    ['begins in two days', { start: epochSeconds(start + 172_800), periods: periods([0, 8]) }, told(0, 900, [0, 8])],
    [
      'begins in ten minutes, and keeps its start',
      { start: epochSeconds(start + 600), duration: seconds(300), periods: periods([0, 8]) },
      told(600, 300, [0, 8]),
    ],
    ['began some seconds ago, and keeps its start', { start: epochSeconds(start - 5), periods: periods([0, 8]) }, told(-5, 900, [0, 8])],
  ])('F-60: %s', (_, reported, expected) => expect(read(reported)).toEqual(expected));
});

describe('an active profile from now on', () => {
  const active = (from: number, duration: number, ...pairs: [number, number][]): ActiveChargingProfile => ({
    unit: 'A',
    start: epochSeconds(start + from),
    duration: seconds(duration),
    periods: pairs.map(([at, limit]) => ({ start: seconds(at), limit: amperes(limit) })),
  });
  const window = { now: start, duration: seconds(900) };
  test.each([
    [
      'the known limits hold before it begins',
      active(600, 900, [0, 8], [200, 10]),
      active(0, 900, [0, 16], [300, 12]),
      active(0, 900, [0, 16], [300, 12], [600, 8], [800, 10]),
    ],
    ['it ends when it ended', active(300, 300, [0, 8]), active(0, 900, [0, 16]), active(0, 600, [0, 16], [300, 8])],
    [
      'only the known limits are left when it begins later than what was asked for',
      active(3_600, 900, [0, 8]),
      active(0, 900, [0, 16]),
      active(0, 900, [0, 16]),
    ],
    ['it is unchanged when it begins about now', active(10, 900, [0, 8]), active(0, 900, [0, 16]), active(10, 900, [0, 8])],
  ])('F-60: %s', (_, ...[later, until, expected]) => expect(fromNow(later, until, window)).toEqual(expected));
});

describe('when nothing limits the EVSE', () => {
  test('CP-23: the profile has the maximum of the EVSE in either unit', () => {
    const span = { start, duration: seconds(900) };
    expect(maximumProfile(evse, 'A', span)).toEqual({ unit: 'A', ...span, periods: [{ start: 0, limit: 32 }] });
    expect(maximumProfile(evse, 'W', span)).toEqual({ unit: 'W', ...span, periods: [{ start: 0, limit: 22_080 }] });
  });
});
