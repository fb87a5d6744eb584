import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import { amperes, volts } from '../../domain/units.ts';
import { evseStatusOf, type StationSnapshot } from './evse-status.ts';

const evse: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
const reported = (name: string, evseId = 1, connectorId = 1) => ({ evseId, connectorId, status: name });
const at = (now: Partial<StationSnapshot>) => evseStatusOf(evse, { online: true, statuses: [], sessions: [], ...now });

describe('the status of an EVSE', () => {
  test.each([
    ['Available', 'AVAILABLE'],
    ['Preparing', 'BLOCKED'],
    ['Charging', 'CHARGING'],
    ['SuspendedEV', 'CHARGING'],
    ['SuspendedEVSE', 'CHARGING'],
    ['Finishing', 'BLOCKED'],
    ['Occupied', 'BLOCKED'],
    ['Reserved', 'RESERVED'],
    ['Unavailable', 'INOPERATIVE'],
    ['Faulted', 'OUTOFORDER'],
    ['SomethingElse', 'UNKNOWN'],
  ])('%s is %s', (name, status) => {
    expect(at({ statuses: [reported(name)] })).toBe(status);
  });

  test('is UNKNOWN while its station is offline, and while no status of it was received', () => {
    expect(at({ online: false, statuses: [reported('Available')], sessions: [{ evseUid: 'E1', status: 'ACTIVE' }] })).toBe('UNKNOWN');
    expect(at({})).toBe('UNKNOWN');
    expect(at({ statuses: [reported('Available', 2)] })).toBe('UNKNOWN');
  });

  test('is CHARGING while a session at it runs', () => {
    for (const status of ['PENDING', 'ACTIVE']) expect(at({ statuses: [reported('Available')], sessions: [{ evseUid: 'E1', status }] })).toBe('CHARGING');
    expect(at({ statuses: [reported('Available')], sessions: [{ evseUid: 'E2', status: 'ACTIVE' }] })).toBe('AVAILABLE');
  });

  test.each([
    ['its connector', [reported('Faulted')], 'OUTOFORDER'],
    ['its whole station', [reported('Faulted', 0, 0)], 'OUTOFORDER'],
    ['its station, while its connector says that it charges', [reported('Faulted', 0, 0), reported('Charging')], 'CHARGING'],
    ['nothing, and the connector is unavailable after the transaction', [reported('Unavailable')], 'CHARGING'],
  ] as const)('F-53: with a session and a fault of %s', (_, statuses, status) => {
    for (const session of ['PENDING', 'ACTIVE']) expect(at({ statuses, sessions: [{ evseUid: 'E1', status: session }] })).toBe(status);
  });

  test('is RESERVED for a reservation while it is otherwise available', () => {
    const sessions = [{ evseUid: 'E1', status: 'RESERVATION' }];
    expect(at({ statuses: [reported('Available')], sessions })).toBe('RESERVED');
    expect(at({ statuses: [reported('Faulted')], sessions })).toBe('OUTOFORDER');
  });

  test('a fault of the whole station applies to each EVSE; after it each has its own status', () => {
    expect(at({ statuses: [reported('Faulted', 0, 0), reported('Available')] })).toBe('OUTOFORDER');
    expect(at({ statuses: [reported('Unavailable', 0, 0), reported('Available')] })).toBe('INOPERATIVE');
    expect(at({ statuses: [reported('Available', 0, 0), reported('Faulted')] })).toBe('OUTOFORDER');
    expect(at({ statuses: [reported('Faulted', 2), reported('Available')] })).toBe('AVAILABLE');
  });

  test('a car at one connector blocks the EVSE; otherwise the configured connector decides', () => {
    expect(at({ statuses: [reported('Available', 1, 1), reported('Occupied', 1, 2)] })).toBe('BLOCKED');
    expect(at({ statuses: [reported('Available', 1, 1), reported('Charging', 1, 2)] })).toBe('CHARGING');
    expect(at({ statuses: [reported('Faulted', 1, 2), reported('Available', 1, 1)] })).toBe('AVAILABLE');
    expect(at({ statuses: [reported('Available', 1, 1), reported('Faulted', 1, 2)] })).toBe('AVAILABLE');
  });

  test('OCPP 1.6 numbers the connectors of the station: the second EVSE is connector 2', () => {
    const statuses = [reported('Available', 1, 1), reported('Faulted', 2, 2)];
    expect(evseStatusOf({ ...evse, evseId: 2 }, { online: true, statuses, sessions: [] })).toBe('OUTOFORDER');
  });
});
