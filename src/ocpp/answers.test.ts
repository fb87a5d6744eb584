import { describe, expect, test } from 'vitest';
import { epochMillis } from '../domain/units.ts';
import { assumedAbilities } from './abilities.ts';
import { clearRequest, compositeRequest, setRequest } from './bare-station.fixture.ts';
import { type CallAnswer, compose, read, type WriteContext } from './dialect.ts';
import { dialects } from './dialects.ts';
import { openSchemas } from './schema.ts';
import type { StationAnswer, StationRequest } from './station.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

const context: WriteContext = { abilities: assumedAbilities, stackLevel: 1 };
const now = epochMillis(Date.parse('2026-03-10T07:30:00Z'));
const START = now / 1000;
const result = (payload: unknown): CallAnswer => ({ is: 'result', payload });
const readIn = async (dialect: (typeof dialects)[number], request: StationRequest, received: CallAnswer): Promise<StationAnswer> =>
  read(request, received, { dialect, schemas: await openSchemas(dialect.version), now }).answer;

describe('CP-15: answers to each request, in every version', () => {
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
    test('any other CALLERROR rejects only this request', async () => {
      const error: CallAnswer = { is: 'error', code: 'PropertyConstraintViolation', description: 'no connector 1' };
      expect(await readIn(dialect, setRequest, error)).toEqual({ is: 'REJECTED', because: 'PropertyConstraintViolation: no connector 1' });
    });
    test.each([{}, { status: 'Wonderful' }, [], null, 'Accepted'])('an invalid answer (%j) is a rejection', async (payload) => {
      expect(await readIn(dialect, setRequest, result(payload))).toMatchObject({ is: 'REJECTED', because: expect.stringContaining('malformed answer') });
    });
    test('CP-31: Accepted without a schedule is a rejection', async () => {
      expect(await readIn(dialect, compositeRequest, result({ status: 'Accepted' }))).toMatchObject({
        is: 'REJECTED',
        because: expect.stringContaining('no schedule'),
      });
    });
  });

  test('OCPP 1.6: set NotSupported means no smart charging', async () => {
    expect(await readIn(v16, setRequest, result({ status: 'NotSupported' }))).toEqual({ is: 'REJECTED', because: 'NotSupported', lacksSmartCharging: true });
  });
  test('OCPP 2.x: the StatusInfo becomes the reason', async () => {
    const rejected = result({ status: 'Rejected', statusInfo: { reasonCode: 'TxNotFound', additionalInfo: 'ended' } });
    expect(await readIn(v201, setRequest, rejected)).toEqual({ is: 'REJECTED', because: 'Rejected: TxNotFound: ended' });
  });
});

describe('the payloads of clear and composite requests', () => {
  test('a clear request names the id and nothing else', () => {
    expect(compose(v16, clearRequest, context)).toMatchObject({ value: { payload: { id: 42 } } });
    expect(compose(v201, clearRequest, context)).toMatchObject({ value: { payload: { chargingProfileId: 42 } } });
  });
  test('clearing by criteria names the EVSE, the purpose and the stack level, so that it clears only the node’s profile', async () => {
    const [ocpp16, v2x] = [v16.clearByCriteria(clearRequest, context), v201.clearByCriteria(clearRequest, context)];
    expect(ocpp16.payload).toEqual({ connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 });
    expect(v2x.payload).toEqual({ chargingProfileCriteria: { evseId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 } });
    expect((await openSchemas('1.6')).check('ClearChargingProfileRequest', ocpp16.payload).ok).toBe(true);
    expect((await openSchemas('2.0.1')).check('ClearChargingProfileRequest', v2x.payload).ok).toBe(true);
  });
  test('a composite schedule is requested in a unit that the station takes, or without a unit', () => {
    const only: WriteContext = { ...context, abilities: { ...assumedAbilities, units: ['W'] } };
    expect(compose(v16, compositeRequest, context)).toEqual({
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
  const ocpp16 = (over: object = {}, schedule: object = {}) =>
    result({ status: 'Accepted', connectorId: 1, chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: periods, ...schedule }, ...over });
  const v2x = (schedule: object = {}) =>
    result({
      status: 'Accepted',
      schedule: { evseId: 1, duration: 600, scheduleStart: '2026-03-10T07:30:00Z', chargingRateUnit: 'A', chargingSchedulePeriod: periods, ...schedule },
    });

  test.each<[string, CallAnswer, number]>([
    ['scheduleStart', ocpp16({ scheduleStart: '2026-03-10T08:30:10.250+01:00' }, { startSchedule: '2000-01-01T00:00:00Z' }), START + 10],
    ['startSchedule, against the errata', ocpp16({}, { startSchedule: '2026-03-10T07:30:10Z' }), START + 10],
    ['the moment of receipt', ocpp16(), START],
  ])('OCPP 1.6 counts from %s', async (_name, received, start) => {
    expect(await readIn(v16, compositeRequest, received)).toEqual(active({ start }));
  });
  test('OCPP 2.x counts from scheduleStart', async () => {
    expect(await readIn(v201, compositeRequest, v2x({ scheduleStart: '2026-03-10T07:30:10Z' }))).toEqual(active({ start: START + 10 }));
  });
  test('it ends at the earlier of the requested and the reported end, and the last period lasts until then', async () => {
    expect(await readIn(v16, compositeRequest, ocpp16({}, { duration: 8_638_204_675_089 }))).toEqual(active());
    expect(await readIn(v16, compositeRequest, ocpp16({}, { duration: 169 }))).toEqual(active({ duration: 169, periods: [{ start: 0, limit: 10 }] }));
  });
  test('the unit of the answer is used', async () => {
    const inWatts = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 4000 }] };
    expect(await readIn(v201, compositeRequest, v2x(inWatts))).toEqual(active({ unit: 'W', periods: [{ start: 0, limit: 4000 }] }));
  });
  test.each([-1, 999_999])('a limit of %d means no limit: the maximum of the EVSE is used', async (limit) => {
    expect(await readIn(v16, compositeRequest, ocpp16({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: -1 }] }))).toEqual(
      active({ periods: [{ start: 0, limit: 32 }] }),
    );
  });
  test('8.1 from a 32-bit float is 8.1', async () => {
    expect(await readIn(v16, compositeRequest, ocpp16({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: 8.100000381469727 }] }))).toEqual(
      active({ periods: [{ start: 0, limit: 8.1 }] }),
    );
  });
  test('an empty list of periods is a rejection', async () => {
    expect((await readIn(v16, compositeRequest, ocpp16({}, { chargingSchedulePeriod: [] }))).is).toBe('REJECTED');
    expect((await readIn(v201, compositeRequest, v2x({ chargingSchedulePeriod: [] }))).is).toBe('REJECTED');
  });
  test.each([
    { what: 'no limit', unit: 'A', limits: {}, limit: 32 },
    { what: 'a limit for each phase', unit: 'A', limits: { limit: 16, limit_L2: 10, limit_L3: 12 }, limit: 10 },
    { what: 'a power for each phase', unit: 'W', limits: { limit: 1000, limit_L2: 2000, limit_L3: 500 }, limit: 3500 },
    { what: 'one limit', unit: 'A', limits: { limit: 16 }, limit: 16 },
  ])('OCPP 2.1: a period may have $what', async ({ unit, limits, limit }) => {
    const schedule = { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, ...limits }] };
    expect(await readIn(v21, compositeRequest, v2x(schedule))).toEqual(active({ unit, periods: [{ start: 0, limit }] }));
  });
});
