import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import { amperes, epochMillis, volts, watts } from '../../domain/units.ts';
import { editions } from '../../ocpi/editions.ts';
import { Location, type WireLocation } from '../../ocpi/locations/location.ts';
import { problemWith } from '../../ocpi/problem.ts';
import { buildLocation, type EvseSnapshot, type LocationDescription } from './build-location.ts';

const nine = epochMillis(Date.UTC(2026, 0, 31, 9));
const ten = epochMillis(Date.UTC(2026, 0, 31, 10));
const evse: Evse = { uid: 'E1', evseId: 1, connectorId: 3, powerType: 'AC_3_PHASE', maxVoltage: volts(230.9), maxAmperage: amperes(32) };
const usual: EvseSnapshot = {
  evse,
  plug: { standard: 'IEC_62196_T2', format: 'SOCKET' },
  status: 'AVAILABLE',
  followsProfiles: false,
  readsCards: true,
  followsPreferences: false,
};
const second: EvseSnapshot = { ...usual, evse: { ...evse, uid: 'E2' } };
const described: LocationDescription = {
  country_code: 'NL',
  party_id: 'EVK',
  id: 'LOC1',
  publish: true,
  name: 'Garage',
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CN',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
};
const first = buildLocation(described, [usual, second], { before: undefined, now: nine });
const next = (evses: readonly EvseSnapshot[], more: { site?: LocationDescription; before?: WireLocation } = {}) =>
  buildLocation(more.site ?? described, evses, { before: more.before ?? first, now: ten });
/** The hours of last_updated: of the location, its EVSEs and their connectors. */
const updatedAt = ({ last_updated, evses = [] }: WireLocation) => {
  const hour = (text: string) => Number(text.slice(11, 13));
  return [hour(last_updated), ...evses.map((it) => [hour(it.last_updated), ...it.connectors.map((c) => hour(c.last_updated))])];
};

describe('an own location', () => {
  test('is valid in both editions, with the configured values', () => {
    for (const edition of editions) expect(problemWith(Location[edition], first)).toBeUndefined();
    expect(first).toMatchObject({ ...described, evses: [{ uid: 'E1', status: 'AVAILABLE' }, { uid: 'E2' }] });
    expect(first.evses?.[0]?.connectors).toEqual([
      {
        id: '3',
        standard: 'IEC_62196_T2',
        format: 'SOCKET',
        power_type: 'AC_3_PHASE',
        max_voltage: 230,
        max_amperage: 32,
        last_updated: '2026-01-31T09:00:00.000Z',
      },
    ]);
    const limited = next([{ ...usual, evse: { ...evse, maxPower: watts(11_000) } }]);
    expect(limited.evses?.[0]?.connectors[0]).toMatchObject({ max_electric_power: 11_000 });
  });

  test('TRN-45: has #NA for each required text that is not configured, and is still valid', () => {
    const bare = buildLocation({ country_code: 'NL', party_id: 'EVK', id: 'LOC1', publish: false }, [usual], { before: undefined, now: nine });
    for (const edition of editions) expect(problemWith(Location[edition], bare)).toBeUndefined();
    expect(bare).toMatchObject({ publish: false, address: '#NA', city: '#NA', country: '#NA', time_zone: '#NA' });
    expect(bare.coordinates).toEqual({ latitude: '#NA', longitude: '#NA' });
    for (const field of ['name', 'postal_code']) expect(bare).not.toHaveProperty(field);
  });

  test('has only the real capabilities of each EVSE, and never remote start', () => {
    const capabilities = (more: Partial<EvseSnapshot>) => next([{ ...usual, ...more }]).evses?.[0]?.capabilities;
    expect(capabilities({})).toEqual(['RFID_READER']);
    expect(capabilities({ readsCards: false })).toEqual([]);
    expect(capabilities({ followsProfiles: true })).toEqual(['CHARGING_PROFILE_CAPABLE', 'RFID_READER']);
    expect(capabilities({ followsPreferences: true })).toEqual(['CHARGING_PREFERENCES_CAPABLE', 'RFID_READER']);
  });
});

describe('last_updated of an own location', () => {
  test('stays when nothing changed, also after storing and reading', () => {
    expect(next([usual, second], { before: JSON.parse(JSON.stringify(first)) })).toEqual(first);
  });

  test('LOC-04: changes for an EVSE and for the location when that EVSE changed', () => {
    expect(updatedAt(next([{ ...usual, status: 'CHARGING' }, second]))).toEqual([10, [10, 9], [9, 9]]);
  });

  test('LOC-04: changes for a connector, its EVSE and the location when that connector changed', () => {
    expect(updatedAt(next([usual, { ...second, plug: { standard: 'IEC_62196_T2', format: 'CABLE' } }]))).toEqual([10, [9, 9], [10, 10]]);
  });

  test('changes only for the location when only it changed', () => {
    expect(updatedAt(next([usual, second], { site: { ...described, name: 'Garage West' } }))).toEqual([10, [9, 9], [9, 9]]);
  });

  test('stays for a connector that was stored beside another one', () => {
    const [one] = first.evses ?? [];
    const [socket] = one?.connectors ?? [];
    if (!one || !socket) throw new Error('the location has an EVSE with a connector');
    const before = { ...first, evses: [{ ...one, connectors: [{ ...socket, id: '9' }, socket] }] };
    expect(updatedAt(next([usual], { before }))).toEqual([10, [10, 9]]);
  });

  test('increases also when two changes happen in the same millisecond', () => {
    const hurried = buildLocation(described, [{ ...usual, status: 'BLOCKED' }, second], { before: first, now: nine });
    expect(hurried.last_updated).toBe('2026-01-31T09:00:00.001Z');
  });
});

test('LOC-01: an EVSE that no longer exists becomes REMOVED once; one that exists again gets its status back', () => {
  const removed = next([usual]);
  expect(removed.evses?.map(({ uid, status }) => [uid, status])).toEqual([
    ['E1', 'AVAILABLE'],
    ['E2', 'REMOVED'],
  ]);
  expect(buildLocation(described, [usual], { before: removed, now: epochMillis(ten + 1000) })).toEqual(removed);
  expect(next([usual, second], { before: removed }).evses?.[1]?.status).toBe('AVAILABLE');
});
