import { stopInTime, stopSignal } from '../../node/core/stop-signal.ts';
import type { Node } from '../../node/index.ts';
import { PortTaken } from '../../node/listen.ts';
import { removeDemoAccess, writeDemoAccess } from '../demo-access.ts';
import { CliError } from '../output.ts';
import { terminal } from '../terminal.ts';
import { demoLocations } from './locations.ts';
import { type Demo, openDemo } from './open.ts';
import type { DemoOptions } from './settings.ts';
import type { Topology } from './topologies.ts';

/** The ports that a demo tries for its CPO, each with the next three; then any free ports. So a second demo starts beside the first. */
const USUAL_PORTS = [8080, 8090, 8100, 8110, 0];

/** What the command line says: the port may be left to the demo. */
export type RunOptions = Omit<DemoOptions, 'port'> & { port: number | undefined };

/** Runs the demo until SIGINT or SIGTERM, then deletes its data. */
export async function runDemo(options: RunOptions): Promise<void> {
  const stopped = stopSignal();
  let stopping = false;
  const demo = await openAtFreePort(options, (text) => {
    if (!stopping) print(text);
  });
  await stopped;
  print('Stopping …');
  stopping = true;
  if ((await stopInTime(demo)) === 'late') throw new CliError('the demo did not stop within 10 s and was ended');
}

/** Opens the demo at the port of --port, else at the first of the usual ports that is free with the three after it. */
async function openAtFreePort({ port, ...options }: RunOptions, show: (text: string) => void): Promise<AsyncDisposable> {
  const [first = 0, ...others] = port === undefined ? USUAL_PORTS : [port];
  for (const candidate of [first, ...others]) {
    try {
      return await openWithAccess({ ...options, port: candidate }, show);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (port !== undefined)
        throw new CliError(`${error.address} is in use: choose another port with --port (the demo uses it and the next three), or --port 0`);
    }
  }
  throw new CliError('no port is free');
}

async function openWithAccess(options: DemoOptions, show: (text: string) => void): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { topologies } = options;
  const demo = await openDemo(options, {
    print: show,
    listening: async (nodes) => {
      await shareAccess((topologies.includes('emsp') ? nodes.emsp : nodes.scsp) ?? nodes.cpo, stack);
      for (const text of welcome(nodes, topologies)) show(text);
    },
  });
  stack.use(demo);
  return stack.move();
}

/** Lets other commands of this user find the node that steers, such as evenkeel sessions, set and watch. */
async function shareAccess(node: Node, stack: AsyncDisposableStack): Promise<void> {
  const { key } = await node.keys.add({ name: 'demo', scope: 'operate' });
  const access = { url: node.publicUrl, key };
  writeDemoAccess(access);
  stack.defer(() => removeDemoAccess(access));
}

function welcome({ cpo, emsp, scsp, user, ocppUrl, csms }: Omit<Demo, keyof AsyncDisposable>, topologies: readonly Topology[]): readonly string[] {
  const line = (title: string, text: string) => `${title.padEnd(14)} ${text}`;
  const nodes = [
    { name: 'CPO', node: cpo },
    { name: 'eMSP', node: emsp },
    { name: 'SCSP', node: scsp },
  ].flatMap(({ name, node }) => (node ? [{ name, url: node.publicUrl }] : []));
  return [
    ...nodes.map(({ name, url }) => line(`${name} node`, `console ${url}/console/   OCPI ${url}/ocpi/versions   metrics ${url}/metrics`)),
    line('sign in', `at each console as ${user.name} with password ${user.password} (filled in)`),
    line('charge points', `${ocppUrl}/{id}`),
    ...(csms === undefined ? [] : [line('CSMS', `simulated, behind the CPO node: ${csms}/{id}; it answers the charge points, the node adds its own calls`)]),
    ...topologies.map((it) => line(it, demoLocations[it].description)),
    line('trouble', `cut a station, delay a party, halve the fuse: ${cpo.publicUrl}/console/trouble`),
    line('by hand', 'in another terminal: npx evenkeel sessions, npx evenkeel set SESSION --limit 8A --for 15m --wait, npx evenkeel watch'),
    '',
  ];
}

const print = (text: string) => void terminal().stdout.write(`${text}\n`);
