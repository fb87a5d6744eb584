import { describe, expect, test } from 'vitest';
import type { WireConnector } from '../../ocpi/locations/connector.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { patchConnector, patchEvse, patchLocation, putConnector, putEvse, putLocation, type ReceivedLocation } from './receive-location.ts';

const hour = (n: number) => `2026-01-31T${String(n).padStart(2, '0')}:00:00Z`;
const connector = (id: string, at: number, more: Partial<WireConnector> = {}): WireConnector => ({
  id,
  standard: 'IEC_62196_T2',
  format: 'SOCKET',
  power_type: 'AC_3_PHASE',
  max_voltage: 230,
  max_amperage: 32,
  last_updated: hour(at),
  ...more,
});
const evse = (uid: string, at: number, more: Partial<WireEvse> = {}): WireEvse => ({
  uid,
  status: 'AVAILABLE',
  connectors: [connector('1', at)],
  last_updated: hour(at),
  ...more,
});
const location = (at: number, more: Partial<WireLocation> = {}): WireLocation => ({
  country_code: 'NL',
  party_id: 'CPO',
  id: 'LOC1',
  publish: true,
  address: 'Street 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
  evses: [evse('E1', at), evse('E2', at)],
  last_updated: hour(at),
  ...more,
});
const stored = (received: ReceivedLocation) => ('location' in received ? received.location : undefined);

describe('a PUT of a location', () => {
  test('TRN-31: replaces the stored location, unless it is older', () => {
    expect(putLocation(undefined, location(9))).toEqual({ is: 'CREATED', location: location(9) });
    const shorter = location(10, { evses: [] });
    expect(putLocation(location(9, { name: 'Garage' }), shorter)).toEqual({ is: 'CHANGED', location: shorter });
    expect(putLocation(location(9), location(8))).toEqual({ is: 'OLDER' });
    expect(putLocation(location(9), location(9, { name: 'Garage' }))).toEqual({ is: 'CHANGED', location: location(9, { name: 'Garage' }) });
  });
});

describe('a PUT of an EVSE', () => {
  test('adds or replaces it, and its location is as new as it', () => {
    expect(putEvse(location(9), evse('E3', 10))).toEqual({
      is: 'CREATED',
      location: location(9, { evses: [evse('E1', 9), evse('E2', 9), evse('E3', 10)], last_updated: hour(10) }),
    });
    const changed = putEvse(location(9), evse('e1', 10, { status: 'BLOCKED' }));
    expect(changed).toMatchObject({ is: 'CHANGED', location: { evses: [{ uid: 'e1', status: 'BLOCKED' }, { uid: 'E2' }], last_updated: hour(10) } });
  });

  test('is the first EVSE of a location without any', () => {
    const { evses: _, ...bare } = location(9);
    expect(putEvse(bare, evse('E1', 10))).toEqual({ is: 'CREATED', location: { ...bare, evses: [evse('E1', 10)], last_updated: hour(10) } });
  });

  test('never makes its location older', () => {
    expect(stored(putEvse(location(9), evse('E3', 8)))?.last_updated).toBe(hour(9));
  });

  test('is ignored when the stored EVSE is newer or its location is unknown', () => {
    expect(putEvse(location(9), evse('E1', 8))).toEqual({ is: 'OLDER' });
    expect(putEvse(undefined, evse('E1', 9))).toEqual({ is: 'UNKNOWN' });
  });
});

describe('a PUT of a connector', () => {
  test('adds or replaces it, and its EVSE and location are as new as it', () => {
    expect(putConnector(location(9), { evse_uid: 'E1' }, connector('2', 10)).is).toBe('CREATED');
    expect(putConnector(location(9), { evse_uid: 'E1' }, connector('1', 10)).is).toBe('CHANGED');
    const added = stored(putConnector(location(9), { evse_uid: 'E1' }, connector('2', 10)));
    expect([added?.last_updated, added?.evses?.[0]?.last_updated, added?.evses?.[1]?.last_updated]).toEqual([hour(10), hour(10), hour(9)]);
    expect(added?.evses?.[0]?.connectors.map((it) => it.id)).toEqual(['1', '2']);
    expect(putConnector(location(9), { evse_uid: 'E1' }, connector('1', 8))).toEqual({ is: 'OLDER' });
    expect(putConnector(location(9), { evse_uid: 'E9' }, connector('1', 10))).toEqual({ is: 'UNKNOWN' });
  });
});

describe('a PATCH', () => {
  test('TRN-32: of a location keeps the fields and EVSEs that it does not contain', () => {
    const change = { name: 'Garage', evses: [evse('E2', 10, { status: 'REMOVED' })], last_updated: hour(10) };
    expect(stored(patchLocation(location(9), change))).toEqual(
      location(9, { name: 'Garage', evses: [evse('E1', 9), evse('E2', 10, { status: 'REMOVED' })], last_updated: hour(10) }),
    );
  });

  test('TRN-32: of a location without EVSEs keeps the stored ones', () => {
    expect(patchLocation(location(9), { name: 'Garage', last_updated: hour(10) })).toEqual({
      is: 'CHANGED',
      location: location(10, { name: 'Garage', evses: [evse('E1', 9), evse('E2', 9)] }),
    });
  });

  test('TRN-32: of an EVSE and of a connector keeps the fields that they do not contain', () => {
    expect(patchEvse(location(9), { evse_uid: 'E1' }, { last_updated: hour(10) }).is).toBe('CHANGED');
    expect(patchConnector(location(9), { evse_uid: 'E1', connector_id: '1' }, { last_updated: hour(10) }).is).toBe('CHANGED');
    expect(stored(patchEvse(location(9), { evse_uid: 'e2' }, { status: 'CHARGING', last_updated: hour(10) }))).toEqual(
      location(9, { evses: [evse('E1', 9), { ...evse('E2', 9), status: 'CHARGING', last_updated: hour(10) }], last_updated: hour(10) }),
    );
    const lower = stored(patchConnector(location(9), { evse_uid: 'E1', connector_id: '1' }, { max_amperage: 16, last_updated: hour(10) }));
    expect(lower?.evses?.[0]).toEqual(evse('E1', 10, { connectors: [connector('1', 10, { max_amperage: 16 })] }));
    expect(lower?.last_updated).toBe(hour(10));
  });

  test('is ignored when the stored object is newer or unknown', () => {
    const at = (n: number) => ({ last_updated: hour(n) });
    expect(patchLocation(location(9), at(8))).toEqual({ is: 'OLDER' });
    expect(patchEvse(location(9), { evse_uid: 'E1' }, at(8))).toEqual({ is: 'OLDER' });
    expect(patchConnector(location(9), { evse_uid: 'E1', connector_id: '1' }, at(8))).toEqual({ is: 'OLDER' });
    const { evses: _, ...bare } = location(9);
    expect(patchEvse(bare, { evse_uid: 'E1' }, at(10))).toEqual({ is: 'UNKNOWN' });
    expect(patchLocation(undefined, at(10))).toEqual({ is: 'UNKNOWN' });
    expect(patchEvse(location(9), { evse_uid: 'E9' }, at(10))).toEqual({ is: 'UNKNOWN' });
    expect(patchConnector(location(9), { evse_uid: 'E1', connector_id: '9' }, at(10))).toEqual({ is: 'UNKNOWN' });
  });
});
