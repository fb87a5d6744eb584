import { PASSWORD, stationName, TOKEN_UID } from '../driver/station.ts';

/** A node of the bench: its database, the folder for its key, how many charge points it has and where it listens (0: anywhere). */
export interface NodeSetup {
  database: string;
  folder: string;
  stations: number;
  port?: number;
}

/** The driver asks more often about each session than anybody may by default. */
const NO_LIMIT = { every: 0 };
const placeOf = ({ database, folder, port = 0 }: Omit<NodeSetup, 'stations'>) => ({
  listen: { port },
  public_url: `http://127.0.0.1:${port || 1}`,
  database,
  key_file: `${folder}/node.key`,
  insecure_http: true,
  limits: { party_and_session: NO_LIMIT, party: NO_LIMIT, station: NO_LIMIT },
});

/** The text of a CPO's configuration file: one EVSE at each charge point. JSON is YAML. */
export const cpoSettings = ({ stations, ...house }: NodeSetup): string =>
  JSON.stringify({
    ...placeOf(house),
    parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Bench' }],
    ocpp: { port: 0, security_profile: 1 },
    charge_points: Array.from({ length: stations }, (_, number) => ({
      id: stationName(number),
      password: PASSWORD,
      location_id: `LOC${Math.floor(number / 10)}`, // ten at a place, as along a street
      evses: [{ uid: `${stationName(number)}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 }],
    })),
    tokens: [{ uid: TOKEN_UID, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
  });

/** The text of an eMSP's, whose customers an SCSP steers. */
export const emspSettings = (house: Omit<NodeSetup, 'stations'>): string =>
  JSON.stringify({
    ...placeOf(house),
    parties: [{ role: 'EMSP', country_code: 'NL', party_id: 'MSP', name: 'Bench' }],
    contracts: [{ party: 'NL*SCS', may: ['see', 'control'], tokens_of: 'NL*MSP' }],
    consents: [{ token: TOKEN_UID, party: 'NL*SCS', purpose: 'smart_charging', text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
  });
