import { describe, expect, test } from 'vitest';
import { epochMillis } from '../domain/units.ts';
import { assumed } from './abilities.ts';
import { clearRequest, compositeRequest, setRequest } from './bare-station.fixture.ts';
import { compose, type Outcome, read, type Ways } from './dialect.ts';
import { dialects } from './dialects.ts';
import { openBook } from './schema.ts';
import type { StationAnswer, StationRequest } from './station.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

const ways: Ways = { abilities: assumed, stackLevel: 1 };
const now = epochMillis(Date.parse('2026-03-10T07:30:00Z'));
const START = now / 1000;
const result = (payload: unknown): Outcome => ({ is: 'result', payload });
const readIn = async (dialect: (typeof dialects)[number], request: StationRequest, outcome: Outcome): Promise<StationAnswer> =>
  read(request, outcome, { dialect, book: await openBook(dialect.version), now }).answer;

describe('CP-15: results, in every version', () => {
  describe.each(dialects.map((dialect) => [dialect.version, dialect] as const))('OCPP %s', (_version, dialect) => {
    test.each<[string, StationRequest, { payload: unknown; answer: StationAnswer }]>([
      ['set Accepted', setRequest, { payload: { status: 'Accepted' }, answer: { is: 'ACCEPTED' } }],
      ['set Rejected', setRequest, { payload: { status: 'Rejected' }, answer: { is: 'REJECTED', because: 'Rejected' } }],
      ['clear Accepted', clearRequest, { payload: { status: 'Accepted' }, answer: { is: 'ACCEPTED' } }],
      ['clear Unknown', clearRequest, { payload: { status: 'Unknown' }, answer: { is: 'UNKNOWN' } }],
      ['composite Rejected', compositeRequest, { payload: { status: 'Rejected' }, answer: { is: 'REJECTED', because: 'Rejected' } }],
    ])('%s', async (_name, request, { payload, answer }) => {
      expect(await readIn(dialect, request, result(payload))).toEqual(answer);
    });
    test.each([setRequest, clearRequest, compositeRequest])('CP-10: NotImplemented and NotSupported mean no smart charging ($kind)', async (request) => {
      for (const code of ['NotImplemented', 'NotSupported']) {
        expect(await readIn(dialect, request, { is: 'error', code, description: '' })).toEqual({ is: 'REJECTED', because: code, lacksSmartCharging: true });
      }
    });
    test('any other error is a rejection of this once', async () => {
      const error: Outcome = { is: 'error', code: 'PropertyConstraintViolation', description: 'no connector 1' };
      expect(await readIn(dialect, setRequest, error)).toEqual({ is: 'REJECTED', because: 'PropertyConstraintViolation: no connector 1' });
    });
    test.each([{}, { status: 'Wonderful' }, [], null, 'Accepted'])('an answer that is none (%j) is a rejection', async (payload) => {
      expect(await readIn(dialect, setRequest, result(payload))).toMatchObject({ is: 'REJECTED', because: expect.stringContaining('malformed answer') });
    });
    test('CP-31: Accepted without a schedule shows no profile', async () => {
      expect(await readIn(dialect, compositeRequest, result({ status: 'Accepted' }))).toMatchObject({
        is: 'REJECTED',
        because: expect.stringContaining('no schedule'),
      });
    });
  });

  test('OCPP 1.6: set NotSupported means no smart charging', async () => {
    expect(await readIn(v16, setRequest, result({ status: 'NotSupported' }))).toEqual({ is: 'REJECTED', because: 'NotSupported', lacksSmartCharging: true });
  });
  test('OCPP 2.x: the reason goes to the log', async () => {
    const rejected = result({ status: 'Rejected', statusInfo: { reasonCode: 'TxNotFound', additionalInfo: 'ended' } });
    expect(await readIn(v201, setRequest, rejected)).toEqual({ is: 'REJECTED', because: 'Rejected: TxNotFound: ended' });
  });
});

describe('what is asked', () => {
  test('clear goes by id and nothing else', () => {
    expect(compose(v16, clearRequest, ways)).toMatchObject({ value: { payload: { id: 42 } } });
    expect(compose(v201, clearRequest, ways)).toMatchObject({ value: { payload: { chargingProfileId: 42 } } });
  });
  test('the last resort names connector, purpose and level, so that it can clear nothing but ours', async () => {
    const [old, young] = [v16.clearByCriteria(clearRequest, ways), v201.clearByCriteria(clearRequest, ways)];
    expect(old.payload).toEqual({ connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 });
    expect(young.payload).toEqual({ chargingProfileCriteria: { evseId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 } });
    expect((await openBook('1.6')).check('ClearChargingProfileRequest', old.payload).ok).toBe(true);
    expect((await openBook('2.0.1')).check('ClearChargingProfileRequest', young.payload).ok).toBe(true);
  });
  test('a composite schedule is asked in a unit that the station keeps, or in none', () => {
    const only: Ways = { ...ways, abilities: { ...assumed, units: ['W'] } };
    expect(compose(v16, compositeRequest, ways)).toEqual({
      ok: true,
      value: { action: 'GetCompositeSchedule', payload: { connectorId: 1, duration: 600, chargingRateUnit: 'A' } },
    });
    expect(compose(v16, compositeRequest, only)).toMatchObject({ value: { payload: { connectorId: 1, duration: 600 } } });
    expect(compose(v201, compositeRequest, only)).toEqual({ ok: true, value: { action: 'GetCompositeSchedule', payload: { evseId: 1, duration: 600 } } });
  });
});

