import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStreet, realClock } from '../../../sim/index.ts';
import { stopInTime, stopSignal } from '../../node/core/stop-signal.ts';
import { type Clock, type Config, createNode, type Log, type Node } from '../../node/index.ts';
import { PortTaken } from '../../node/listen.ts';
import { removeDemoAccess, writeDemoAccess } from '../demo-access.ts';
import { CliError, valueOrThrow } from '../output.ts';
import { terminal } from '../terminal.ts';
import { demoLocations, needsNode } from './locations.ts';
import { createStepPrinter, type StepPrinter } from './print-steps.ts';
import { cpoSettings, type DemoOptions, emspParty, emspSettings, scspParty, scspSettings } from './settings.ts';
import { steerSessions } from './steer.ts';
import type { Topology } from './topologies.ts';

/** Runs the demo until SIGINT or SIGTERM, then deletes its data. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const stopped = stopSignal();
  let stopping = false;
  const demo = await openDemo(options, (text) => {
    if (!stopping) print(text);
  });
  await stopped;
  print('Stopping …');
  stopping = true;
  if ((await stopInTime(demo)) === 'late') throw new CliError('the demo did not stop within 10 s and was ended');
}

interface Operator {
  name: string;
  password: string;
}

/** The nodes that the chosen topologies need. */
interface DemoNodes {
  cpo: Node;
  emsp: Node | undefined;
  scsp: Node | undefined;
  /** The user of all consoles. */
  operator: Operator;
  ocppUrl: string;
  /** The timeout that the CPO sends with ACCEPTED, in seconds. */
  timeout: number;
}

async function openDemo(options: DemoOptions, print: (text: string) => void): Promise<AsyncDisposable> {
  const { seed, topologies } = options;
  await using stack = new AsyncDisposableStack();
  const clock = realClock({ speed: options.speed });
  const nodes = await openNodes(options, clock, stack);
  const { cpo, emsp, scsp, ocppUrl, timeout } = nodes;
  await shareAccess((topologies.includes('emsp') ? emsp : scsp) ?? cpo, stack);
  for (const text of welcome(nodes, topologies)) print(text);

  const stations = topologies.flatMap((topology) => demoLocations[topology].stations(seed).map((it) => ({ ...it, topology })));
  const printer = createStepPrinter({
    clock,
    print,
    labelled: topologies.length > 1,
    timeout,
    versionOf: (id) => stations.find((it) => it.id === id)?.version ?? '?',
    topologyAt: (name) => stations.find(({ id }) => name.startsWith(id))?.topology,
  });
  printer.follow('CPO', cpo);
  if (emsp) printer.follow('eMSP', emsp);
  if (scsp) printer.follow('SCSP', scsp);
  await registerNodes(nodes, topologies);

  const steeredEvses = stations.flatMap(({ topology, evses }) => (topology === 'emsp' ? evses : []));
  if (emsp) stack.use(steerSessions({ emsp, clock, seed, evseOf: (uid) => steeredEvses.find((evse) => evse.uid === uid), reportError }));
  const opened = topologies.map((topology) => openLocation(topology, { seed, clock, ocppUrl, printer }));
  for (const location of await Promise.all(opened)) stack.use(location);
  return stack.move();
}

async function openNodes(options: DemoOptions, clock: Clock, stack: AsyncDisposableStack): Promise<DemoNodes> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const operator = { name: 'demo', password: randomBytes(12).toString('base64url') };
  const open = async (name: string, config: Config) => stack.use(await openNode(name, config, { clock, demo: operator }));
  const settings = cpoSettings(options, folder);
  const cpo = await open('CPO', settings);
  const emsp = needsNode.emsp(options.topologies) ? await open('eMSP', emspSettings(options, folder)) : undefined;
  const scsp = needsNode.scsp(options.topologies) ? await open('SCSP', scspSettings(options, folder)) : undefined;
  return { cpo, emsp, scsp, operator, ocppUrl: `ws://127.0.0.1:${cpo.ocppPort}/ocpp`, timeout: settings.timeout };
}

