import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochSeconds, seconds, watts } from '../../domain/units.ts';
import { problemWith } from '../problem.ts';
import { ChargingProfile, type WireChargingProfile } from './charging-profile.ts';
import { readActiveChargingProfile, readChargingProfile, writeActiveChargingProfile, writeChargingProfile } from './translate.ts';

const periods = (count: number) => Array.from({ length: count }, (_, at) => ({ start_period: at * 60, limit: 10 }));
const profile = (part: Partial<WireChargingProfile>): WireChargingProfile => ({ charging_rate_unit: 'A', charging_profile_period: periods(1), ...part });
const problem = (part: object) => {
  const read = readChargingProfile({ ...profile({}), ...part });
  return read.ok ? undefined : read.problem;
};

describe('reading a charging profile', () => {
  test('gives a domain profile with its start in whole seconds', () => {
    const wire = profile({
      charging_rate_unit: 'W',
      start_date_time: '2026-11-23T12:00:00.987Z',
      duration: 3600,
      min_charging_rate: 1380,
      charging_profile_period: [
        { start_period: 0, limit: 11_000 },
        { start_period: 900, limit: 0 },
      ],
    });
    expect(readChargingProfile(wire)).toEqual({
      ok: true,
      value: {
        unit: 'W',
        start: Date.UTC(2026, 10, 23, 12) / 1000,
        duration: 3600,
        minChargingRate: 1380,
        periods: [
          { start: 0, limit: 11_000 },
          { start: 900, limit: 0 },
        ],
      },
    });
  });

  test('CP-28, CP-29: a profile without a start is relative, without a duration it is open-ended', () => {
    const read = readChargingProfile(profile({}));
    expect(read.ok && ['start' in read.value, 'duration' in read.value, 'minChargingRate' in read.value]).toEqual([false, false, false]);
  });

  test.each([
    [8.15, 8.1],
    [8.19999, 8.1],
    [0.3, 0.3],
    [16.1, 16.1],
    [4.35, 4.3],
    [0.04, 0],
    [11_000, 11_000],
    [1e-7, 0],
  ])('CP-30, TYP-08: a limit of %d is rounded down to %d', (limit, floored) => {
    const read = readChargingProfile(profile({ charging_profile_period: [{ start_period: 0, limit }], min_charging_rate: limit }));
    expect(read.ok && [read.value.periods[0]?.limit, read.value.minChargingRate]).toEqual([floored, floored]);
  });

  test('CP-30: a limit with one decimal stays unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000_000 }), (tenths) => {
        const read = readChargingProfile(profile({ charging_profile_period: [{ start_period: 0, limit: tenths / 10 }] }));
        expect(read.ok && read.value.periods[0]?.limit).toBe(tenths / 10);
      }),
    );
  });

  test('CP-37: an empty list of periods is refused', () => {
    expect(problem({ charging_profile_period: [] })).toBe('charging_profile_period: found an empty list, allowed: a list of at least 1');
  });

  test.each([
    ['does not begin at 0', [5]],
    ['repeats a value', [0, 60, 60]],
    ['decreases', [0, 120, 60]],
  ])('CP-31: a profile whose start_period %s is refused', (_, starts) => {
    expect(problem({ charging_profile_period: starts.map((start_period) => ({ start_period, limit: 1 })) })).toContain('begin at 0 and increase');
  });

  test.each([1, 24, 1_024, 10_000])('CP-31: %i periods are read', (count) => {
    expect(problem({ charging_profile_period: periods(count) })).toBeUndefined();
  });

  test.each([
    ['duration', { duration: 604_800 }, { duration: 604_801 }],
    ['duration', { duration: 1 }, { duration: 0 }],
    ['min_charging_rate', { min_charging_rate: 2e6 }, { min_charging_rate: 2e6 + 1 }],
    [
      'charging_profile_period[0].limit',
      { charging_profile_period: [{ start_period: 0, limit: 2e6 }] },
      { charging_profile_period: [{ start_period: 0, limit: 2e6 + 0.1 }] },
    ],
    [
      'charging_profile_period[0].limit',
      { charging_profile_period: [{ start_period: 0, limit: -0 }] },
      { charging_profile_period: [{ start_period: 0, limit: -0.1 }] },
    ],
    [
      'charging_profile_period[1].start_period',
      { charging_profile_period: [...periods(1), { start_period: 604_800, limit: 1 }] },
      { charging_profile_period: [...periods(1), { start_period: 2 ** 53, limit: 1 }] },
    ],
    ['duration', { duration: 60 }, { duration: 1.5 }],
    ['charging_profile_period[0].limit', {}, { charging_profile_period: [{ start_period: 0, limit: JSON.parse('1e309') }] }],
  ])('SEC-20: %s is limited', (field, inside, outside) => {
    expect(problem(inside)).toBeUndefined();
    expect(problem(outside)).toContain(`${field}: found`);
  });
});

describe('writing a charging profile', () => {
  const anyProfile = fc.record(
    {
      start: fc.integer({ min: 0, max: 4e9 }).map(epochSeconds),
      duration: fc.integer({ min: 1, max: 604_800 }).map(seconds),
      minChargingRate: fc.integer({ min: 0, max: 1000 }).map((it) => watts(it / 10)),
      periods: fc
        .uniqueArray(fc.integer({ min: 1, max: 604_800 }), { maxLength: 20 })
        .map((starts) => [0, ...starts.toSorted((a, b) => a - b)].map((start, at) => ({ start: seconds(start), limit: watts((at * 7) / 10) }))),
    },
    { requiredKeys: ['periods'] },
  );

  test('CP-30, CP-31: any written profile is valid and reads back unchanged', () => {
    fc.assert(
      fc.property(anyProfile, (parts) => {
        const written = writeChargingProfile({ unit: 'W', ...parts });
        expect(problemWith(ChargingProfile, written)).toBeUndefined();
        expect(readChargingProfile(written)).toEqual({ ok: true, value: { unit: 'W', ...parts } });
      }),
    );
  });

  test('an active profile is written with its start outside and inside the profile, and reads back', () => {
    const active = { unit: 'W' as const, start: epochSeconds(1_795_435_200), duration: seconds(1800), periods: [{ start: seconds(0), limit: watts(11_000) }] };
    const written = writeActiveChargingProfile(active);
    expect(written).toMatchObject({ start_date_time: '2026-11-23T12:00:00Z', charging_profile: { start_date_time: '2026-11-23T12:00:00Z', duration: 1800 } });
    expect(readActiveChargingProfile(written, seconds(5))).toEqual({ ok: true, value: active });
  });

  test('an active profile without a duration gets the requested duration', () => {
    const wire = { start_date_time: '2026-11-23T12:00:00Z', charging_profile: profile({}) };
    expect(readActiveChargingProfile(wire, seconds(900))).toMatchObject({ ok: true, value: { start: 1_795_435_200, duration: 900 } });
  });
});
