import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { omitUndefined } from '../omit-undefined.ts';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import { fromComposite } from './read-composite.ts';
import { fromOcpp, fromOcpp16, fromOcpp21, fromOcpp201 } from './read-ocpp.ts';
import type { InstalledProfile, Purpose } from './stacked-profile.ts';
import { toOcpp16, toOcpp21, toOcpp201 } from './write-ocpp.ts';

const of16 = {
  chargingProfileId: 7,
  transactionId: 12,
  stackLevel: 3,
  chargingProfilePurpose: 'ChargePointMaxProfile',
  chargingProfileKind: 'Recurring',
  recurrencyKind: 'Weekly',
  validFrom: '2026-03-10T09:30:00+02:00',
  validTo: '2026-03-11T07:30:00.999Z',
  chargingSchedule: {
    startSchedule: '2026-03-09T00:00:00Z',
    duration: 3600,
    chargingRateUnit: 'W',
    minChargingRate: 1380,
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 11_000.04 },
      { startPeriod: 60, limit: 3680, numberPhases: 1 },
    ],
  },
};
const period = { startPeriod: 0, limit: 16 };
const schedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [period] };
const of21 = { id: 7, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative', transactionId: 'tx', chargingSchedule: [schedule] };
const withPeriod = (part: object, unit = 'A') => ({
  ...of21,
  chargingSchedule: [{ ...schedule, chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, ...part }] }],
});
const problemOf = (read: { ok: true } | { ok: false; problem: string }) => (read.ok ? undefined : read.problem);
const mustBe = <T>(read: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!read.ok) throw new Error(read.problem);
  return read.value;
};

describe('a profile of OCPP 1.6', () => {
  test('is read to the second and the tenth, moments in any zone', () => {
    expect(fromOcpp16(of16)).toEqual({
      ok: true,
      value: {
        id: 7,
        transactionId: '12',
        stackLevel: 3,
        purpose: 'max',
        kind: 'Weekly',
        validFrom: Date.UTC(2026, 2, 10, 7, 30) / 1000,
        validTo: Date.UTC(2026, 2, 11, 7, 30) / 1000,
        schedule: {
          unit: 'W',
          start: Date.UTC(2026, 2, 9) / 1000,
          duration: 3600,
          minChargingRate: 1380,
          periods: [
            { start: 0, limit: 11_000 },
            { start: 60, limit: 3680, numberPhases: 1 },
          ],
        },
      },
    });
  });
});

describe('a profile of OCPP 2.1', () => {
  const limitOf = (part: object, unit?: string) => mustBe(fromOcpp21(withPeriod(part, unit))).schedule.periods[0]?.limit;

  test.each([
    ['no limit is no ceiling', { unit: 'A', part: {}, limit: Infinity }],
    ['amperes hold on each phase, so the least counts', { unit: 'A', part: { limit: 16, limit_L2: 10, limit_L3: 13 }, limit: 10 }],
    ['watts add up', { unit: 'W', part: { limit: 1000, limit_L2: 2000, limit_L3: 500.5 }, limit: 3500.5 }],
    ['a limit alone is for all phases', { unit: 'W', part: { limit: 11_000 }, limit: 11_000 }],
    ['watts of some phases leave the others free', { unit: 'W', part: { limit_L2: 2000 }, limit: Infinity }],
    ['setpoints and what may flow back are no ceilings', { unit: 'A', part: { limit: 16, setpoint: -8, dischargeLimit: -10 }, limit: 16 }],
    ['a car that is to idle gets nothing', { unit: 'A', part: { operationMode: 'Idle' }, limit: 0 }],
  ])('mapping 2.3: %s', (_, { unit, part, limit }) => expect(limitOf(part, unit)).toBe(limit));

  test('mapping 2.3: one that is dynamic counts from its last update', () => {
    const read = fromOcpp21({ ...of21, chargingProfileKind: 'Dynamic', dynUpdateTime: '1970-01-01T00:01:40Z' });
    expect(read).toMatchObject({ value: { kind: 'Dynamic', schedule: { start: 100 } } });
  });
  test('mapping 2.3: a dynamic one has a single period', () => {
    const periods = [period, { ...period, startPeriod: 9 }];
    expect(problemOf(fromOcpp21({ ...of21, chargingProfileKind: 'Dynamic', chargingSchedule: [{ ...schedule, chargingSchedulePeriod: periods }] }))).toBe(
      'chargingSchedule[0].chargingSchedulePeriod: found a list of 2, allowed: one period in a Dynamic profile',
    );
  });
  test('mapping 2.3: what is not known here is told: local time, a delay by lot, how long it outlives the connection', () => {
    const more = { maxOfflineDuration: 60, invalidAfterOfflineDuration: true };
    const read = fromOcpp21({ ...of21, ...more, chargingSchedule: [{ ...schedule, useLocalTime: true, randomizedDelay: 30 }] });
    expect(read).toMatchObject({ value: { ...more, useLocalTime: true, randomizedDelay: 30 } });
  });
  test('mapping 2.3: two purposes are of this version only', () => {
    const priority = { ...of21, chargingProfilePurpose: 'PriorityCharging' };
    expect(fromOcpp21(priority)).toMatchObject({ value: { purpose: 'priority' } });
    expect(problemOf(fromOcpp201(priority))).toContain('chargingProfilePurpose: found "PriorityCharging", allowed: TxProfile, TxDefaultProfile,');
  });
});

