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
import { demoLocations, needsNode } from './locations.ts';
import { createStepPrinter, type StepPrinter } from './print-steps.ts';
import { cpoSettings, type DemoOptions, emspParty, emspSettings, scspParty, scspSettings } from './settings.ts';
import { steerSessions } from './steer.ts';
import type { Topology } from './topologies.ts';

/** Runs the street until the process is told to stop; all of it is gone afterwards. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const stopped = stopSignal();
  const screen = { on: true };
  const demo = await openDemo(options, (text) => {
    if (screen.on) print(text);
  });
  await stopped;
  print('Stopping …');
  screen.on = false;
  if ((await stopInTime(demo)) === 'late') throw new CliError('the demo did not stop within 10 s and was cut off');
}

interface Operator {
  name: string;
  password: string;
}

/** The nodes that the chosen topologies need. */
interface Cast {
  cpo: Node;
  emsp: Node | undefined;
  scsp: Node | undefined;
  /** Who may sign in at the consoles. */
  operator: Operator;
  ocppUrl: string;
  /** Seconds that the CPO tells others to wait for a result. */
  timeout: number;
}

async function openDemo(options: DemoOptions, say: (text: string) => void): Promise<AsyncDisposable> {
  const { seed, topologies } = options;
  await using stack = new AsyncDisposableStack();
  const clock = realClock({ speed: options.speed });
  const cast = await openNodes(options, clock, stack);
  const { cpo, emsp, scsp, ocppUrl, timeout } = cast;
  await leaveWord((topologies.includes('emsp') ? emsp : scsp) ?? cpo, stack);
  for (const text of welcome(cast, topologies)) say(text);

  const stations = topologies.flatMap((topology) => demoLocations[topology].stations(seed).map((it) => ({ ...it, topology })));
  const narrator = createStepPrinter({
    clock,
    print,
    labelled: topologies.length > 1,
    timeout,
    versionOf: (id) => stations.find((it) => it.id === id)?.version ?? '?',
    topologyAt: (name) => stations.find(({ id }) => name.startsWith(id))?.topology,
  });
  narrator.follow('CPO', cpo);
  if (emsp) narrator.follow('eMSP', emsp);
  if (scsp) narrator.follow('SCSP', scsp);
  await introduce(cast, topologies);

  const steered = stations.flatMap(({ topology, evses }) => (topology === 'emsp' ? evses : []));
  if (emsp) stack.use(steerSessions({ emsp, clock, seed, evseOf: (uid) => steered.find((evse) => evse.uid === uid), reportError }));
  const opened = topologies.map((topology) => openPlace(topology, { seed, clock, ocppUrl, narrator }));
  for (const place of await Promise.all(opened)) stack.use(place);
  return stack.move();
}

async function openNodes(options: DemoOptions, clock: Clock, stack: AsyncDisposableStack): Promise<Cast> {
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

/** Registers each node at those that it speaks with. */
async function introduce({ cpo, emsp, scsp }: Cast, topologies: readonly Topology[]): Promise<void> {
  const register = async (node: Node, at: Node, party: Parameters<Node['registration']['invite']>[0]) =>
    valueOrThrow(await node.registration.register(`${at.publicUrl}/ocpi/versions`, valueOrThrow(await at.registration.invite(party))));
  if (emsp) await register(emsp, cpo, emspParty);
  if (scsp && emsp && topologies.includes('relay')) await register(scsp, emsp, scspParty);
  if (scsp && topologies.includes('cpo-scsp')) await register(scsp, cpo, scspParty);
}

/** Connects the charge points of one place and lets cars come and go. */
function openPlace(topology: Topology, by: { seed: string; clock: Clock; ocppUrl: string; narrator: StepPrinter }): Promise<AsyncDisposable> {
  const { seed, clock, ocppUrl, narrator } = by;
  const { cards, ...place } = demoLocations[topology];
  const stations = place.stations(seed);
  const versionOf = new Map(stations.map(({ id, version }) => [id, version]));
  const log = ({ station, event, evse }: { station: string; event: string; evse?: unknown }) => {
    const verb = CAR_VERBS[event];
    if (verb) narrator.print({ from: 'car', to: `${station} (OCPP ${versionOf.get(station)})`, what: `${verb} EVSE ${evse}` }, station);
  };
  return openStreet({ seed, stations, ocppUrl, clock, tokens: cards.map((uid) => ({ uid, type: 'ISO14443' })), log });
}

const reportError = (what: string, error: unknown) => void process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
const CAR_VERBS: Readonly<Record<string, string>> = { 'plugged-in': 'plugs in at', unplugged: 'leaves' };

/** Lets the other commands of this user find the node that steers: evenkeel sessions, set, watch. */
async function leaveWord(node: Node, stack: AsyncDisposableStack): Promise<void> {
  const { key } = await node.keys.add({ name: 'demo', scope: 'operate' });
  const door = { url: node.publicUrl, key };
  writeDemoAccess(door);
  stack.defer(() => removeDemoAccess(door));
}

/** A node with somebody who may do everything there; nothing in a demo is worth a secret. */
async function openNode(name: string, config: Config, { clock, demo }: { clock: Clock; demo: Operator }): Promise<Node> {
  const log: Log = (level, event, facts) => {
    if (level === 'error') process.stderr.write(`${name}: ${event} ${JSON.stringify(facts)}\n`);
  };
  try {
    const node = await createNode(config, { clock, log, demo });
    valueOrThrow(await node.users.add({ ...demo, role: 'admin', totp: false }));
    return node;
  } catch (error) {
    if (error instanceof PortTaken) throw new CliError(`${error.address} is in use: choose four free ports in a row with --port`);
    throw error;
  }
}

function welcome({ cpo, emsp, scsp, operator, ocppUrl }: Cast, topologies: readonly Topology[]): readonly string[] {
  const node = (name: string, { publicUrl }: Node) => `${name.padEnd(14)} ${publicUrl}   OCPI ${publicUrl}/ocpi/versions   metrics ${publicUrl}/metrics`;
  return [
    node('CPO node', cpo),
    ...(emsp ? [node('eMSP node', emsp)] : []),
    ...(scsp ? [node('SCSP node', scsp)] : []),
    `console        ${cpo.publicUrl}/console/${emsp ? `   of the eMSP ${emsp.publicUrl}/console/` : ''}   name ${operator.name}, password ${operator.password}`,
    `charge points  ${ocppUrl}/{id}`,
    ...topologies.map((it) => `${it.padEnd(14)} ${demoLocations[it].description}`),
    'by hand        evenkeel sessions; evenkeel set SESSION --limit 8A --for 15m --wait; evenkeel watch (in a checkout: npm run -s evenkeel -- sessions)',
    '',
  ];
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
