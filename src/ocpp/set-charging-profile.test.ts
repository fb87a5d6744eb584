import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evse, PowerType } from '../domain/evse.ts';
import { phasesOf } from '../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, volts, watts } from '../domain/units.ts';
import { assumedAbilities } from './abilities.ts';
import { compose, type SetRequest, type WriteContext } from './dialect.ts';
import { dialects } from './dialects.ts';
import { openSchemas } from './schema.ts';
import type { Abilities } from './station.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

const evseOf = (powerType: PowerType): Evse => ({ uid: 'E', evseId: 2, connectorId: 3, powerType, maxVoltage: volts(230), maxAmperage: amperes(32) });
const inAmperes = (...limits: number[]): ChargingProfile => ({
  unit: 'A',
  periods: limits.map((limit, i) => ({ start: seconds(i * 60), limit: amperes(limit) })),
});
const inWatts = (...limits: number[]): ChargingProfile => ({ unit: 'W', periods: limits.map((limit, i) => ({ start: seconds(i * 60), limit: watts(limit) })) });
const contextWith = (abilities: Partial<Abilities> = {}, stackLevel = 1): WriteContext => ({ abilities: { ...assumedAbilities, ...abilities }, stackLevel });
const requestOf = (profile: ChargingProfile, powerType: PowerType = 'AC_3_PHASE'): SetRequest => ({
  kind: 'set-charging-profile',
  evse: evseOf(powerType),
  transactionId: '7',
  profileId: 42,
  profile,
});

/** A schedule on the wire; each version has it in another place. */
interface Wire {
  chargingRateUnit: RateUnit;
  startSchedule?: string;
  minChargingRate?: number;
  chargingSchedulePeriod: { startPeriod: number; limit: number; numberPhases?: number }[];
}
interface Written {
  connectorId?: number;
  csChargingProfiles?: { stackLevel: number; chargingProfileKind: string; chargingSchedule: Wire };
  chargingProfile?: { stackLevel: number; chargingProfileKind: string; chargingSchedule: Wire[] };
}

function write(dialect: (typeof dialects)[number], request: SetRequest, context: WriteContext) {
  const call = compose(dialect, request, context);
  if (!call.ok) return call.problem;
  const { csChargingProfiles, chargingProfile }: Written = call.value.payload;
  const profile = csChargingProfiles ?? chargingProfile;
  const schedule = csChargingProfiles?.chargingSchedule ?? chargingProfile?.chargingSchedule[0];
  if (!profile || !schedule) throw new Error('no profile');
  return { level: profile.stackLevel, kind: profile.chargingProfileKind, ...schedule };
}