describe('whatever comes', () => {
  test.each([
    ['chargingProfilePurpose', { chargingProfilePurpose: '__proto__' }, 'found "__proto__", allowed: TxProfile'],
    ['recurrencyKind', { chargingProfileKind: 'Recurring' }, 'missing, allowed: Daily, Weekly'],
    ['stackLevel', { stackLevel: -1 }, 'found -1, allowed: a whole number from 0'],
    ['chargingSchedule', { chargingSchedule: [schedule, schedule] }, 'found a list of 2, allowed: a list of one schedule'],
    ['chargingSchedule', { chargingSchedule: schedule }, 'found an object, allowed: a list of one schedule'],
    ['chargingSchedule[0].chargingSchedulePeriod[0].limit', withPeriod({ limit: '16' }), 'found "16", allowed: a number from 0 on'],
    ['chargingSchedule[0].chargingSchedulePeriod[0].numberPhases', withPeriod({ limit: 16, numberPhases: 0 }), 'found 0, allowed: 1, 2 or 3'],
    ['chargingSchedule[0].duration', { chargingSchedule: [{ ...schedule, duration: 0 }] }, 'found 0, allowed: a whole number from 1 to 2147483647'],
    ['validTo', { validTo: 1_773_128_000 }, 'found 1773128000, allowed: a moment such as'],
  ])('SEC-20: a wrong %s is named, once', (field, part, says) => {
    const told = { ...of21, ...part };
    expect([fromOcpp201(told), fromOcpp21(told)].map(problemOf)).toEqual(Array(2).fill(expect.stringMatching(/^[^;]+$/)));
    expect(problemOf(fromOcpp21(told))).toContain(`${field}: ${says}`);
  });
  test('SEC-20: readers never throw', () => {
    const names = [...Object.keys(of16), ...Object.keys(of16.chargingSchedule), 'id', 'startPeriod', 'limit', 'limit_L2', 'schedule', 'scheduleStart'];
    const json = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, fc.constantFrom(null, true, -1, 0, 1, 1e308, '', 'A', 'TxProfile', 'Relative'), fc.double(), tie('object'), tie('list')),
      list: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom(...names, 'constructor'), tie('any'), { noNullPrototype: false }),
    })).any;
    const near = json.map((part) => (typeof part === 'object' ? { ...of16, ...of21, ...part } : part));
    fc.assert(
      fc.property(fc.oneof(json, near), (told) => {
        for (const read of [fromOcpp, fromOcpp16, fromOcpp201, fromOcpp21, (it: unknown) => fromComposite(it, epochSeconds(0))]) {
          const made = read(told);
          expect(made.ok || made.problem.length > 0).toBe(true);
        }
      }),
    );
  });
});

