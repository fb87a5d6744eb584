import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStreet, realClock, type Street } from '../../../sim/index.ts';
import { type Clock, type Config, createNode, type Log, type Node, type NodeOptions, type Trouble } from '../../node/index.ts';
import { valueOrThrow } from '../output.ts';
import { terminal } from '../terminal.ts';
import { demoLocations, needsNode } from './locations.ts';
import { createStepPrinter, type StepPrinter } from './print-steps.ts';
import { cpoSettings, type DemoOptions, emspParty, emspSettings, scspParty, scspSettings } from './settings.ts';
import { type SlowParty, slowParty } from './slow-party.ts';
import { openStandIn } from './stand-in-csms.ts';
import { steerSessions } from './steer.ts';
import type { Topology } from './topologies.ts';
import { createTrouble, followLimits, type TroubledWorld } from './trouble.ts';

/** The user of all consoles of a demo. */
export interface DemoUser {
  name: string;
  password: string;
}

/** A running demo: the nodes that its topologies need. Disposing ends it and deletes its data. */
export interface Demo extends AsyncDisposable {
  cpo: Node;
  emsp: Node | undefined;
  scsp: Node | undefined;
  user: DemoUser;
  clock: Clock;
  ocppUrl: string;
  /** The URL of the CSMS behind the CPO; undefined: the CPO is the CSMS. */
  csms: string | undefined;
}

/** Calls of the demo while it runs. */
export interface DemoListeners {
  /** The nodes listen; the charge points are not connected yet. */
  listening?(demo: Omit<Demo, keyof AsyncDisposable>): Promise<void> | void;
  print(line: string): void;
}

/** s that each answer of the SCSP takes, so that one party of the demo is slow. */
const SLOW_SCSP = 2;

