import { describe, expect, test } from 'vitest';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, watts } from '../../domain/units.ts';
import { ABSOLUTE_EDGE, findDeviation, isNewDeviation, RELATIVE_EDGE } from './find-deviation.ts';
import { socket } from './profile-request.fixture.ts';

const FROM = 1_800_000_000;
const active = (...steps: (readonly [start: number, limit: number])[]): ActiveChargingProfile => ({
  unit: 'A',
  start: epochSeconds(FROM),
  duration: seconds(1_800),
  periods: steps.map(([start, limit]) => ({ start: seconds(start), limit: amperes(limit) })),
});
const quiet = { lowered: false, raised: false };
const found = (
  reported: ActiveChargingProfile,
  computed: ActiveChargingProfile | readonly ActiveChargingProfile[],
  { edge = ABSOLUTE_EDGE, announced = quiet } = {},
) =>
  findDeviation(
    reported,
    [computed].flat().map((it) => ({ computed: it, edge })),
    { evse: socket, announced },
  )?.how;

describe('a charge point that accepted a profile', () => {
  test('CP-19: deviates above with a higher limit, also for a short time', () => {
    expect(found(active([0, 32]), active([0, 10]))).toBe('above');
    expect(found(active([0, 10], [600, 12], [603, 10]), active([0, 10]))).toBe('above');
  });

  test('CP-19: deviates below with a lower limit that nobody set', () => expect(found(active([0, 6]), active([0, 10]))).toBe('below'));

  test('CP-19: does not deviate in the direction of an announced limit, but does in the other direction', () => {
    const [lowered, raised] = [
      { lowered: true, raised: false },
      { lowered: false, raised: true },
    ];
    expect(found(active([0, 6]), active([0, 10]), { announced: lowered })).toBeUndefined();
    expect(found(active([0, 32]), active([0, 10]), { announced: lowered })).toBe('above');
    expect(found(active([0, 32]), active([0, 10]), { announced: raised })).toBeUndefined();
    expect(found(active([0, 6]), active([0, 10]), { announced: raised })).toBe('below');
  });

  test('whole-amperes: less than an ampere below is rounding; above is a deviation', () => {
    expect(found(active([0, 16]), active([0, 16.9]))).toBeUndefined();
    expect(found(active([0, 16]), active([0, 17]))).toBe('below');
    expect(found(active([0, 17]), active([0, 16.9]))).toBe('above');
  });

  test('whole-amperes: in watts, an ampere is its power on all phases', () => {
    const inWatts = (limit: number): ActiveChargingProfile => ({
      unit: 'W',
      start: epochSeconds(FROM),
      duration: seconds(1_800),
      periods: [{ start: seconds(0), limit: watts(limit) }],
    });
    const deviation = (reported: number) => found(inWatts(reported), inWatts(6_900));
    expect([6_211, 6_210, 6_900.1].map(deviation)).toEqual([undefined, 'below', 'above']);
  });

  test('CP-19: deviates from nothing when nothing is expected', () => {
    expect(found(active([0, 32]), [])).toBeUndefined();
  });

  test('edge-off-by-a-second: a step may be one second off, and five seconds when the start of charging is uncertain', () => {
    expect(found(active([0, 16], [61, 8]), active([0, 16], [60, 8]))).toBeUndefined();
    expect(found(active([0, 16], [63, 8]), active([0, 16], [60, 8]))).toBe('above');
    expect(found(active([0, 16], [63, 8]), active([0, 16], [60, 8]), { edge: RELATIVE_EDGE })).toBeUndefined();
  });

  test('CP-28: may begin at the start of the transaction or of charging', () => {
    const expected = [active([0, 16], [60, 8]), active([0, 16], [100, 8])];
    expect(found(active([0, 16], [100, 8]), expected)).toBeUndefined();
    expect(found(active([0, 16], [80, 8]), expected)).toBe('above');
  });

  test('other-unit: is compared after conversion with one ampere of tolerance, and not compared on DC', () => {
    const reported: ActiveChargingProfile = {
      unit: 'W',
      start: epochSeconds(FROM),
      duration: seconds(1_800),
      periods: [{ start: seconds(0), limit: watts(6_900) }],
    };
    expect(found(reported, active([0, 10]))).toBeUndefined();
    expect(found(reported, active([0, 9]))).toBeUndefined();
    expect(found(reported, active([0, 8.9]))).toBe('above');
    expect(found(reported, active([0, 11]))).toBe('below');
    expect(findDeviation(reported, [{ computed: active([0, 8]), edge: 1 }], { evse: { ...socket, powerType: 'DC' }, announced: quiet })).toBeUndefined();
  });
});

test('a deviation is new when it begins, changes direction, has another expected profile, or ends', () => {
  const [above, below] = (['above', 'below'] as const).map((how) => ({ how, computed: active([0, 10]) }));
  expect(isNewDeviation(undefined, above, socket)).toBe(true);
  expect(isNewDeviation(above, above, socket)).toBe(false);
  expect(isNewDeviation(above, above && { ...above, computed: active([0, 10]) }, socket)).toBe(false);
  expect(isNewDeviation(above, below, socket)).toBe(true);
  expect(isNewDeviation(above, above && { ...above, computed: active([0, 12]) }, socket)).toBe(true);
  expect(isNewDeviation(above, undefined, socket)).toBe(true);
  expect(isNewDeviation(undefined, undefined, socket)).toBe(false);
});
