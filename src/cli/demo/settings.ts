import type { StreetStation } from '../../../sim/index.ts';
import { type Config, parseConfig } from '../../node/index.ts';
import { contractOf, type DemoLocation, type DemoSite, demoLocations } from './locations.ts';
import type { Topology } from './topologies.ts';

export interface DemoOptions {
  seed: string;
  speed: number;
  /** Port of the CPO; the other ports follow it. 0: any free ports. */
  port: number;
  topologies: readonly Topology[];
  /** Puts the CPO between its charge points and a simulated CSMS. */
  gateway?: boolean;
}

/** The parties that the other nodes invite. */
export const emspParty = { role: 'EMSP', country_code: 'NL', party_id: 'MSP' } as const;
export const scspParty = { role: 'SCSP', country_code: 'NL', party_id: 'SCS' } as const;

const SCSP = 'NL*SCS';
const consent = (token: string) => ({ token, party: SCSP, purpose: 'smart_charging', text_version: 'demo', given_at: '2026-01-01T00:00:00Z' });
const contract = ({ id }: DemoLocation) => ({ party: SCSP, may: ['see', 'control'], locations: [id] });

/** The configuration of the CPO; its database is in `folder`. `csms`: the URL of the CSMS behind it, without the id of the charge point. */
export function cpoSettings({ seed, port, topologies }: DemoOptions, { folder, csms }: { folder: string; csms: string | undefined }): Config {
  const locations = topologies.map((it) => demoLocations[it]);
  return parse({
    ...commonSettings(port, `${folder}/cpo.db`),
    parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
    ocpp: { host: '127.0.0.1', port: port && port + 2, security_profile: 1, ...(csms !== undefined && { upstream: { url: `${csms}/{id}` } }) },
    charge_points: locations.flatMap(({ stations, id }) => stations(seed).map((station) => chargePoint(station, id))),
    locations: locations.map(describe),
    tokens: locations.flatMap(({ drivers, party }) =>
      drivers.map((driver) => ({
        uid: driver.uid,
        type: 'RFID',
        country_code: 'NL',
        party_id: party,
        contract_id: contractOf(party, driver),
        visual_number: driver.name,
      })),
    ),
    sites: locations.flatMap(({ site, stations }) => (site ? [siteOf(site, stations(seed))] : [])),
    ...(topologies.includes('cpo-scsp') && { contracts: [contract(demoLocations['cpo-scsp'])], consents: [consent('*')] }),
  });
}

/** The configuration of the eMSP; its database is in `folder`. */
export const emspSettings = ({ port, topologies }: DemoOptions, folder: string): Config =>
  parse({
    ...commonSettings(port && port + 1, `${folder}/emsp.db`),
    parties: [{ ...emspParty, name: 'Evenkeel eMSP' }],
    ...(topologies.includes('relay') && {
      contracts: [{ ...contract(demoLocations.relay), tokens_of: 'NL*MSP' }],
      consents: demoLocations.relay.drivers.map(({ uid }) => consent(uid)),
    }),
  });

/** The configuration of the SCSP; its database is in `folder`. */
export const scspSettings = ({ port, topologies }: DemoOptions, folder: string): Config =>
  parse({
    ...commonSettings(port && port + 3, `${folder}/scsp.db`),
    parties: [{ ...scspParty, name: 'Evenkeel SCSP' }],
    planner: {
      sites: topologies.flatMap((it) => {
        const { id, limit } = demoLocations[it];
        return limit === undefined ? [] : [{ location_id: id, limit, unit: 'A' }];
      }),
    },
  });

const commonSettings = (port: number, database: string) => ({
  listen: { host: '127.0.0.1', port },
  public_url: `http://127.0.0.1:${port}`,
  database,
  insecure_http: true,
  console: {},
});

const chargePoint = ({ id, password, evses }: StreetStation, location: string) => ({
  id,
  password,
  location_id: location,
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

/** The wires of single-phase EVSEs, so that they share the load of the phases. */
const ROTATIONS = ['RST', 'STR', 'TRS'] as const;

function siteOf({ name, fuse, panels }: DemoSite, stations: readonly StreetStation[]): object {
  let singles = 0;
  const leaf = ({ uid, powerType }: StreetStation['evses'][number]) => ({
    uid,
    ...(powerType === 'AC_1_PHASE' && { rotation: ROTATIONS[singles++ % ROTATIONS.length] }),
  });
  const evsesOf = (ids: readonly string[]) => stations.filter(({ id }) => ids.includes(id)).flatMap(({ evses }) => evses.map(leaf));
  return {
    name,
    time_zone: 'Europe/Amsterdam',
    limit: { a: fuse },
    children: panels.map((panel) => ({ name: panel.name, limit: { a: panel.fuse }, evses: evsesOf(panel.stations) })),
  };
}

const describe = ({ id, address, coordinates }: DemoLocation) => ({
  id,
  address,
  city: 'Amsterdam',
  country: 'NLD',
  coordinates,
  time_zone: 'Europe/Amsterdam',
});

/** Parses the settings like a configuration file, so that the same defaults and rules apply. */
function parse(draft: object): Config {
  const parsed = parseConfig(JSON.stringify(draft));
  if (!parsed.ok) throw new Error(`the configuration of the demo is invalid: ${parsed.problem.map(({ key, says }) => `${key} ${says}`).join('; ')}`);
  return parsed.value;
}
