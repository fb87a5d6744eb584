/** The moment of every message. */
export const at = '2026-01-31T09:30:00Z';
const picture = { url: 'https://exa.example/1.png', thumbnail: 'https://exa.example/1s.png', category: 'CHARGER', type: 'png', width: 800, height: 600 };
const closed = [{ period_begin: at, period_end: at }];
/** A location without its EVSEs. */
export const location = {
  country_code: 'NL',
  party_id: 'EXA',
  id: 'LOC1',
  publish: false,
  publish_allowed_to: [
    { uid: 'C1', type: 'RFID' },
    { visual_number: '1-2', issuer: 'Exa' },
  ],
  name: 'De Garage',
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  postal_code: '1015 CN',
  state: 'Noord-Holland',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  related_locations: [{ latitude: '52.37403', longitude: '4.88969', name: { language: 'en', text: 'Entrance' } }],
  parking_type: 'PARKING_GARAGE',
  directions: [{ language: 'en', text: 'Left of the church' }],
  operator: { name: 'Exa', website: 'https://exa.example', logo: picture },
  owner: { name: 'Own' },
  facilities: ['CAFE', 'TRAIN_STATION'],
  time_zone: 'Europe/Amsterdam',
  opening_times: {
    twentyfourseven: false,
    regular_hours: [{ weekday: 1, period_begin: '07:00', period_end: '18:00' }],
    exceptional_openings: closed,
    exceptional_closings: closed,
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
/** A connector. */
export const connector = {
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
/** An EVSE. */
export const evse = {
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
  images: [picture],
  parking_restrictions: ['EV_ONLY'],
  last_updated: at,
};
/** A session. */
export const session = {
  country_code: 'NL',
  party_id: 'EXA',
  id: 'S1',
  start_date_time: '2026-01-31T09:00:00Z',
  end_date_time: at,
  kwh: 1.5,
  cdr_token: { country_code: 'NL', party_id: 'MSP', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-MSP-C1' },
  auth_method: 'WHITELIST',
  authorization_reference: 'A1',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  meter_id: 'M1',
  currency: 'EUR',
  charging_periods: [{ start_date_time: '2026-01-31T09:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1.5 }], tariff_id: 'T1' }],
  status: 'COMPLETED',
  last_updated: at,
};
/** A token. */
export const token = {
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'DEADBEEF',
  type: 'RFID',
  contract_id: 'NL-MSP-C1',
  visual_number: '1-2',
  issuer: 'Exa',
  group_id: 'G1',
  valid: true,
  whitelist: 'ALWAYS',
  language: 'nl',
  default_profile_type: 'CHEAP',
  energy_contract: { supplier_name: 'Stroom', contract_id: 'X1' },
  last_updated: at,
};
/** A charging profile. */
export const profile = {
  start_date_time: at,
  duration: 900,
  charging_rate_unit: 'A',
  min_charging_rate: 6,
  charging_profile_period: [{ start_period: 0, limit: 16.5 }],
};
/** An active charging profile. */
export const active = { start_date_time: at, charging_profile: profile };
/** Credentials with two roles. */
export const credentials = {
  token: 'a-token',
  url: 'https://exa.example/ocpi/versions',
  roles: [
    { role: 'CPO', country_code: 'NL', party_id: 'EXA', business_details: { name: 'Exa', website: 'https://exa.example' } },
    { role: 'EMSP', country_code: 'NL', party_id: 'EXB', business_details: { name: 'Exb' } },
  ],
};
/** A client info. */
export const clientInfo = { party_id: 'EXA', country_code: 'NL', role: 'CPO', status: 'CONNECTED', last_updated: at };
/** A list of versions. */
export const versions = [
  { version: '2.1.1', url: 'https://exa.example/ocpi/2.1.1' },
  { version: '2.2.1', url: 'https://exa.example/ocpi/2.2.1' },
];
/** The endpoints of version details. */
export const endpoints = [
  { identifier: 'credentials', role: 'SENDER', url: 'https://exa.example/c' },
  { identifier: 'cdrs', role: 'SENDER', url: 'https://exa.example/d' },
];