/** Registers the nodes at each other. */
async function registerNodes({ cpo, emsp, scsp }: DemoNodes, topologies: readonly Topology[]): Promise<void> {
  const register = async (node: Node, at: Node, party: Parameters<Node['registration']['invite']>[0]) =>
    valueOrThrow(await node.registration.register(`${at.publicUrl}/ocpi/versions`, valueOrThrow(await at.registration.invite(party))));
  if (emsp) await register(emsp, cpo, emspParty);
  if (scsp && emsp && topologies.includes('relay')) await register(scsp, emsp, scspParty);
  if (scsp && topologies.includes('cpo-scsp')) await register(scsp, cpo, scspParty);
}

/** Connects the charge points of one location; cars come and go until it is disposed. */
function openLocation(topology: Topology, by: { seed: string; clock: Clock; ocppUrl: string; printer: StepPrinter }): Promise<AsyncDisposable> {
  const { seed, clock, ocppUrl, printer } = by;
  const { cards, ...location } = demoLocations[topology];
  const stations = location.stations(seed);
  const versionOf = new Map(stations.map(({ id, version }) => [id, version]));
  const log = ({ station, event, evse }: { station: string; event: string; evse?: unknown }) => {
    const verb = CAR_VERBS[event];
    if (verb) printer.print({ from: 'car', to: `${station} (OCPP ${versionOf.get(station)})`, what: `${verb} EVSE ${evse}` }, station);
  };
  return openStreet({ seed, stations, ocppUrl, clock, tokens: cards.map((uid) => ({ uid, type: 'ISO14443' })), log });
}

const reportError = (what: string, error: unknown) => void terminal().stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
const CAR_VERBS: Readonly<Record<string, string>> = { 'plugged-in': 'plugs in at', unplugged: 'leaves' };

/** Lets other commands of this user find the node that steers, such as evenkeel sessions, set and watch. */
async function shareAccess(node: Node, stack: AsyncDisposableStack): Promise<void> {
  const { key } = await node.keys.add({ name: 'demo', scope: 'operate' });
  const access = { url: node.publicUrl, key };
  writeDemoAccess(access);
  stack.defer(() => removeDemoAccess(access));
}

/** Opens a node with the demo's user as admin. Only errors are logged. */
async function openNode(name: string, config: Config, { clock, demo }: { clock: Clock; demo: Operator }): Promise<Node> {
  const log: Log = (level, event, facts) => {
    if (level === 'error') terminal().stderr.write(`${name}: ${event} ${JSON.stringify(facts)}\n`);
  };
  try {
    const node = await createNode(config, { clock, log, demo });
    valueOrThrow(await node.users.add({ ...demo, role: 'admin', totp: false }));
    return node;
  } catch (error) {
    if (error instanceof PortTaken)
      throw new CliError(`${error.address} is in use: choose another port with --port (the demo uses it and the next three), or --port 0`);
    throw error;
  }
}

function welcome({ cpo, emsp, scsp, operator, ocppUrl }: DemoNodes, topologies: readonly Topology[]): readonly string[] {
  const line = (title: string, text: string) => `${title.padEnd(14)} ${text}`;
  const node = (name: string, { publicUrl }: Node) => line(`${name} node`, `${publicUrl}   OCPI ${publicUrl}/ocpi/versions   metrics ${publicUrl}/metrics`);
  const consoles = [cpo, ...(emsp ? [emsp] : [])].map(({ publicUrl }) => `${publicUrl}/console/`);
  return [
    node('CPO', cpo),
    ...(emsp ? [node('eMSP', emsp)] : []),
    ...(scsp ? [node('SCSP', scsp)] : []),
    line('charge points', `${ocppUrl}/{id}`),
    line('console', `${consoles.join(' (CPO), ')}${emsp ? ' (eMSP)' : ''}   sign in as ${operator.name} with password ${operator.password}`),
    ...topologies.map((it) => line(it, demoLocations[it].description)),
    line('by hand', 'in another terminal: npx evenkeel sessions, npx evenkeel set SESSION --limit 8A --for 15m --wait, npx evenkeel watch'),
    '',
  ];
}

const print = (text: string) => void terminal().stdout.write(`${text}\n`);
