import { listAlarms } from '../node/api/alarms/routes.ts';
import type { EventView } from '../node/api/events/schemas.ts';
import { listExchanges } from '../node/api/exchanges/routes.ts';
import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import { listSessions } from '../node/api/sessions/routes.ts';
import { machineClock } from '../node/core/machine-clock.ts';
import { stopSignal } from '../node/core/stop-signal.ts';
import { type ApiAccess, type ApiClient, openClient } from './api-client.ts';
import { describeAlarm, summariseAlarms } from './describe-alarm.ts';
import { describeLimit } from './describe-profile.ts';
import { timeOfDay, watchColumns } from './describe-session.ts';
import { followStream } from './follow-stream.ts';
import { printable, printJsonLine } from './output.ts';
import { cutLine, printLines, renderTable } from './table.ts';
import { terminal } from './terminal.ts';

/** Shows the events of a node until SIGINT or SIGTERM: as an updated table (`screen`), or as one line for each event. */
export async function watchSessions(access: ApiAccess, as: 'screen' | 'lines' | 'json'): Promise<void> {
  const client = openClient(access);
  if (as !== 'screen') return Promise.race([stopped(), printEvents(client, as === 'json' ? printJsonLine : printEvent)]);
  try {
    await Promise.race([stopped(), drawSessions(client)]);
  } finally {
    terminal().stdout.write(SHOW_CURSOR);
  }
}

const stopped = async () => void (await stopSignal());

async function printEvents(client: ApiClient, print: (event: EventView) => void): Promise<void> {
  for await (const event of followStream(client, () => undefined)) print(event);
}

const printEvent = (event: EventView) => printLines([`${timeOfDay(event.at)}  ${describe(event)}`]);
function describe(event: EventView): string {
  switch (event.kind) {
    case 'session':
      return `${event.session}  ${event.data.status}, ${event.data.kwh.toFixed(2)} kWh`;
    case 'active-profile': {
      const { charging_rate_unit: unit, charging_profile_period: periods } = event.data.charging_profile;
      return `${event.session}  limit ${periods.map((it) => describeLimit(it.limit, unit)).join(', ')}`;
    }
    case 'limit-unknown':
      return `${event.session}  limit unknown, until the charge point reports what holds`;
    case 'deviation':
      return `${event.session}  ${event.data.how === 'none' ? 'follows the accepted profile again' : `is ${event.data.how} the accepted profile`}`;
    case 'exchange':
      return `${event.session}  ${event.data.kind} ${event.data.outcome ?? event.data.state}`;
    case 'security':
      return `security: ${event.data.says}`;
    case 'alarm':
      return `alarm ${event.data.change}: ${describeAlarm(event.data.alarm)}`;
    case 'gap':
      return `events ${event.data.after + 1} to ${event.data.resumes_after} are no longer stored and are not shown`;
    default:
      return event satisfies never;
  }
}

/** Shortest time between two updates of the screen. */
const PAUSE_MS = 200;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_SCREEN = '\u001b[2J';
const TOP_LEFT = '\u001b[H';
const END_OF_LINE = '\u001b[K\n';
const CLEAR_BELOW = '\u001b[J';

/** Each event triggers an update, and each update reads the whole state from the node, so the table cannot miss a change. */
async function drawSessions(client: ApiClient): Promise<void> {
  terminal().stdout.write(`${HIDE_CURSOR}${CLEAR_SCREEN}`);
  let drawing = false;
  let stale = false;
  async function draw(): Promise<void> {
    stale = drawing;
    if (drawing) return;
    drawing = true;
    // A table that is not true any more is not left on the screen; followStream ends the command if the node stays away.
    const lines = await screen(client).catch((error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n'));
    terminal().stdout.write(`${TOP_LEFT}${lines.map((line) => line + END_OF_LINE).join('')}${CLEAR_BELOW}`);
    await new Promise<void>((resolve) => void machineClock.after(PAUSE_MS, resolve));
    drawing = false;
    if (stale) await draw();
  }
  for await (const _ of followStream(client, () => void draw())) void draw();
}

async function screen(client: ApiClient): Promise<string[]> {
  const rows = Math.max(5, (terminal().stdout.rows ?? 24) - 7);
  const [sessions, exchanges, alarms] = await Promise.all([
    client.send(listSessions, { query: { status: 'ACTIVE', limit: rows } }),
    client.send(listExchanges, { query: { limit: 200 } }),
    client.send(listAlarms, {}),
  ]);
  const last = new Map<string, ExchangeView>(exchanges.items.toReversed().map((it) => [it.session, it]));
  const count = `${sessions.items.length}${sessions.next === undefined ? '' : '+'}`;
  const title = `${count} running ${count === '1' ? 'session' : 'sessions'}   ${timeOfDay(machineClock.now())}   Ctrl-C to quit`;
  const found = summariseAlarms(alarms.items).map((line) => cutLine(printable(line)));
  const table = sessions.items.length === 0 ? ['no session is running'] : renderTable(watchColumns(sessions.items, last), sessions.items);
  return [title, ...found, '', ...table].slice(0, rows + 3);
}