/** Starts the nodes, registers them at each other and connects the charge points. Rejects with PortTaken when a port is in use. */
export async function openDemo(options: DemoOptions, listeners: DemoListeners): Promise<Demo> {
  const { seed, topologies } = options;
  await using stack = new AsyncDisposableStack();
  const clock = realClock({ speed: options.speed });
  const stations = topologies.flatMap((topology) => demoLocations[topology].stations(seed).map((it) => ({ ...it, topology })));
  const parties = {
    emsp: slowParty({ party: 'NL*MSP', name: 'Evenkeel eMSP', clock }),
    scsp: slowParty({ party: 'NL*SCS', name: 'Evenkeel SCSP', clock }),
  };
  const world: TroubledWorld = {
    cpo: undefined,
    streets: [],
    stations,
    drivers: topologies.flatMap((it) => demoLocations[it].drivers),
    parties: [...(needsNode.emsp(topologies) ? [parties.emsp] : []), ...(needsNode.scsp(topologies) ? [parties.scsp] : [])],
    sites: topologies.flatMap((it) => demoLocations[it].site ?? []),
    imposed: new Map(),
    report: () => undefined,
  };
  const printed: { printer?: StepPrinter } = {};
  const csms = options.gateway ? stack.use(await openStandIn({ clock, stations, print: (line, station) => printed.printer?.print(line, station) })) : undefined;
  const nodes = await openNodes(options, { clock, parties, trouble: createTrouble(world), stack, csms: csms?.url });
  for (const party of world.parties) stack.use(party);
  world.cpo = nodes.cpo;
  followLimits(world, nodes.cpo);
  await listeners.listening?.(nodes);

  const printer = createStepPrinter({
    clock,
    print: (line) => listeners.print(line),
    labelled: topologies.length > 1,
    timeout: nodes.timeout,
    versionOf: (id) => stations.find((it) => it.id === id)?.version ?? '?',
    topologyAt: (name) => stations.find(({ id }) => name.startsWith(id))?.topology,
  });
  printed.printer = printer;
  world.report = (what, of) => printer.print({ from: 'operator', to: 'demo', what }, of);
  const { cpo, emsp, scsp, ocppUrl } = nodes;
  printer.follow('CPO', cpo);
  if (emsp) printer.follow('eMSP', emsp);
  if (scsp) printer.follow('SCSP', scsp);
  await registerNodes(nodes, topologies);
  parties.scsp.own = SLOW_SCSP;

  const steeredEvses = stations.flatMap(({ topology, evses }) => (topology === 'emsp' ? evses : []));
  if (emsp) stack.use(steerSessions({ emsp, clock, seed, evseOf: (uid) => steeredEvses.find((evse) => evse.uid === uid), reportError }));
  const opened = topologies.map((topology) => openLocation(topology, { seed, clock, ocppUrl, printer }));
  for (const street of await Promise.all(opened)) world.streets.push(stack.use(street));
  const running = stack.move();
  return { ...nodes, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

interface Opening {
  clock: Clock;
  parties: Readonly<Record<'emsp' | 'scsp', SlowParty>>;
  trouble: Trouble;
  stack: AsyncDisposableStack;
  /** The URL of the CSMS behind the CPO. */
  csms: string | undefined;
}

/** Opens the nodes that the topologies need. `timeout`: the timeout that the CPO sends with ACCEPTED, in seconds. */
async function openNodes(options: DemoOptions, { clock, parties, trouble, stack, csms }: Opening) {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const user: DemoUser = { name: 'demo', password: randomBytes(12).toString('base64url') };
  const open = async (name: string, config: Config, demo: Partial<NonNullable<NodeOptions['demo']>>) =>
    stack.use(await openNode(name, config, { clock, speed: options.speed, demo: { ...user, ...demo } }));
  const settings = cpoSettings(options, { folder, csms });
  const cpo = await open('CPO', settings, { trouble });
  const emsp = needsNode.emsp(options.topologies) ? await open('eMSP', emspSettings(options, folder), { beforeOcpi: parties.emsp.beforeOcpi }) : undefined;
  const scsp = needsNode.scsp(options.topologies) ? await open('SCSP', scspSettings(options, folder), { beforeOcpi: parties.scsp.beforeOcpi }) : undefined;
  return { cpo, emsp, scsp, user, clock, csms, ocppUrl: `ws://127.0.0.1:${cpo.ocppPort}/ocpp`, timeout: settings.timeout };
}

interface NodeOpening {
  clock: Clock;
  speed: number;
  demo: NonNullable<NodeOptions['demo']>;
}

/** Opens a node with the demo's user as admin. Only errors are logged. */
async function openNode(name: string, config: Config, { clock, speed, demo }: NodeOpening): Promise<Node> {
  const log: Log = (level, event, facts) => {
    // On a clock that runs faster, a short pause of this process counts as many seconds without a look at the sites.
    if (level !== 'error' || (speed > 1 && facts?.what === 'sites')) return;
    terminal().stderr.write(`${name}: ${event} ${JSON.stringify(facts)}\n`);
  };
  const node = await createNode(config, { clock, log, demo });
  valueOrThrow(await node.users.add({ name: demo.name, password: demo.password, role: 'admin', totp: false }));
  return node;
}

/** Registers the nodes at each other. */
async function registerNodes({ cpo, emsp, scsp }: Pick<Demo, 'cpo' | 'emsp' | 'scsp'>, topologies: readonly Topology[]): Promise<void> {
  const register = async (node: Node, at: Node, party: Parameters<Node['registration']['invite']>[0]) =>
    valueOrThrow(await node.registration.register(`${at.publicUrl}/ocpi/versions`, valueOrThrow(await at.registration.invite(party))));
  if (emsp) await register(emsp, cpo, emspParty);
  if (scsp && emsp && topologies.includes('relay')) await register(scsp, emsp, scspParty);
  if (scsp && topologies.includes('cpo-scsp')) await register(scsp, cpo, scspParty);
}

/** Connects the charge points of one location; cars come and go until it is disposed. */
function openLocation(topology: Topology, by: { seed: string; clock: Clock; ocppUrl: string; printer: StepPrinter }): Promise<Street> {
  const { seed, clock, ocppUrl, printer } = by;
  const { drivers, ...location } = demoLocations[topology];
  const stations = location.stations(seed);
  const versionOf = new Map(stations.map(({ id, version }) => [id, version]));
  const log = ({ station, event, evse }: { station: string; event: string; evse?: unknown }) => {
    const verb = CAR_VERBS[event];
    if (verb) printer.print({ from: 'car', to: `${station} (OCPP ${versionOf.get(station)})`, what: `${verb} EVSE ${evse}` }, station);
  };
  return openStreet({ seed, stations, ocppUrl, clock, tokens: drivers.map(({ uid }) => ({ uid, type: 'ISO14443' })), log });
}

const reportError = (what: string, error: unknown) => void terminal().stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
const CAR_VERBS: Readonly<Record<string, string>> = { 'plugged-in': 'plugs in at', unplugged: 'leaves' };
