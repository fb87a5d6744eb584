import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import { type EffectiveLimit, effectiveLimit, type KnownLimitsOf } from './effective-limit.ts';
import { type LimitOrigin, type LimitSource, limitNow, reportedNow, type Supply } from './limit-source.ts';

const AC: Supply = { powerType: 'AC_3_PHASE', maxVoltage: volts(230), amperes: 32, watts: 22_080 };
const DC: Supply = { powerType: 'DC', maxVoltage: volts(500), watts: 50_000 };
const SITE: LimitOrigin = { kind: 'site', name: 'garage/north' };
const SCS: LimitOrigin = { kind: 'party', name: 'NL*SCS' };
const MSP: LimitOrigin = { kind: 'party', name: 'NL*MSP' };
const ANNA: LimitOrigin = { kind: 'operator', name: 'anna' };
const EVSE: LimitOrigin = { kind: 'evse', name: 'E1' };
const STATION: LimitOrigin = { kind: 'station', name: 'BAY-1' };
const at = epochSeconds(1_000);
const until = epochSeconds(1_600);

const from = (origin: LimitOrigin, limit: number, more: Partial<LimitSource> = {}): LimitSource => ({ origin, limit, unit: 'A', ...more });
const maximum = from(EVSE, 32);
const decide = (known: Partial<KnownLimitsOf>) => effectiveLimit({ sources: [], supply: AC, other: STATION, ...known });
const A = (limit: number) => ({ limit, unit: 'A' as const });

const cases: [title: string, known: Partial<KnownLimitsOf>, expected: EffectiveLimit | undefined][] = [
  ['nothing is known', {}, undefined],
  ['the limit is unknown since a clear, whatever was reported before', { unknownSince: at, reported: A(8), sources: [maximum] }, undefined],
  ['nobody limits it', { sources: [maximum] }, { ...A(32), origin: EVSE, reported: false }],
  ['a party limits it and nothing was reported', { sources: [maximum, from(SCS, 8, { until })] }, { ...A(8), until, origin: SCS, reported: false }],
  ['the lowest of two parties', { sources: [maximum, from(MSP, 10), from(SCS, 8)] }, { ...A(8), origin: SCS, reported: false }],
  ['a share of a site below the profile', { sources: [maximum, from(SCS, 16), from(SITE, 10)] }, { ...A(10), origin: SITE, reported: false }],
  ['a share that equals the profile comes from the profile', { sources: [maximum, from(SCS, 8), from(SITE, 8)] }, { ...A(8), origin: SCS, reported: false }],
  ['a profile at the maximum of the EVSE limits nothing', { sources: [maximum, from(SCS, 32)] }, { ...A(32), origin: EVSE, reported: false }],
  [
    'a limit in W and one in A are compared at the EVSE',
    { sources: [from(SCS, 5_520, { unit: 'W' }), from(SITE, 10)] },
    { limit: 5_520, unit: 'W', origin: SCS, reported: false },
  ],
  [
    'on DC a limit in A cannot be compared with one in W',
    { supply: DC, sources: [from(SCS, 20_000, { unit: 'W' }), from(MSP, 10)] },
    { limit: 20_000, unit: 'W', origin: SCS, reported: false },
  ],
  [
    'the report names the party, with the end of its profile',
    { reported: A(8), sources: [maximum, from(SCS, 8, { until })] },
    { ...A(8), until, origin: SCS, reported: true },
  ],
  ['the report names the operator', { reported: A(7), sources: [maximum, from(ANNA, 7), from(SITE, 10)] }, { ...A(7), origin: ANNA, reported: true }],
  [
    'the report is above a profile that was asked for: it names the source that it has',
    { reported: A(10), sources: [maximum, from(SCS, 8), from(SITE, 10)] },
    { ...A(10), origin: SITE, reported: true },
  ],
  ['the report is the maximum although a profile was set', { reported: A(32), sources: [maximum, from(SCS, 8)] }, { ...A(32), origin: EVSE, reported: true }],
  ['the station reports less than anybody set', { reported: A(6), sources: [maximum, from(SCS, 16)] }, { ...A(6), origin: STATION, reported: true }],
  [
    'the station rounds down to whole amperes',
    { reported: A(10), sources: [maximum, from(SITE, 10.7), from(SCS, 16)] },
    { ...A(10), origin: SITE, reported: true },
  ],
  [
    'of two that match the closest is named',
    { reported: A(10), sources: [maximum, from(SCS, 10.7), from(SITE, 10)] },
    { ...A(10), origin: SITE, reported: true },
  ],
  [
    'a profile in W that the station reports in A',
    { reported: A(8), sources: [maximum, from(SCS, 5_600, { unit: 'W' })] },
    { ...A(8), origin: SCS, reported: true },
  ],
  [
    'a report that ends before the profile ends the limit earlier',
    { reported: { ...A(8), until: at }, sources: [from(SCS, 8, { until })] },
    { ...A(8), until: at, origin: SCS, reported: true },
  ],
  [
    'an end in the report that the node renews is no end',
    { reported: { ...A(10), until: at }, renewed: true, sources: [from(SITE, 10)] },
    { ...A(10), origin: SITE, reported: true },
  ],
  [
    'an own limit of the station ends as it reports',
    { reported: { ...A(6), until }, renewed: true, sources: [from(SCS, 16)] },
    { ...A(6), until, origin: STATION, reported: true },
  ],
  ['a computed profile is not a report', { reported: A(8), computed: true, sources: [from(SCS, 8)] }, { ...A(8), origin: SCS, reported: false }],
];

describe('CON-W01: the effective limit of a session, with its origin and its end', () => {
  test.each(cases)('%s', (_, known, expected) => expect(decide(known)).toEqual(expected));
});

describe('CON-W01: the limit of a profile now', () => {
  const steps = {
    unit: 'A' as const,
    periods: [
      { start: seconds(0), limit: amperes(8) },
      { start: seconds(600), limit: amperes(16) },
    ],
  };
  test('ends with its period, and counts from the start of charging without a start of its own', () => {
    expect(limitNow(steps, { started: at, now: at })).toEqual({ ...A(8), until: 1_600 });
    expect(limitNow(steps, { started: at, now: until })).toEqual(A(16));
    expect(limitNow(steps, { started: until, now: at })).toBeUndefined();
  });
  test('a reported profile ends only where another limit follows', () => {
    const active = { ...steps, start: at, duration: seconds(900) };
    expect(reportedNow(active, { started: at, now: at })).toEqual({ ...A(8), until: 1_600 });
    expect(reportedNow(active, { started: at, now: until })).toEqual(A(16));
    const inWatts = { unit: 'W' as const, start: at, duration: seconds(10), periods: [{ start: seconds(0), limit: watts(5) }] };
    expect(reportedNow(inWatts, { started: at, now: until })).toBeUndefined();
  });
});
