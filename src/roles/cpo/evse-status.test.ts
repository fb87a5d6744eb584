import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import { amperes, volts } from '../../domain/units.ts';
import { evseStatusOf, type StationSnapshot } from './evse-status.ts';

const evse: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
const said = (status: string, evseId = 1, connectorId = 1) => ({ evseId, connectorId, status });
const at = (now: Partial<StationSnapshot>) => evseStatusOf(evse, { online: true, heard: [], sessions: [], ...now });

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
  ])('%s is %s', (word, status) => {
    expect(at({ heard: [said(word)] })).toBe(status);
  });

  test('is UNKNOWN while its station is away, and while the station has said nothing of it', () => {
    expect(at({ online: false, heard: [said('Available')], sessions: [{ evseUid: 'E1', status: 'ACTIVE' }] })).toBe('UNKNOWN');
    expect(at({})).toBe('UNKNOWN');
    expect(at({ heard: [said('Available', 2)] })).toBe('UNKNOWN');
  });

  test('is CHARGING while a session of its own runs', () => {
    for (const status of ['PENDING', 'ACTIVE']) expect(at({ heard: [said('Available')], sessions: [{ evseUid: 'E1', status }] })).toBe('CHARGING');
    expect(at({ heard: [said('Available')], sessions: [{ evseUid: 'E2', status: 'ACTIVE' }] })).toBe('AVAILABLE');
  });

  test('is RESERVED for a reservation of ours as long as it could be used otherwise', () => {
    const sessions = [{ evseUid: 'E1', status: 'RESERVATION' }];
    expect(at({ heard: [said('Available')], sessions })).toBe('RESERVED');
    expect(at({ heard: [said('Faulted')], sessions })).toBe('OUTOFORDER');
  });

  test('a station that is out of order as a whole says so of each EVSE; when it is well again, each speaks for itself', () => {
    expect(at({ heard: [said('Faulted', 0, 0), said('Available')] })).toBe('OUTOFORDER');
    expect(at({ heard: [said('Unavailable', 0, 0), said('Available')] })).toBe('INOPERATIVE');
    expect(at({ heard: [said('Available', 0, 0), said('Faulted')] })).toBe('OUTOFORDER');
  });

  test('a car at one of its connectors takes it whole; else the connector of the configuration speaks', () => {
    expect(at({ heard: [said('Available', 1, 1), said('Occupied', 1, 2)] })).toBe('BLOCKED');
    expect(at({ heard: [said('Available', 1, 1), said('Faulted', 1, 2)] })).toBe('AVAILABLE');
  });

  test('OCPP 1.6 numbers connectors through the station: the second EVSE is its connector 2', () => {
    const heard = [said('Available', 1, 1), said('Faulted', 2, 2)];
    expect(evseStatusOf({ ...evse, evseId: 2 }, { online: true, heard, sessions: [] })).toBe('OUTOFORDER');
  });
});
