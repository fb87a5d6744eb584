import { expect, test } from 'vitest';
import type { WireConnector } from '../../ocpi/locations/connector.ts';
import { readRemoteEvse } from './remote-evse.ts';

const connector: WireConnector = {
  id: '1',
  standard: 'IEC_62196_T2',
  format: 'SOCKET',
  power_type: 'AC_3_PHASE',
  max_voltage: 230,
  max_amperage: 32,
  last_updated: '2026-01-31T09:00:00Z',
};
const evse = { uid: 'E1', status: 'AVAILABLE', connectors: [connector], last_updated: '2026-01-31T09:00:00Z' } as const;

test('an EVSE of a peer has its capabilities and the limits of its connectors', () => {
  const fast: WireConnector = { ...connector, id: '2', power_type: 'DC', max_voltage: 920, max_amperage: 200, max_electric_power: 150_000 };
  expect(readRemoteEvse({ ...evse, capabilities: ['CHARGING_PROFILE_CAPABLE'], connectors: [connector, fast] })).toStrictEqual({
    status: 'AVAILABLE',
    capabilities: ['CHARGING_PROFILE_CAPABLE'],
    connectors: [
      { id: '1', powerType: 'AC_3_PHASE', maxVoltage: 230, maxAmperage: 32 },
      { id: '2', powerType: 'DC', maxVoltage: 920, maxAmperage: 200, maxPower: 150_000 },
    ],
  });
});

test('an EVSE without capabilities has none', () => {
  expect(readRemoteEvse({ ...evse, connectors: [] })).toEqual({ status: 'AVAILABLE', capabilities: [], connectors: [] });
});
