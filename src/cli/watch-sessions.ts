import { listExchanges, listSessions } from '../node/api/sessions/routes.ts';
import type { EventView, ExchangeView } from '../node/api/sessions/schemas.ts';
import { machineClock } from '../node/core/machine-clock.ts';
import { stopSignal } from '../node/core/stop-signal.ts';
import { type ApiClient, openClient } from './api-client.ts';
import { describeLimit } from './describe-profile.ts';
import { timeOfDay, watchColumns } from './describe-session.ts';
import type { ApiAccess } from './find-api.ts';
import { followStream } from './follow-stream.ts';
import { printJsonLine } from './json-line.ts';
import { printLines, renderTable } from './table.ts';

/** Shows what happens at a node until the process is told to stop: a picture for people, or an event a line. */
export async function watchSessions(door: ApiAccess, as: 'screen' | 'lines' | 'json'): Promise<void> {
  const client = openClient(door);
  if (as !== 'screen') return Promise.race([stopped(), tellEvents(client, as === 'json' ? printJsonLine : printEvent)]);
  try {
    await Promise.race([stopped(), drawSessions(client)]);
  } finally {
    process.stdout.write(SHOW_CURSOR);
  }
}

const stopped = async () => void (await stopSignal());

async function tellEvents(client: ApiClient, show: (event: EventView) => void): Promise<void> {
  for await (const event of followStream(client, () => undefined)) show(event);
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
    case 'deviation':
      return `${event.session}  ${event.data.how === 'none' ? 'does as it was told again' : `stays ${event.data.how} what it accepted`}`;
    case 'exchange':
      return `${event.session}  ${event.data.kind} ${event.data.outcome ?? event.data.state}`;
    case 'security':
      return `security: ${event.data.says}`;
    case 'gap':
      return `events after ${event.data.after} are forgotten; it goes on after ${event.data.resumes_after}`;
    default:
      return event satisfies never;
  }
}

/** Between two pictures, however much happens. */
const PAUSE_MS = 200;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const FROM_THE_TOP = '\u001b[H';
const END_OF_LINE = '\u001b[K\n';
const REST_OF_SCREEN = '\u001b[J';

/** Events say when to look; what is drawn is what the node says then, so that nothing can be out of step. */
async function drawSessions(client: ApiClient): Promise<void> {
  process.stdout.write(`${HIDE_CURSOR}\u001b[2J`);
  let drawing = false;
  let stale = false;
  async function draw(): Promise<void> {
    stale = drawing;
    if (drawing) return;
    drawing = true;
    const lines = await screen(client).catch(() => undefined); // a node that is away is told of by the stream
    if (lines) process.stdout.write(`${FROM_THE_TOP}${lines.map((line) => line + END_OF_LINE).join('')}${REST_OF_SCREEN}`);
    await new Promise<void>((go) => void machineClock.after(PAUSE_MS, go));
    drawing = false;
    if (stale) await draw();
  }
  for await (const _ of followStream(client, () => void draw())) void draw();
}

async function screen(client: ApiClient): Promise<string[]> {
  const rows = Math.max(5, (process.stdout.rows ?? 24) - 4);
  const [sessions, exchanges] = await Promise.all([
    client.send(listSessions, { query: { status: 'ACTIVE', limit: rows } }),
    client.send(listExchanges, { query: { limit: 200 } }),
  ]);
  const last = new Map<string, ExchangeView>(exchanges.items.toReversed().map((it) => [it.session, it]));
  const many = `${sessions.items.length}${sessions.next === undefined ? '' : '+'}`;
  const title = `${many === '1' ? '1 session runs' : `${many} sessions run`}   ${timeOfDay(machineClock.now())}   Ctrl-C ends`;
  return [title, '', ...renderTable(watchColumns(sessions.items, last), sessions.items)];
}
