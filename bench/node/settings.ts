import { PASSWORD, stationName, TOKEN_UID } from '../driver/station.ts';

/** What differs between the nodes of the bench: database, folder of the key file, number of charge points in all and at each location (10 if absent), port (0 or absent: a free one). */
export interface NodeSetup {
  database: string;
  folder: string;
  stations: number;
  perLocation?: number;
  port?: number;
  /** The CSMS of all charge points, with `{id}`; absent: the node is the CSMS. */
  upstream?: string;
}

/** The driver sends requests faster than the default rate limits allow. */
const NO_LIMIT = { every: 0 };
const commonSettings = ({ database, folder, port = 0 }: Omit<NodeSetup, 'stations' | 'perLocation'>) => ({
  listen: { port },
  public_url: `http://127.0.0.1:${port || 1}`,
  database,
  key_file: `${folder}/node.key`,
  insecure_http: true,
  limits: { party_and_session: NO_LIMIT, party: NO_LIMIT, station: NO_LIMIT, messages: NO_LIMIT },
});

const location = (id: string) => ({
  id,
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
});

/** Text of a CPO's configuration file (JSON is valid YAML): one EVSE for each charge point. */
export const cpoSettings = ({ stations, perLocation = 10, upstream, ...setup }: NodeSetup): string =>
  JSON.stringify({
    ...commonSettings(setup),
    parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Bench' }],
    ocpp: { port: 0, security_profile: 1, ...(upstream !== undefined && { upstream: { url: upstream } }) },
    charge_points: Array.from({ length: stations }, (_, number) => ({
      id: stationName(number),
      password: PASSWORD,
      location_id: `LOC${Math.floor(number / perLocation)}`,
      evses: [{ uid: `${stationName(number)}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 }],
    })),
    locations: Array.from({ length: Math.ceil(stations / perLocation) }, (_, number) => location(`LOC${number}`)),
    tokens: [{ uid: TOKEN_UID, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
  });

/** Text of an eMSP's configuration file, with a contract and a consent that let an SCSP control its sessions. */
export const emspSettings = (setup: Omit<NodeSetup, 'stations' | 'perLocation'>): string =>
  JSON.stringify({
    ...commonSettings(setup),
    parties: [{ role: 'EMSP', country_code: 'NL', party_id: 'MSP', name: 'Bench' }],
    contracts: [{ party: 'NL*SCS', may: ['see', 'control'], tokens_of: 'NL*MSP' }],
    consents: [{ token: TOKEN_UID, party: 'NL*SCS', purpose: 'smart_charging', text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
  });
