import { describe, expect, test } from 'vitest';
import { editions } from '../editions.ts';
import { readLeniently } from '../patience/read-leniently.ts';
import { problemWith } from '../problem.ts';
import { Connector, ConnectorPatch } from './connector.ts';
import { Evse, EvsePatch } from './evse.ts';
import { Location, LocationPatch } from './location.ts';

const at = '2026-01-31T09:30:00Z';
const connector = {
  id: '1',
  standard: 'IEC_62196_T2',
  format: 'SOCKET',
  power_type: 'AC_3_PHASE',
  max_voltage: 230,
  max_amperage: 32,
  max_electric_power: 22_080,
  tariff_ids: ['T1'],
  terms_and_conditions: 'https://exa.example/terms',
  last_updated: at,
};
const picture = { url: 'https://exa.example/1.png', thumbnail: 'https://exa.example/1s.png', category: 'CHARGER', type: 'png', width: 800, height: 600 };
const evse = {
  uid: 'E1',
  evse_id: 'NL*EXA*E1',
  status: 'AVAILABLE',
  status_schedule: [{ period_begin: at, period_end: at, status: 'OUTOFORDER' }],
  capabilities: ['CHARGING_PROFILE_CAPABLE', 'RFID_READER'],
  connectors: [connector],
  floor_level: '-1',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  physical_reference: '7',
  directions: [{ language: 'nl', text: 'Achter de lift' }],
  parking_restrictions: ['EV_ONLY'],
  images: [picture],
  last_updated: at,
};
/** Has every field that is in both editions. */
const location = {
  country_code: 'NL',
  party_id: 'EXA',
  id: 'LOC1',
  publish: false,
  publish_allowed_to: [{ uid: 'C1', type: 'RFID' }, { visual_number: '1-2', issuer: 'Exa' }, { group_id: 'G1' }],
  name: 'De Garage',
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CN',
  state: 'Noord-Holland',
  country: 'NLD',
  coordinates: { latitude: '-52.374031', longitude: '-104.889695' },
  related_locations: [{ latitude: '52.37403', longitude: '4.88969', name: { language: 'en', text: 'Entrance' } }],
  parking_type: 'PARKING_GARAGE',
  evses: [evse],
  directions: [{ language: 'en', text: 'Left of the church' }],
  operator: { name: 'Exa', website: 'https://exa.example', logo: picture },
  suboperator: { name: 'Sub' },
  owner: { name: 'Own' },
  facilities: ['CAFE', 'TRAIN_STATION'],
  time_zone: 'Europe/Amsterdam',
  opening_times: {
    twentyfourseven: false,
    regular_hours: [{ weekday: 1, period_begin: '07:00', period_end: '18:00' }],
    exceptional_openings: [{ period_begin: at, period_end: at }],
    exceptional_closings: [{ period_begin: at, period_end: at }],
  },
  charging_when_closed: true,
  images: [picture],
  energy_mix: {
    is_green_energy: false,
    energy_sources: [{ source: 'WIND', percentage: 70.5 }],
    environ_impact: [{ category: 'CARBON_DIOXIDE', amount: 120 }],
    supplier_name: 'Stroom',
    energy_product_name: 'Eco',
  },
  last_updated: at,
};
const parking = { id: 'P1', vehicle_types: ['VAN', 'HOVERCRAFT'], restricted_to_type: false, reservation_required: true, direction: 'ANGLE', time_limit: 30 };
/** Has every field that is new in 2.3.0, too. */
const location230 = {
  ...location,
  help_phone: '+31 20 1234567',
  parking_places: [parking],
  evses: [
    {
      ...evse,
      parking: [{ parking_id: 'P1', evse_position: 'LEFT' }],
      accepted_service_providers: ['Exa'],
      connectors: [{ ...connector, capabilities: ['ISO_15118_2_PLUG_AND_CHARGE'] }],
    },
  ],
};
const problems = (schema: typeof Location | typeof Evse | typeof Connector | typeof EvsePatch, value: unknown) =>
  editions.map((edition) => problemWith(schema[edition], value));
const valid = [undefined, undefined];

