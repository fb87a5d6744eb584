import { buildCar, ChargePoint } from '../../sim/index.ts';
import { type Cpo, type Emsp, type Fault, openCpo, openEmsp } from '../../sim/partner.ts';
import type { Random } from '../../sim/random.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { amperes, seconds, volts } from '../../src/domain/units.ts';
import type { Node } from '../../src/node/node.ts';
import { describedLocation } from '../described-location.ts';
import { remoteSession } from '../emsp-world.ts';
import { badge, stationVersions } from '../world.ts';

/** The kinds of node that are stopped. */
export const kinds = ['CPO', 'eMSP', 'relay', 'SCSP'] as const;
export type Kind = (typeof kinds)[number];

/** What one kind of node is, and what happens to it while it runs. */
export interface Load extends AsyncDisposable {
  /** What stands in its configuration besides its store and its ports. */
  config: object;
  /** Connects the others to the first life of the node. */
  meet(node: Node): Promise<void>;
  /** Keeps a node busy with work of every sort until its stop has begun. */
  keepBusy(node: Node, hasStopped: () => boolean): void;
}

interface Surroundings {
  clock: Clock;
  random: Random;
}

/** Opens what stands around a node of this kind. */
export const openLoad = (kind: Kind, around: Surroundings): Promise<Load> => (kind === 'CPO' ? loadOfCpo(around) : loadOfRemote(kind, around));

type Act = () => Promise<unknown>;
const PASSWORD = '0123456789abcdef';
const party = (role: 'CPO' | 'EMSP' | 'SCSP') => ({ role, country_code: 'NL', party_id: 'EVK', name: `Evenkeel ${role}` });
const UNLIMITED = { burst: 1, every: 0 };
const limits = { party_and_session: UNLIMITED, station: UNLIMITED, party: UNLIMITED, cuts_alarm: 1_000_000 };
const upTo = (limit: number) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] });
const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));

/** Each act is repeated until the stop has begun. The stop may cut the other side off: that is no error. */
function repeat(acts: readonly Act[], hasStopped: () => boolean): void {
  const one = async (act: Act) => {
    while (!hasStopped()) await Promise.all([act().catch(() => undefined), pause(2)]);
  };
  for (const act of acts) void one(act);
}

/** Half of the requests are answered slowly. Those that a stop cuts off may also get no answer. */
const faultOf = (random: Random, mayHang: boolean): Fault =>
  mayHang && random.chance(0.1) ? { is: 'hang' } : { is: 'trickle', everyMilliseconds: random.chance(0.5) ? 20 : 0 };
const slow = (random: Random) => Array.from({ length: 200 }, () => faultOf(random, true));
const slowButSure = (random: Random) => Array.from({ length: 200 }, () => faultOf(random, false));
/** One of the newest; requests about none are refused. */
const oneOf = (random: Random, ids: Iterable<string>) => [...ids].slice(-4)[random.integer(0, 3)] ?? 'none';

/** A charge point that dials until it gets through, also after each stop. */
const stationAt = (node: Node, id: keyof typeof stationVersions, clock: Clock): ChargePoint =>
  new ChargePoint({
    id,
    password: PASSWORD,
    version: stationVersions[id],
    evses: [{ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) }],
    url: `ws://127.0.0.1:${node.ocppPort}/ocpp`,
    clock,
    redialAfter: 20,
    sampleEvery: 1,
  });

