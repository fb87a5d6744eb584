import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildCar, type Emsp, openEmsp, plugInStation, realClock } from '../../sim/index.ts';
import { amperes, volts } from '../../src/domain/units.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { createNode, type Node } from '../../src/node/node.ts';
import { describedLocation } from '../described-location.ts';

/** The user who does the tasks, and one who did something before. */
export const OPERATORS = { anna: 'anna', bert: 'bert' } as const;
const STATION_PASSWORD = '0123456789abcdef';
/** The driver of all cars, a customer of the eMSP NL*MSP. */
const TOKEN = 'DEADBEEF';
/** A per phase that the grid connection of the street carries for each of its EVSEs. */
const SITE_A_EACH = 16;

/** Options of a world for tasks. */
export interface TaskWorldOptions {
  folder: string;
  /** Charge points with one charging car each; at least 3. */
  stations: number;
  /** Speed of the clock; 1 is the clock of the machine. */
  speed: number;
}

/** A CPO with a street of charging cars. OAK-1 draws most. NL*MSP limits OAK-2 to 8 A, and refuses each result that is posted to it. */
export interface TaskWorld extends AsyncDisposable {
  node: Node;
  /** Password of both users, made for this world. */
  password: string;
}

const stationName = (n: number) => `OAK-${n + 1}`;
/** A per phase: OAK-1 gives more than its car takes, and the others less. */
const maximumOf = (n: number) => (n === 0 ? 32 : n === 1 ? 12 : 10);
const evseOf = (n: number) => ({ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(maximumOf(n)) }) as const;

function settings({ folder, stations }: TaskWorldOptions): string {
  const numbers = Array.from({ length: stations }, (_, n) => n);
  const uids = numbers.map((n) => ({ uid: `${stationName(n)}-1` }));
  return JSON.stringify({
    listen: { port: 0 },
    public_url: 'http://127.0.0.1',
    database: join(folder, 'node.db'),
    insecure_http: true,
    console: {},
    parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
    ocpp: { port: 0, security_profile: 1 },
    charge_points: numbers.map((n) => ({
      id: stationName(n),
      password: STATION_PASSWORD,
      location_id: 'STREET',
      evses: [{ uid: `${stationName(n)}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: maximumOf(n) }],
    })),
    locations: [describedLocation('STREET')],
    sites: [
      {
        name: 'street',
        rule: 'equal',
        time_zone: 'Europe/Amsterdam',
        voltage: 230,
        limit: { a: SITE_A_EACH * stations + 8 },
        evses: uids.slice(2),
        children: [{ name: 'north', limit: { a: 40 }, evses: uids.slice(0, 2) }],
      },
    ],
    tokens: [{ uid: TOKEN, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
  });
}

/** Opens the world; resolves once all cars charge and the result for NL*MSP is refused. */
export async function openTaskWorld(options: TaskWorldOptions): Promise<TaskWorld> {
  await using stack = new AsyncDisposableStack();
  const clock = realClock({ speed: options.speed });
  const config = parseConfig(settings(options));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  const node = stack.use(await createNode(config.value, { clock, passwordCost: { log2N: 4, r: 8, p: 1 } }));
  const password = createHash('sha256').update(options.folder).digest('hex').slice(0, 20);
  for (const name of Object.values(OPERATORS)) {
    const added = await node.users.add({ name, role: 'admin', password, totp: false });
    if (!added.ok) throw new Error(added.problem);
  }
  const emsp = stack.use(await openEmsp({ clock, faults: { callback: { is: 'answer', http: 500 } } }));
  await register(node, emsp);
  const refused = new Promise<void>((done) => node.journal.onStep(({ step }) => step === 'result-undelivered' && done()));
  for (let n = 0; n < options.stations; n++) {
    const station = { id: stationName(n), password: STATION_PASSWORD, version: '2.0.1', evses: [evseOf(n)] } as const;
    const point = stack.use(await plugInStation({ ...station, url: `ws://127.0.0.1:${node.ocppPort}/ocpp`, clock }));
    await point.plugIn(1, { car: buildCar(), idToken: { uid: TOKEN, type: 'ISO14443' } });
    const { id } = await emsp.session((it) => it.status === 'ACTIVE' && it.evse_uid === `${stationName(n)}-1`);
    if (n === 1) await emsp.set(String(id), { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
  }
  await refused;
  const running = stack.move();
  return { node, password, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function register(node: Node, emsp: Emsp): Promise<void> {
  const { country_code, party_id, role } = emsp.role;
  const token = await node.registration.invite({ role, country_code, party_id });
  if (!token.ok) throw new Error(token.problem);
  const answer = await emsp.register({ token: token.value, versions_url: `${node.publicUrl}/ocpi/versions` });
  if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${JSON.stringify(answer)}`);
}
