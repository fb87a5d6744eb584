import { describe, expect, test } from 'vitest';
import { openSchemas } from './schema.ts';

const stop = { transactionId: 7, meterStop: 2000, timestamp: '2026-03-10T07:30:00Z' };
const problemOf = async (name: string, payload: unknown) => {
  const checked = (await openSchemas('1.6')).check(name, payload);
  return checked.ok ? 'none' : `${checked.problem.kind}: ${checked.problem.problem}`;
};

describe('the official schemas with tolerance for known faults', () => {
  test.each<[string, object]>([
    ['a time with an offset', { timestamp: '2026-03-10T09:30:00+02:00' }],
    ['fractions of a second', { timestamp: '2026-03-10T07:30:00.123456Z' }],
    ['a vendor-specific field', { vendorSpecific: { a: 1 } }],
    ['null instead of a missing field', { idTag: null, reason: null }],
  ])('%s is accepted', async (_what, tolerated) => {
    expect(await problemOf('StopTransactionRequest', { ...stop, ...tolerated })).toBe('none');
  });

  test('limits from 32-bit floats are accepted as multiples of 0.1', async () => {
    const chargingSchedule = {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [8.1, 8.100000381469727, 22000.099609375].map((limit) => ({ startPeriod: 0, limit })),
    };
    expect(await problemOf('GetCompositeScheduleResponse', { status: 'Accepted', chargingSchedule })).toBe('none');
  });

  test.each<[string, string, unknown]>([
    ['type: meterStop must be integer', 'StopTransactionRequest', { ...stop, meterStop: '2000' }],
    ["occurrence: payload must have required property 'transactionId'", 'StopTransactionRequest', { meterStop: 1, timestamp: stop.timestamp }],
    ["occurrence: payload must have required property 'idTag'", 'AuthorizeRequest', { idTag: null }],
    ['property: timestamp must match format "date-time"', 'StopTransactionRequest', { ...stop, timestamp: 'yesterday' }],
    ['property: idTag must NOT have more than 20 characters', 'StopTransactionRequest', { ...stop, idTag: 'x'.repeat(21) }],
    ['property: status must be equal to one of the allowed values: Accepted, Rejected, NotSupported', 'SetChargingProfileResponse', { status: 'Maybe' }],
    ['format: payload is not an object', 'StopTransactionRequest', [stop]],
    ['format: payload is not an object', 'StopTransactionRequest', null],
  ])('%s', async (problem, name, payload) => {
    expect(await problemOf(name, payload)).toBe(problem);
  });
});
