import { expect, test } from 'vitest';
import { locationKey, stationId } from '../../domain/ids.ts';
import { parseConfig } from './config-file.ts';
import { createEvseDirectory } from './evse-directory.ts';

const config = parseConfig(`public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points:
  - { id: CP1, password: 0123456789abcdef, location_id: LOC1, evses: [{ uid: E1, evse_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }] }
  - { id: CP2, password: 0123456789abcdef, location_id: loc1, evses: [{ uid: E2, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }
  - id: CP3
    password: 0123456789abcdef
    location_id: LOC2
    evses: [{ uid: E3, evse_id: 1, power_type: DC, max_voltage: 500, max_amperage: 125, connector_standard: CHADEMO, connector_format: SOCKET }]
`);
const evses = config.ok ? createEvseDirectory(config.value) : undefined;

test('an EVSE without a configured connector has the usual one for AC or DC', () => {
  expect(['E1', 'E2', 'E3'].map((uid) => evses?.byUid(uid)?.plug)).toEqual([
    { standard: 'IEC_62196_T2', format: 'SOCKET' },
    { standard: 'IEC_62196_T2_COMBO', format: 'CABLE' },
    { standard: 'CHADEMO', format: 'SOCKET' },
  ]);
});

test('TYP-02: two spellings of a location id are one location', () => {
  expect(evses?.locations()).toEqual(['LOC1', 'LOC2'].map((id) => ({ key: locationKey('NL', 'EVK', id), id })));
  expect(evses?.inLocation(locationKey('NL', 'EVK', 'Loc1')).map(({ station }) => station)).toEqual([stationId('CP1'), stationId('CP2')]);
});
