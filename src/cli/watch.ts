import type { Command } from 'commander';
import type { EventView, ExchangeView } from '../node/api/words.ts';
import { stopSignal } from '../node/lifetime.ts';
import type { ApiClient } from './api-client.ts';
import { describeLimit } from './describe-profile.ts';
import { timeOfDay, watchColumns } from './describe-session.ts';
import { Failure } from './failure.ts';
import { type DoorKey, type DoorOptions, findDoor, withDoor } from './find-door.ts';
import { printJsonLine } from './json-line.ts';
import { layTable, printLines } from './table.ts';

/** `watch`: shows running sessions as they change. */
export function addWatchCommand(program: Command): void {
  withDoor(
    program
      .command('watch')
      .summary('see sessions change')
      .description(
        'Shows the sessions that run, with limit, power and the last outcome, and draws them anew when something changes, until Ctrl-C.\nWhere nobody looks, each event is a line.',
      ),
  ).action(async (options: DoorOptions) => {
    const [{ openClient }, door] = await Promise.all([import('./api-client.ts'), findDoor(options)]);
    const client = openClient(door);
    const show = options.json ? printJsonLine : process.stdout.isTTY ? undefined : printEvent;
    await Promise.race([stopSignal(), show ? tellEvents(client, door, show) : drawSessions(client, door)]);
    if (!show) process.stdout.write(SHOW_CURSOR);
  });
}

async function tellEvents(client: ApiClient, door: DoorKey, show: (event: EventView) => void): Promise<void> {
  const { followStream } = await import('./follow-stream.ts');
  for await (const event of followStream(client, () => undefined)) show(event);
  throw gone(door);
}

const gone = (door: DoorKey) =>
  new Failure(`no node answers at ${door.url}: start it with evenkeel ${door.from === 'demo' ? 'demo' : 'serve'}, or name another with --url`);

const printEvent = (event: EventView) => printLines([`${timeOfDay(event.at)}  ${describe(event)}`]);
function describe(event: EventView): string {
  switch (event.kind) {
    case 'session':
      return `${event.session}  ${event.data.status}, ${event.data.kwh.toFixed(2)} kWh`;
    case 'active-profile': {
      const { charging_rate_unit: unit, charging_profile_period: periods } = event.data.charging_profile;
      return `${event.session}  limit ${periods.map((it) => describeLimit(it.limit, unit)).join(', ')}`;
    }
    case 'exchange':
      return `${event.session}  ${event.data.kind} ${event.data.outcome ?? event.data.state}`;
    case 'gap':
      return `events after ${event.data.after} are forgotten; it goes on after ${event.data.resumes_after}`;
    default:
      return event satisfies never;
  }
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const FROM_THE_TOP = '\u001b[H';
const END_OF_LINE = '\u001b[K\n';
const REST_OF_SCREEN = '\u001b[J';

/** Events say when to look; what is drawn is what the node says then, so that nothing can be out of step. */
async function drawSessions(client: ApiClient, door: DoorKey): Promise<void> {
  const { followStream } = await import('./follow-stream.ts');
  process.stdout.write(`${HIDE_CURSOR}\u001b[2J`);
  let drawing = false;
  let stale = false;
  async function draw(): Promise<void> {
    stale = drawing;
    if (drawing) return;
    drawing = true;
    const lines = await screen(client).catch(() => undefined); // a node that is away is told of by the stream
    if (lines) process.stdout.write(`${FROM_THE_TOP}${lines.map((line) => line + END_OF_LINE).join('')}${REST_OF_SCREEN}`);
    drawing = false;
    if (stale) await draw();
  }
  for await (const _ of followStream(client, () => void draw())) void draw();
  process.stdout.write(SHOW_CURSOR);
  throw gone(door);
}

async function screen(client: ApiClient): Promise<string[]> {
  const { listExchanges, listSessions } = await import('../node/api/routes.ts');
  const rows = Math.max(5, (process.stdout.rows ?? 24) - 4);
  const [sessions, exchanges] = await Promise.all([
    client.ask(listSessions, { query: { status: 'ACTIVE', limit: rows } }),
    client.ask(listExchanges, { query: { limit: 200 } }),
  ]);
  const last = new Map<string, ExchangeView>(exchanges.items.toReversed().map((it) => [it.session, it]));
  const title = `${sessions.items.length}${sessions.next === undefined ? '' : '+'} sessions run   ${new Date().toTimeString().slice(0, 8)}   Ctrl-C ends`;
  return [title, '', ...layTable(watchColumns(sessions.items, last), sessions.items)];
}