describe.each(dialects.map((dialect) => [dialect.version, dialect] as const))('OCPP %s SetChargingProfile', (_version, dialect) => {
  const written = (profile: ChargingProfile, { powerType, context = contextWith() }: { powerType?: PowerType; context?: WriteContext } = {}) =>
    write(dialect, requestOf(profile, powerType), context);

  test('CP-28: a profile without a start is Relative and has no startSchedule', () => {
    const relative = written(inAmperes(10));
    expect(relative).toMatchObject({ kind: 'Relative' });
    expect(relative).not.toHaveProperty('startSchedule');
  });
  test('CP-28: a profile with a start, also in the past, is Absolute; the start is written in UTC and whole seconds', () => {
    expect(written({ ...inAmperes(10), start: epochSeconds(1_000_000_000) })).toMatchObject({ kind: 'Absolute', startSchedule: '2001-09-09T01:46:40Z' });
  });
  test.each([
    [8, 1, 1],
    [0, 1, 0],
    [2, 5, 2],
  ])('the stack level is the lower of the station’s %i and the configured %i', (maxStackLevel, configured, level) => {
    expect(written(inAmperes(10), { context: contextWith({ maxStackLevel }, configured) })).toMatchObject({ level });
  });
  test('a unit that the station takes is kept', () => {
    expect(written(inWatts(11_000), { context: contextWith({ units: ['A', 'W'] }) })).toMatchObject({
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ limit: 11_000 }],
    });
  });
  test.each<[PowerType, number]>([
    ['AC_1_PHASE', 47.8],
    ['AC_2_PHASE', 23.9],
    ['AC_2_PHASE_SPLIT', 23.9],
    ['AC_3_PHASE', 15.9],
  ])('CP-32: 11,000 W for a station that takes only amperes are, on %s, %d A', (powerType, limit) => {
    const only = contextWith({ units: ['A'] });
    expect(written(inWatts(11_000), { powerType, context: only })).toMatchObject({ chargingRateUnit: 'A', chargingSchedulePeriod: [{ limit }] });
  });
  test('CP-32: amperes are converted for a station that takes only watts, minChargingRate included', () => {
    const profile: ChargingProfile = { unit: 'A', minChargingRate: amperes(6), periods: [{ start: seconds(0), limit: amperes(16) }] };
    expect(written(profile, { context: contextWith({ units: ['W'] }) })).toMatchObject({
      chargingRateUnit: 'W',
      minChargingRate: 4140,
      chargingSchedulePeriod: [{ limit: 11_040 }],
    });
  });
  test('on DC a unit that the station does not take is refused with the reason', () => {
    expect(written(inAmperes(100), { powerType: 'DC', context: contextWith({ units: ['W'] }) })).toBe(
      'the station takes W only, and A cannot be converted on EVSE E (DC)',
    );
  });
  test('more periods than the station takes are merged, first those that lose the least energy', () => {
    expect(written(inAmperes(1, 2, 3), { context: contextWith({ maxPeriods: 2 }) })).toMatchObject({
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 1 },
        { startPeriod: 120, limit: 3 },
      ],
    });
  });
  test('CP-31: more periods than OCPP allows in one schedule are refused with the reason', () => {
    expect(written(inAmperes(...Array.from({ length: 1_025 }, (_, i) => 6 + (i % 9))))).toBe('1025 periods, and OCPP carries 1024 in one schedule');
  });
  test('periods after the end of the profile are dropped before the periods are counted', () => {
    const short = { ...inAmperes(1, 2, 3), duration: seconds(120) };
    expect(written(short, { context: contextWith({ maxPeriods: 2 }) })).toMatchObject({
      duration: 120,
      chargingSchedulePeriod: [{ limit: 1 }, { startPeriod: 60, limit: 2 }],
    });
  });
  test('a profile id that the station reserves for itself is refused (K01.FR.80)', () => {
    expect(written(inAmperes(10), { context: contextWith({ minProfileId: 43 }) })).toContain('below 43');
  });

  test('every profile makes a valid message, and no limit is above the requested one (SEC-35)', async () => {
    const book = await openSchemas(dialect.version);
    fc.assert(
      fc.property(
        profiles,
        fc.constantFrom<PowerType>('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
        unitSets,
        (profile, powerType, units) => {
          const request = requestOf(profile, powerType);
          const call = compose(dialect, request, contextWith({ units }));
          if (!call.ok) return void expect(powerType).toBe('DC');
          const payload: unknown = JSON.parse(JSON.stringify(call.value.payload));
          expect(book.check('SetChargingProfileRequest', payload)).toEqual({ ok: true, value: call.value.payload });
          const schedule = write(dialect, request, contextWith({ units }));
          if (typeof schedule === 'string') return void expect.unreachable(schedule);
          for (const { startPeriod, limit } of schedule.chargingSchedulePeriod) {
            const requested = profile.periods.find(({ start }) => start === startPeriod)?.limit ?? Number.NaN;
            const wattsOf = (unit: RateUnit, amount: number) => (unit === 'W' ? amount : amount * 230 * phasesOf(powerType));
            expect(wattsOf(schedule.chargingRateUnit, limit)).toBeLessThanOrEqual(wattsOf(profile.unit, requested) * (1 + 1e-12));
          }
        },
      ),
    );
  });
});

