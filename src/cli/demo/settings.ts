import { type StreetStation, street } from '../../../sim/index.ts';
import { type Config, parseConfig } from '../../node/index.ts';

export interface DemoOptions {
  seed: string;
  speed: number;
  /** Of the CPO; 0: any free ones. */
  port: number;
}

/** The cards of the street's drivers, all of them customers of the eMSP. */
export const cards = ['A1B2C3D4E5F60001', 'A1B2C3D4E5F60002', 'A1B2C3D4E5F60003'];

/** The eMSP's party, which the CPO invites. */
export const emspParty = { role: 'EMSP', country_code: 'NL', party_id: 'MSP' } as const;

/** What a file would say for the CPO of the street. */
export function cpoSettings({ seed, port }: DemoOptions, folder: string): Config {
  return settings({
    ...place(port, `${folder}/cpo.db`),
    parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
    ocpp: { host: '127.0.0.1', port: port && port + 2, security_profile: 1 },
    charge_points: street(seed).map(chargePoint),
    tokens: cards.map((uid, n) => ({ uid, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: `NL-MSP-C000${n + 1}` })),
  });
}

/** What a file would say for the eMSP. */
export const emspSettings = ({ port }: DemoOptions, folder: string): Config =>
  settings({ ...place(port && port + 1, `${folder}/emsp.db`), parties: [{ ...emspParty, name: 'Evenkeel eMSP' }] });

const place = (port: number, database: string) => ({
  listen: { host: '127.0.0.1', port },
  public_url: `http://127.0.0.1:${port}`,
  database,
  insecure_http: true,
  console: {},
});

const chargePoint = ({ id, password, evses }: StreetStation) => ({
  id,
  password,
  location_id: 'STREET',
  evses: evses.map((evse) => ({
    uid: evse.uid,
    evse_id: evse.evseId,
    connector_id: evse.connectorId,
    power_type: evse.powerType,
    max_voltage: evse.maxVoltage,
    max_amperage: evse.maxAmperage,
    ...(evse.maxPower !== undefined && { max_electric_power: evse.maxPower }),
  })),
});

/** Goes through the same door as a file, so that defaults and rules are the same. */
function settings(draft: object): Config {
  const parsed = parseConfig(JSON.stringify(draft));
  if (!parsed.ok) throw new Error(`the demo's own configuration is wrong: ${parsed.problem.map(({ key, says }) => `${key} ${says}`).join('; ')}`);
  return parsed.value;
}