describe('a composite schedule becomes the active profile', () => {
  const periods = [
    { startPeriod: 0, limit: 10 },
    { startPeriod: 300, limit: 6 },
  ];
  const active = (over: object = {}) => ({
    is: 'ACCEPTED',
    activeProfile: {
      unit: 'A',
      start: START,
      duration: 600,
      periods: [
        { start: 0, limit: 10 },
        { start: 300, limit: 6 },
      ],
      ...over,
    },
  });
  const old = (over: object = {}, schedule: object = {}) =>
    result({ status: 'Accepted', connectorId: 1, chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: periods, ...schedule }, ...over });
  const young = (schedule: object = {}) =>
    result({
      status: 'Accepted',
      schedule: { evseId: 1, duration: 600, scheduleStart: '2026-03-10T07:30:00Z', chargingRateUnit: 'A', chargingSchedulePeriod: periods, ...schedule },
    });

  test.each<[string, Outcome, number]>([
    ['scheduleStart', old({ scheduleStart: '2026-03-10T08:30:10.250+01:00' }, { startSchedule: '2000-01-01T00:00:00Z' }), START + 10],
    ['startSchedule, against the errata', old({}, { startSchedule: '2026-03-10T07:30:10Z' }), START + 10],
    ['the moment of receipt', old(), START],
  ])('OCPP 1.6 counts from %s', async (_name, outcome, start) => {
    expect(await readIn(v16, compositeRequest, outcome)).toEqual(active({ start }));
  });
  test('OCPP 2.x counts from scheduleStart', async () => {
    expect(await readIn(v201, compositeRequest, young({ scheduleStart: '2026-03-10T07:30:10Z' }))).toEqual(active({ start: START + 10 }));
  });
  test('it ends when either ends, and the last period runs to there', async () => {
    expect(await readIn(v16, compositeRequest, old({}, { duration: 8_638_204_675_089 }))).toEqual(active());
    expect(await readIn(v16, compositeRequest, old({}, { duration: 169 }))).toEqual(active({ duration: 169, periods: [{ start: 0, limit: 10 }] }));
  });
  test('the unit of the answer counts', async () => {
    const inWatts = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 4000 }] };
    expect(await readIn(v201, compositeRequest, young(inWatts))).toEqual(active({ unit: 'W', periods: [{ start: 0, limit: 4000 }] }));
  });
  test.each([-1, 999_999])('a limit of %d is none: the EVSE’s maximum', async (limit) => {
    expect(await readIn(v16, compositeRequest, old({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: -1 }] }))).toEqual(
      active({ periods: [{ start: 0, limit: 32 }] }),
    );
  });
  test('8.1 that went through a 32-bit float is 8.1', async () => {
    expect(await readIn(v16, compositeRequest, old({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: 8.100000381469727 }] }))).toEqual(
      active({ periods: [{ start: 0, limit: 8.1 }] }),
    );
  });
  test('an empty list of periods shows no profile', async () => {
    expect((await readIn(v16, compositeRequest, old({}, { chargingSchedulePeriod: [] }))).is).toBe('REJECTED');
    expect((await readIn(v201, compositeRequest, young({ chargingSchedulePeriod: [] }))).is).toBe('REJECTED');
  });
  test.each([
    { what: 'no limit', unit: 'A', limits: {}, limit: 32 },
    { what: 'a limit for each phase', unit: 'A', limits: { limit: 16, limit_L2: 10, limit_L3: 12 }, limit: 10 },
    { what: 'a power for each phase', unit: 'W', limits: { limit: 1000, limit_L2: 2000, limit_L3: 500 }, limit: 3500 },
    { what: 'one limit', unit: 'A', limits: { limit: 16 }, limit: 16 },
  ])('OCPP 2.1: a period may have $what', async ({ unit, limits, limit }) => {
    const schedule = { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, ...limits }] };
    expect(await readIn(v21, compositeRequest, young(schedule))).toEqual(active({ unit, periods: [{ start: 0, limit }] }));
  });
});