const tenths = fc.integer({ min: 0, max: 220_000 }).map((n) => n / 10);
const starts = fc.uniqueArray(fc.integer({ min: 1, max: 86_400 }), { maxLength: 20 }).map((more) => [0, ...more.sort((one, other) => one - other)]);
const unitSets = fc.constantFrom<Abilities['units']>(['A'], ['W'], ['A', 'W'], []);
const profiles: fc.Arbitrary<ChargingProfile> = fc
  .record({
    unit: fc.constantFrom<RateUnit>('A', 'W'),
    starts,
    limits: fc.array(tenths, { minLength: 21, maxLength: 21 }),
    from: fc.option(fc.integer({ min: 0, max: 4e9 })),
    least: fc.option(tenths),
    duration: fc.option(fc.integer({ min: 1, max: 604_800 })),
  })
  .map((it) => {
    const timing = { ...(it.from === null ? {} : { start: epochSeconds(it.from) }), ...(it.duration === null ? {} : { duration: seconds(it.duration) }) };
    const least = it.least ?? 0;
    if (it.unit === 'A')
      return {
        unit: 'A',
        ...timing,
        minChargingRate: amperes(least),
        periods: it.starts.map((start, i) => ({ start: seconds(start), limit: amperes(it.limits[i] ?? 0) })),
      };
    return {
      unit: 'W',
      ...timing,
      minChargingRate: watts(least),
      periods: it.starts.map((start, i) => ({ start: seconds(start), limit: watts(it.limits[i] ?? 0) })),
    };
  });

describe('numberPhases on the wire', () => {
  const phases = (dialect: (typeof dialects)[number], profile: ChargingProfile, powerType: PowerType) => {
    const schedule = write(dialect, requestOf(profile, powerType), contextWith());
    return typeof schedule === 'string' ? schedule : schedule.chargingSchedulePeriod[0]?.numberPhases;
  };
  test.each<[PowerType, ChargingProfile, number | undefined]>([
    ['AC_1_PHASE', inWatts(3680), 1],
    ['AC_1_PHASE', inAmperes(16), undefined],
    ['AC_3_PHASE', inWatts(11_000), undefined],
    ['AC_2_PHASE', inWatts(7000), undefined],
    ['DC', inWatts(50_000), undefined],
  ])('OCPP 1.6, %s %o: %s', (powerType, profile, expected) => {
    expect(phases(v16, profile, powerType)).toBe(expected);
  });
  test.each<[PowerType, ChargingProfile, number | undefined]>([
    ['AC_1_PHASE', inWatts(3680), 1],
    ['AC_1_PHASE', inAmperes(16), 1],
    ['AC_3_PHASE', inWatts(11_000), undefined],
    ['DC', inWatts(50_000), undefined],
    ['DC', inAmperes(100), undefined],
  ])('OCPP 2.x, %s %o: %s', (powerType, profile, expected) => {
    expect(phases(v201, profile, powerType)).toBe(expected);
    expect(phases(v21, profile, powerType)).toBe(expected);
  });
});

describe('the EVSE and the transaction of a profile', () => {
  test('OCPP 1.6: the EVSE number is the connector id, and the transaction id is a number', () => {
    expect(compose(v16, requestOf(inAmperes(10)), contextWith())).toMatchObject({
      value: { payload: { connectorId: 2, csChargingProfiles: { transactionId: 7, chargingProfilePurpose: 'TxProfile' } } },
    });
  });
  test('a transaction id that is longer than the standard allows is never sent', () => {
    const request = { ...requestOf(inAmperes(10)), transactionId: 'x'.repeat(37) };
    expect(compose(v201, request, contextWith())).toEqual({ ok: false, problem: 'the transaction id has 37 characters; allowed: 36' });
  });
  test('OCPP 2.x: the EVSE id, the transaction id as text, and one schedule with id 1', () => {
    const payload = { evseId: 2, chargingProfile: { id: 42, transactionId: '7', chargingProfilePurpose: 'TxProfile', chargingSchedule: [{ id: 1 }] } };
    expect(compose(v201, requestOf(inAmperes(10)), contextWith())).toMatchObject({ value: { payload } });
  });
});
