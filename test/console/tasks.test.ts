import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';
import { handOf, WAYS, type Way } from './hand.ts';
import { OPERATORS, openTaskWorld, type TaskWorld } from './task-world.ts';
import { MOST_INTERACTIONS, TASKS } from './tasks.ts';
import { writeTasksPage } from './tasks-page.ts';

const file = join(import.meta.dirname, '../../docs/console-tasks.md');
const WINDOWS = {
  mouse: { viewport: { width: 1280, height: 900 } },
  keyboard: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

describe.skipIf(lacksChromium)('CON-K01 CON-K02 CON-K03 CON-K04 CON-K05 CON-K06 CON-K07 CON-K08: an operator does the tasks of docs/console-tasks.md', () => {
  let world: TaskWorld;
  let key: string;
  let browser: TestBrowser;
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  const windows = new Map<Way, Window>();
  const steps = new Map<string, readonly string[]>();
  beforeAll(async () => {
    world = await openTaskWorld({ folder, stations: 3, speed: 1 });
    ({ key } = await world.node.keys.add({ name: 'the other shift', scope: 'operate' }));
    browser = await openBrowser();
    // The other operator has done something too.
    await browser.openWindow(world.node, { as: OPERATORS.bert, password: world.password });
    for (const way of WAYS) windows.set(way, await browser.openWindow(world.node, { as: OPERATORS.anna, password: world.password, ...WINDOWS[way] }));
  });
  /** The tasks are about the alarm of the world. A busy machine may raise others, such as a look at limits that was late: somebody else takes them over. */
  const leaveTheAlarmOfTheWorld = async () => {
    const at = `${world.node.publicUrl}/api/v1/alarms`;
    const headers = { authorization: `Bearer ${key}` };
    const { items }: { items: { key: string; kind: string }[] } = JSON.parse(await (await fetch(at, { headers })).text());
    for (const it of items) {
      if (it.kind !== 'results-undelivered') await fetch(`${at}/${encodeURIComponent(it.key)}/acknowledge`, { method: 'POST', headers });
    }
  };
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(TASKS.flatMap((task) => WAYS.map((way) => [`${task.id}: ${task.title}`, way, task] as const)))('%s, by %s', async (_, way, task) => {
    const window = windows.get(way);
    if (!window) throw new Error('no window');
    await leaveTheAlarmOfTheWorld();
    const otherShift = setInterval(() => void leaveTheAlarmOfTheWorld(), 500);
    onTestFinished(() => clearInterval(otherShift));
    await window.open('');
    const hand = handOf(window.page, way);
    const read = async (path: string): Promise<unknown> => await (await window.context.request.get(`${world.node.publicUrl}/api/v1/${path}`)).json();
    await task.ways[way](hand);
    await task.shows(hand, { read });
    expect(hand.done.length).toBeLessThanOrEqual(MOST_INTERACTIONS);
    expect(window.errors).toEqual([]);
    steps.set(`${task.id} ${way}`, hand.done);
  });

  test('CON-K09: docs/console-tasks.md has the steps that were done, and their counts', () => {
    const page = writeTasksPage((id, way) => steps.get(`${id} ${way}`) ?? []);
    if (process.env.EVENKEEL_TASKS) writeFileSync(file, page);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });
});