/** A CPO with charge points, and an eMSP that sends requests about their sessions. */
async function loadOfCpo({ clock, random }: Surroundings): Promise<Load> {
  await using stack = new AsyncDisposableStack();
  const emsp = stack.use(await openEmsp({ clock }));
  const opened = stack.use(new AsyncDisposableStack());
  const all = stack.move();
  const stations: ChargePoint[] = [];
  const ids = Object.keys(stationVersions) as (keyof typeof stationVersions)[];
  const evse = (id: string) => ({ uid: `${id}-1`, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 });
  const session = () => oneOf(random, emsp.sessions.keys());
  return {
    config: {
      parties: [party('CPO')],
      limits,
      ocpp: { host: '127.0.0.1', port: 0, security_profile: 1 },
      charge_points: ids.map((id) => ({ id, password: PASSWORD, location_id: 'LOC1', evses: [evse(id)] })),
      locations: [describedLocation('LOC1')],
      tokens: [{ uid: badge.uid, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
      sites: [{ name: 'garage', limit: { a: 40 }, evses: ids.map((id) => ({ uid: `${id}-1` })) }],
    },
    meet: async (node) => {
      await registerAt(node, emsp);
      for (const id of ids) stations.push(opened.use(stationAt(node, id, clock)));
      await Promise.all(stations.map(dial));
      await Promise.all(stations.map((it) => it.plugIn(1, { car: buildCar(), idToken: badge })));
    },
    keepBusy: (node, hasStopped) => {
      emsp.behave({ callback: slowButSure(random), sessions: slow(random), chargingprofiles: slow(random), locations: slow(random) });
      const [changing] = stations;
      const change = async () => {
        await changing?.unplug(1);
        await changing?.plugIn(1, { car: buildCar(), idToken: badge });
      };
      const sets = [() => emsp.set(session(), upTo(random.integer(6, 32))), () => emsp.set(session(), upTo(random.integer(6, 32)))];
      const others = [() => emsp.get(session(), 900), () => emsp.clear(session()), () => emsp.pullSessions(), () => node.sessions({})];
      repeat([...sets, ...others, change], hasStopped);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Resolves with the first connection that the node accepts. */
async function dial(station: ChargePoint): Promise<void> {
  while (!station.connected) await station.reconnect().catch(() => pause(10));
}

/** An eMSP, a relay or an SCSP: its CPO pushes sessions and answers slowly; an SCSP steers through the relay. */
async function loadOfRemote(kind: Exclude<Kind, 'CPO'>, { clock, random }: Surroundings): Promise<Load> {
  await using stack = new AsyncDisposableStack();
  const cpo = stack.use(await openCpo({ clock, tokens: true, profileAnswers: { PUT: { after: 1_000 }, GET: { after: 1_000 } } }));
  const scsp = kind === 'relay' ? stack.use(await openEmsp({ clock, role: 'SCSP' })) : undefined;
  const all = stack.move();
  const now = () => new Date(clock.now()).toISOString();
  const session = () => oneOf(random, cpo.sessions.keys());
  const relayed = () => oneOf(random, scsp?.sessions.keys() ?? []);
  let last = 0;
  const add = () => {
    last += 1;
    return cpo.put(remoteSession(`S${last}`, { last_updated: now() }));
  };
  return {
    config: configOf(kind),
    meet: async (node) => {
      await registerAt(node, cpo);
      if (scsp) await registerAt(node, scsp);
    },
    keepBusy: (node, hasStopped) => {
      cpo.behave({ chargingprofiles: slow(random), sessions: slow(random), locations: slow(random), tokens: slow(random) });
      scsp?.behave({ callback: slowButSure(random), sessions: slow(random), chargingprofiles: slow(random) });
      const change = () => cpo.patch(session(), { kwh: random.integer(1, 50), last_updated: now() });
      const end = () => cpo.patch(session(), { status: 'COMPLETED', last_updated: now() });
      const steer = scsp ? [() => scsp.set(relayed(), upTo(random.integer(6, 32))), () => scsp.get(relayed(), 900), () => scsp.clear(relayed())] : [];
      repeat([add, change, end, () => askAsOperator(node, random), () => askAsOperator(node, random), ...steer], hasStopped);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function configOf(kind: Exclude<Kind, 'CPO'>): object {
  if (kind === 'SCSP') return { parties: [party('SCSP')], limits, planner: { sites: [{ location_id: 'LOC1', limit: 64, unit: 'A' }], every: 10 } };
  const tokens = [{ uid: badge.uid, type: 'RFID', country_code: 'NL', party_id: 'EVK', contract_id: 'NL-EVK-C1' }];
  const emsp = { parties: [party('EMSP')], limits, tokens };
  if (kind === 'eMSP') return emsp;
  const consent = { token: '*', party: 'NL*SCS', purpose: 'smart_charging', text_version: '1', given_at: '2026-01-01T00:00:00Z' };
  return { ...emsp, contracts: [{ party: 'NL*SCS', may: ['see', 'control'], tokens_of: 'NL*EVK' }], consents: [consent] };
}

async function askAsOperator(node: Node, random: Random): Promise<void> {
  const { items } = await node.sessions({ status: 'ACTIVE', limit: 4 });
  const it = items[random.integer(0, 3)];
  if (it)
    await node.ask(
      it.key,
      { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(random.integer(6, 32)) }] } },
      { mode: 'replace' },
    );
}

async function registerAt(node: Node, platform: Cpo | Emsp): Promise<void> {
  const { role, country_code, party_id } = platform.role;
  const token = await node.registration.invite({ role, country_code, party_id });
  if (!token.ok) throw new Error(token.problem);
  const answer = await platform.register({ token: token.value, versions_url: `${node.publicUrl}/ocpi/versions` });
  if (answer.envelope.status_code !== 1000) throw new Error(`registration: ${answer.text}`);
}