describe('there and back', () => {
  const moments = fc.nat(4e9).map(epochSeconds);
  const spans = fc.integer({ min: 1, max: 90_000 }).map(seconds);
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const phases = fc.constantFrom(1, 2, 3, undefined);
  const drawn = (purposes: Purpose[], kinds: InstalledProfile['kind'][]): fc.Arbitrary<InstalledProfile> =>
    fc
      .record({
        head: fc.record({ id: fc.nat(), stackLevel: fc.nat(20), purpose: fc.constantFrom(...purposes), kind: fc.constantFrom(...kinds) }),
        rest: fc.record({ transactionId: maybe(fc.nat().map(String)), validFrom: maybe(moments), validTo: maybe(moments) }),
        times: fc.record({ start: maybe(moments), duration: maybe(spans) }),
        unit: fc.constantFrom('W', 'A'),
        limits: fc.array(fc.tuple(fc.nat(320_000), phases), { minLength: 1, maxLength: 6 }),
      })
      .map(({ head, rest, times, unit, limits }) => {
        const periods = limits.map(([tenths, numberPhases], i) => ({ start: seconds(i * 60), limit: tenths / 10, ...omitUndefined({ numberPhases }) }));
        const made =
          unit === 'W'
            ? { unit, ...omitUndefined(times), periods: periods.map((it) => ({ ...it, limit: watts(it.limit) })) }
            : { unit: 'A' as const, ...omitUndefined(times), periods: periods.map((it) => ({ ...it, limit: amperes(it.limit) })) };
        return { ...head, ...omitUndefined(rest), schedule: made };
      });
  const kinds: InstalledProfile['kind'][] = ['Absolute', 'Relative', 'Daily', 'Weekly'];
  const all: Purpose[] = ['tx', 'tx-default', 'max', 'external', 'priority', 'local-generation'];
  const again = (wire: unknown): unknown => JSON.parse(JSON.stringify(wire));

  test('a profile that OCPP 1.6 can say comes back as it was', () =>
    fc.assert(
      fc.property(drawn(['tx', 'tx-default', 'max'], kinds), (it) => void expect(fromOcpp16(again(mustBe(toOcpp16(it))))).toEqual({ ok: true, value: it })),
    ));
  test('and one that OCPP 2.0.1 can say', () =>
    fc.assert(fc.property(drawn(all.slice(0, 4), kinds), (it) => void expect(fromOcpp201(again(mustBe(toOcpp201(it))))).toEqual({ ok: true, value: it }))));
  test('and every one by OCPP 2.1, with what only that version says', () => {
    const offline = fc.record({ maxOfflineDuration: maybe(spans), invalidAfterOfflineDuration: maybe(fc.boolean()), randomizedDelay: maybe(spans) });
    fc.assert(
      fc.property(drawn(all, kinds), offline, (it, more) => {
        const profile = { ...it, ...omitUndefined(more) };
        expect(fromOcpp21(again(mustBe(toOcpp21(profile))))).toEqual({ ok: true, value: profile });
      }),
    );
  });
  test('a dynamic limit, and no limit at all, come back by OCPP 2.1 and are beyond the others', () => {
    const dynamic: InstalledProfile = {
      ...{ id: 1, stackLevel: 0, purpose: 'tx', kind: 'Dynamic' },
      schedule: { unit: 'A', start: epochSeconds(0), periods: [{ start: seconds(0), limit: amperes(Infinity) }] },
    };
    expect(fromOcpp21(again(mustBe(toOcpp21(dynamic))))).toEqual({ ok: true, value: dynamic });
    expect([toOcpp16(dynamic), toOcpp201(dynamic)].map(problemOf)).toEqual([
      'OCPP 1.6 cannot say this: purpose tx, kind Dynamic, or a period without a limit',
      'OCPP 2.0.1 cannot say this: purpose tx, kind Dynamic, or a period without a limit',
    ]);
  });
  test('either version is told by how it calls its id', () => {
    expect([fromOcpp(of16), fromOcpp(of21)].map((it) => it.ok && it.value.purpose)).toEqual(['max', 'tx']);
  });
});

describe('a composite schedule', () => {
  const periods = [
    { startPeriod: 60, limit: -1 },
    { startPeriod: 0, limit: 8.5, numberPhases: -1 },
  ];
  const read = {
    unit: 'A',
    start: 100,
    duration: 300,
    periods: [
      { start: 60, limit: -1 },
      { start: 0, limit: 8.5 },
    ],
  };
  const inside = { chargingRateUnit: 'A', duration: 300, chargingSchedulePeriod: periods };
  const moment = '1970-01-01T00:01:40Z';

  test.each([
    ['of 1.6', { status: 'Accepted', connectorId: 1, scheduleStart: moment, chargingSchedule: inside }],
    ['of 1.6 with its start inside', { status: 'Accepted', chargingSchedule: { ...inside, startSchedule: moment } }],
    ['of 2.x', { status: 'Accepted', schedule: { ...inside, evseId: 1, scheduleStart: moment } }],
    ['by itself', { ...inside, scheduleStart: moment }],
  ])('mapping 5: %s is read as it stands', (_, wire) => expect(fromComposite(wire, epochSeconds(7))).toEqual({ ok: true, value: read }));
  test('mapping 5: without a start it is from when it was asked for', () =>
    expect(fromComposite(inside, epochSeconds(7))).toMatchObject({ value: { start: 7 } }));
  test('mapping 5: with no unit it is refused', () =>
    expect(problemOf(fromComposite({ schedule: { ...inside, chargingRateUnit: undefined } }, epochSeconds(7)))).toBe(
      'schedule.chargingRateUnit: missing, allowed: W, A',
    ));
});
