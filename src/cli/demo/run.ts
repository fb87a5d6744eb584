import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStreet, realClock, street } from '../../../sim/index.ts';
import { type Clock, type Config, createNode, type Log, type Node } from '../../node/index.ts';
import { stopInTime, stopSignal } from '../../node/lifetime.ts';
import { PortTaken } from '../../node/listen.ts';
import { removeDemoDoor, writeDemoDoor } from '../demo-door.ts';
import { Failure, must } from '../failure.ts';
import { line, type Surroundings, type Told, tellStep } from '../print-step.ts';
import { cards, cpoSettings, type DemoOptions, emspParty, emspSettings } from './settings.ts';
import { steerSessions } from './steer.ts';

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
  if ((await stopInTime(demo)) === 'late') throw new Failure('the demo did not stop within 10 s and was cut off');
}

async function openDemo(options: DemoOptions, say: (text: string) => void): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const clock = realClock({ speed: options.speed });
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const settings = cpoSettings(options, folder);
  const operator = { name: 'demo', password: randomBytes(12).toString('base64url') };
  const cpo = stack.use(await openNode('CPO', settings, { clock, demo: operator }));
  const emsp = stack.use(await openNode('eMSP', emspSettings(options, folder), { clock, demo: operator }));
  const ocppUrl = `ws://127.0.0.1:${cpo.ocppPort}/ocpp`;
  await leaveWord(emsp, stack);
  for (const text of welcome({ cpo, emsp, ocppUrl, operator })) say(text);

  const stations = street(options.seed);
  const versions = new Map(stations.map((it) => [it.id, it.version]));
  const versionOf = (station: string) => versions.get(station) ?? '?';
  const evses = new Map(stations.flatMap((it) => it.evses.map((evse) => [evse.uid, evse])));
  const tell = (told: Told) => say(line(clock.now(), told));
  follow(cpo, { self: 'CPO', versionOf, timeout: settings.timeout }, tell);
  follow(emsp, { self: 'eMSP', versionOf, timeout: settings.timeout }, tell);

  must(await emsp.registration.register(`${cpo.publicUrl}/ocpi/versions`, must(await cpo.registration.invite(emspParty))));
  stack.use(steerSessions({ emsp, clock, seed: options.seed, evseOf: (uid) => evses.get(uid), complain }));
  const log = (event: { station: string; event: string; evse?: unknown }) => {
    const verb = CAR_VERBS[event.event];
    if (verb) tell({ from: 'car', to: `${event.station} (OCPP ${versionOf(event.station)})`, what: `${verb} EVSE ${event.evse}` });
  };
  stack.use(await openStreet({ seed: options.seed, ocppUrl, clock, tokens: cards.map((uid) => ({ uid, type: 'ISO14443' })), log }));
  return stack.move();
}

const complain = (what: string, error: unknown) => void process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
const CAR_VERBS: Readonly<Record<string, string>> = { 'plugged-in': 'plugs in at', unplugged: 'leaves' };

/** Lets the other commands of this user find the eMSP: evenkeel sessions, set, watch. */
async function leaveWord(emsp: Node, stack: AsyncDisposableStack): Promise<void> {
  const { key } = await emsp.keys.add({ name: 'demo', scope: 'operate' });
  const door = { url: emsp.publicUrl, key };
  writeDemoDoor(door);
  stack.defer(() => removeDemoDoor(door));
}

/** A node with somebody who may do everything there; nothing in a demo is worth a secret. */
async function openNode(name: string, config: Config, { clock, demo }: { clock: Clock; demo: Operator }): Promise<Node> {
  const log: Log = (level, event, facts) => {
    if (level === 'error') process.stderr.write(`${name}: ${event} ${JSON.stringify(facts)}\n`);
  };
  try {
    const node = await createNode(config, { clock, log, demo });
    must(await node.users.add({ ...demo, role: 'admin', totp: false }));
    return node;
  } catch (error) {
    if (error instanceof PortTaken) throw new Failure(`${error.address} is in use: choose three free ports in a row with --port`);
    throw error;
  }
}

function follow(node: Node, around: Surroundings, tell: (told: Told) => void): void {
  const statuses = new Map<string, string>();
  node.journal.onStep((step) => {
    if (step.step === 'session-came') {
      // Meter values come as changes of a session, too; only those of its status are worth a line.
      if (statuses.get(step.session) === step.status) return;
      statuses.set(step.session, step.status);
    }
    const told = tellStep(step, around);
    if (told) tell(told);
  });
}

interface Operator {
  name: string;
  password: string;
}
const welcome = ({ cpo, emsp, ocppUrl, operator }: { cpo: Node; emsp: Node; ocppUrl: string; operator: Operator }) => [
  `CPO node       ${cpo.publicUrl}   OCPI ${cpo.publicUrl}/ocpi/versions   metrics ${cpo.publicUrl}/metrics`,
  `eMSP node      ${emsp.publicUrl}   OCPI ${emsp.publicUrl}/ocpi/versions   metrics ${emsp.publicUrl}/metrics`,
  `console        ${cpo.publicUrl}/console/   of the eMSP ${emsp.publicUrl}/console/   name ${operator.name}, password ${operator.password}`,
  `charge points  ${ocppUrl}/{id}`,
  'by hand        evenkeel sessions; evenkeel set SESSION --limit 8A --for 15m --wait; evenkeel watch (in a checkout: npm run -s evenkeel -- sessions)',
  '',
];

const print = (text: string) => void process.stdout.write(`${text}\n`);
