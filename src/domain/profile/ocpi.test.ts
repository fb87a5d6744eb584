import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { activeFromOcpi, activeToOcpi, fromOcpi, toOcpi } from './ocpi.ts';

const wire = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 16 }] };
const problemOf = (read: { ok: true } | { ok: false; problem: string }) => (read.ok ? undefined : read.problem);
const tenths = fc.nat(320_000).map((n) => n / 10);
const profiles: fc.Arbitrary<ChargingProfile> = fc
  .record(
    {
      start: fc.nat(4e9).map(epochSeconds),
      duration: fc.integer({ min: 1, max: 604_800 }).map(seconds),
      least: tenths,
      starts: fc.uniqueArray(fc.integer({ min: 1, max: 90_000 }), { maxLength: 9 }),
      limit: tenths,
      unit: fc.constantFrom('W', 'A'),
    },
    { requiredKeys: ['starts', 'limit', 'unit'] },
  )
  .map(({ starts, limit, unit, least, ...times }) => {
    const periods = [0, ...starts.toSorted((a, b) => a - b)].map((start, i) => ({ start: seconds(start), limit: limit + i }));
    return unit === 'W'
      ? { unit, ...times, ...(least !== undefined && { minChargingRate: watts(least) }), periods: periods.map((it) => ({ ...it, limit: watts(it.limit) })) }
      : {
          unit: 'A',
          ...times,
          ...(least !== undefined && { minChargingRate: amperes(least) }),
          periods: periods.map((it) => ({ ...it, limit: amperes(it.limit) })),
        };
  });
/** Arbitrary JSON whose keys include the given names. */
const hostile = (names: readonly string[]) =>
  fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, -1, 0, 1e308, '', 'W', '__proto__', '2026-01-31T09:30:00Z'),
      fc.double(),
      tie('object'),
      tie('list'),
    ),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...names, 'constructor', 'toString'), tie('any')),
  })).any;

describe('a ChargingProfile of OCPI', () => {
  test('CP-30: is unchanged after writing and reading', () =>
    fc.assert(
      fc.property(profiles, (profile) => {
        const wire: unknown = JSON.parse(JSON.stringify(toOcpi(profile)));
        expect(fromOcpi(wire)).toEqual({ ok: true, value: profile });
      }),
    ));
  test('CP-30: an active profile too, and its own start takes precedence', () => {
    const active = { unit: 'A' as const, start: epochSeconds(1_773_128_000), duration: seconds(60), periods: [{ start: seconds(0), limit: amperes(16) }] };
    expect(activeFromOcpi(activeToOcpi(active), seconds(5))).toEqual({ ok: true, value: active });
    expect(
      activeFromOcpi({ start_date_time: '1970-01-01T00:00:09Z', charging_profile: { ...wire, start_date_time: '2026-01-01T00:00:00Z' } }, seconds(5)),
    ).toMatchObject({
      value: { start: 9, duration: 5 },
    });
  });
  test('a field that is null is absent', () => {
    expect(fromOcpi({ ...wire, start_date_time: null, duration: null })).toEqual({ ok: true, value: { unit: 'A', periods: [{ start: 0, limit: 16 }] } });
  });
  test.each([
    ['nothing', undefined, 'body: missing, allowed: an object'],
    ['a string', 'profile', 'body: found "profile", allowed: an object'],
    ['an unknown unit', { ...wire, charging_rate_unit: 'kW' }, 'charging_rate_unit: found "kW", allowed: W, A'],
    ['no unit', { charging_profile_period: wire.charging_profile_period }, 'charging_rate_unit: missing, allowed: W, A'],
    ['no periods', { ...wire, charging_profile_period: [] }, 'charging_profile_period: found an empty list, allowed: a list of 1 to 10000'],
    [
      'a negative limit',
      { ...wire, charging_profile_period: [{ start_period: 0, limit: -1 }] },
      'charging_profile_period[0].limit: found -1, allowed: a number from 0 on',
    ],
    [
      'a first period after 0',
      { ...wire, charging_profile_period: [{ start_period: 5, limit: 1 }] },
      'charging_profile_period[0].start_period: found 5, allowed: 0 in the first period',
    ],
    [
      'periods that are not in order',
      { ...wire, charging_profile_period: [0, 60, 60].map((start_period) => ({ start_period, limit: 1 })) },
      'charging_profile_period[2].start_period: found 60, allowed: more than 60, the start of the period before',
    ],
    ['a period that is a number', { ...wire, charging_profile_period: [7] }, 'charging_profile_period[0]: found 7, allowed: an object'],
    ['a duration of 0', { ...wire, duration: 0 }, 'duration: found 0, allowed: a whole number from 1 to 2147483647'],
    ['an invalid start', { ...wire, start_date_time: 'noon' }, 'start_date_time: found "noon", allowed: a moment such as 2026-01-31T09:30:00Z'],
  ])('SEC-20: with %s is refused, and the problem names the field', (_, received, problem) => expect(problemOf(fromOcpi(received))).toBe(problem));
  test('SEC-20: reading never throws', () =>
    fc.assert(
      fc.property(hostile(['start_date_time', 'charging_rate_unit', 'charging_profile_period', 'start_period', 'limit', 'charging_profile']), (received) => {
        expect([typeof fromOcpi(received).ok, typeof activeFromOcpi(received, seconds(1)).ok]).toEqual(['boolean', 'boolean']);
      }),
    ));
});