describe('the fields of a location', () => {
  test('both editions accept a location with all common fields, and one with only the required fields', () => {
    expect(problems(Location, location)).toEqual(valid);
    const { country_code, party_id, id, publish, address, city, country, coordinates, time_zone, last_updated } = location;
    expect(problems(Location, { country_code, party_id, id, publish, address, city, country, coordinates, time_zone, last_updated })).toEqual(valid);
  });

  test.each(['country_code', 'party_id', 'id', 'publish', 'address', 'city', 'country', 'coordinates', 'time_zone', 'last_updated'] as const)(
    'TRN-30: a missing %s is named',
    (field) => {
      const { [field]: _, ...rest } = location;
      expect(problems(Location, rest)).toEqual([`${field}: missing`, `${field}: missing`]);
    },
  );

  test.each([
    ['id', 36],
    ['name', 255],
    ['address', 255],
    ['city', 45],
    ['postal_code', 10],
    ['state', 45],
    ['country', 3],
    ['time_zone', 255],
  ])('TYP-10: %s has at most %d characters', (field, most) => {
    expect(problems(Location, { ...location, [field]: 'x'.repeat(most) })).toEqual(valid);
    for (const problem of problems(Location, { ...location, [field]: 'x'.repeat(most + 1) })) expect(problem).toContain(`${field}: found`);
  });

  test.each([
    ['uid', 36],
    ['evse_id', 48],
    ['floor_level', 4],
    ['physical_reference', 16],
  ])('TYP-10: %s of an EVSE has at most %d characters', (field, most) => {
    expect(problems(Evse, { ...evse, [field]: 'x'.repeat(most) })).toEqual(valid);
    for (const problem of problems(Evse, { ...evse, [field]: 'x'.repeat(most + 1) })) expect(problem).toContain(`${field}: found`);
  });

  test('TRN-45: latitude is a text of at most 10 characters, longitude of at most 11; #NA means unknown', () => {
    const placed = (latitude: unknown, longitude: unknown) => ({ ...location, coordinates: { latitude, longitude } });
    for (const right of [placed('-52.374031', '-104.889695'), placed('1', '1'), placed('#NA', '#NA')]) expect(problems(Location, right)).toEqual(valid);
    for (const wrong of [placed('-52.3740311', '4.9'), placed('52.3', '-104.8896951'), placed('52,3', '4.9'), placed('52.3', '1e2'), placed('', '4.9')])
      expect(problems(Location, wrong)).toEqual([expect.stringContaining('coordinates.'), expect.stringContaining('coordinates.')]);
  });

  test('coordinates and floor levels that are numbers are read as texts', () => {
    const numbers = { ...location, coordinates: { latitude: 52.37403, longitude: 4.88969 }, evses: [{ ...evse, floor_level: 2, physical_reference: 7 }] };
    const texts = { ...location, coordinates: { latitude: '52.37403', longitude: '4.88969' }, evses: [{ ...evse, floor_level: '2', physical_reference: '7' }] };
    for (const edition of editions)
      for (const strict of [true, false]) {
        const read = readLeniently(Location[edition], numbers, { strict });
        expect(read).toMatchObject({ ok: true, value: { value: texts } });
        expect(read.ok && read.value.deviations.map(({ kind }) => kind)).toEqual(Array(4).fill('number-for-text'));
      }
  });

  test('an EVSE needs a connector and a known status', () => {
    for (const problem of problems(Evse, { ...evse, connectors: [] })) expect(problem).toContain('connectors');
    for (const problem of problems(Evse, { ...evse, status: 'BUSY' })) expect(problem).toContain('status: found "BUSY"');
  });
});

describe('differences between the editions in locations', () => {
  test('TRN-43: fields that are new in 2.3.0 are checked there and ignored in 2.2.1', () => {
    expect(problems(Location, location230)).toEqual(valid);
    for (const [wrong, field] of [
      [{ ...location230, help_phone: 'x'.repeat(26) }, 'help_phone'],
      [{ ...location230, parking_places: [{ ...parking, vehicle_types: [] }] }, 'parking_places[0].vehicle_types'],
      [{ ...location230, parking_places: [{ ...parking, direction: 'ACROSS' }] }, 'parking_places[0].direction'],
      [{ ...location230, evses: [{ ...evse, parking: [{ evse_position: 'LEFT' }] }] }, 'evses[0].parking[0].parking_id'],
      [{ ...location230, evses: [{ ...evse, accepted_service_providers: ['x'.repeat(51)] }] }, 'evses[0].accepted_service_providers[0]'],
    ] as const)
      expect(problems(Location, wrong)).toEqual([undefined, expect.stringContaining(field)]);
  });

  test.each([
    ['capabilities', { capabilities: ['TELEPORT'] }],
    ['parking_restrictions', { parking_restrictions: ['TAXIS'] }],
    ['connectors[0].standard', { connectors: [{ ...connector, standard: 'MCS' }] }],
  ])('TYP-12: %s accepts unknown values in 2.3.0 only', (field, more) => {
    expect(problems(Evse, { ...evse, ...more })).toEqual([expect.stringContaining(field), undefined]);
  });

  test.each([
    ['parking_type', { parking_type: 'ON_WATER' }],
    ['facilities[0]', { facilities: ['ZOO'] }],
    ['energy_mix.environ_impact[0].category', { energy_mix: { is_green_energy: true, environ_impact: [{ category: 'NOISE', amount: 1 }] } }],
    ['images[0].category', { images: [{ ...picture, category: 'MAP' }] }],
  ])('TYP-12: %s of a location accepts unknown values in 2.3.0 only', (field, more) => {
    expect(problems(Location, { ...location, ...more })).toEqual([expect.stringContaining(field), undefined]);
  });

  test('an enum of both editions accepts no unknown value', () => {
    for (const wrong of [{ format: 'INDUCTIVE' }, { power_type: 'AC_6_PHASE' }])
      expect(problems(Connector, { ...connector, ...wrong })).toEqual(Array(2).fill(expect.stringContaining(Object.keys(wrong)[0] ?? '')));
  });
});

test('STA-09: a PATCH needs last_updated and nothing else; its other fields must be valid', () => {
  for (const patch of [LocationPatch, EvsePatch, ConnectorPatch]) {
    expect(editions.map((edition) => problemWith(patch[edition], { last_updated: at }))).toEqual(valid);
    expect(editions.map((edition) => problemWith(patch[edition], {}))).toEqual(['last_updated: missing', 'last_updated: missing']);
  }
  expect(problems(EvsePatch, { last_updated: at, status: 'BUSY' })).toEqual(Array(2).fill(expect.stringContaining('status')));
});
