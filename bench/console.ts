import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildConsole, isStale } from '../scripts/console.ts';
import { browserPath, lacksBrowser } from '../scripts/test-browser.ts';
import { handOf, WAYS, type Way } from '../test/console/hand.ts';
import { TASKS, type Task } from '../test/console/tasks.ts';
import { atLeast, atMost, type Benchmark, median, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as consoleHandlers } from './node/console-program.ts';

const SESSIONS = 20;
/** Charge points send their meters each minute: on this clock each session is updated every second. */
const SPEED = 60;
const PAINTS = 7;
/** How long frames are counted, in ms. */
const FRAMES_MS = 5_000;
const WINDOWS: Readonly<Record<Way, BrowserContextOptions>> = {
  mouse: { viewport: { width: 1280, height: 900 } },
  keyboard: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

interface Node {
  url: string;
  password: string;
}

/** The console in Chromium: size of the first load, first paint, frames of the live chart while sessions are updated, and how long a script needs for each task. */
export const consolePage: Benchmark = async ({ workspace, progress }) => {
  const missing = lacksBrowser();
  if (missing !== undefined) throw new Error(missing);
  if (isStale()) buildConsole();
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  try {
    await using program = startProgram<typeof consoleHandlers>('node/console-program.ts');
    progress(`${SESSIONS} charging cars`);
    const live = await program.call('open', { folder: workspace.newFolder(), stations: SESSIONS, speed: SPEED });
    const rows = [atMost('first load, gzip', firstLoadBytes() / 1024, { unit: 'KB', aim: 75 }), ...(await measurePage(browser, live))];
    await program.call('close', undefined);
    progress('the tasks');
    const node = await program.call('open', { folder: workspace.newFolder(), stations: 3, speed: 1 });
    rows.push(...(await measureTasks(browser, node)));
    await program.call('close', undefined);
    return rows;
  } finally {
    await browser.close();
  }
};

/** Bytes of the page, its style sheets and the scripts that it loads before it is drawn, each compressed. */
function firstLoadBytes(): number {
  const dist = join(import.meta.dirname, '../console/dist');
  const files = new Map([['index.html', readFileSync(join(dist, 'index.html'), 'utf8')]]);
  for (const [, text] of files)
    for (const [, path = ''] of text.matchAll(/(?:(?:src|href)="\/console\/|(?:from|import)"\.\/)([\w./-]+)"/g)) {
      const [file] = globSync([path, `assets/${path}`], { cwd: dist });
      if (file !== undefined && !files.has(file)) files.set(file, readFileSync(join(dist, file), 'utf8'));
    }
  return [...files.values()].reduce((bytes, text) => bytes + gzipSync(text, { level: 9 }).length, 0);
}

async function openPage(browser: Browser, { url, password }: Node, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ timezoneId: 'Europe/Amsterdam', locale: 'en-GB', ...options });
  const headers = { origin: url, 'x-evenkeel': '1' };
  const answer = await context.request.post(`${url}/api/v1/login`, { headers, data: { name: 'anna', password } });
  if (answer.status() !== 200) throw new Error(`no sign-in: HTTP ${answer.status()}`);
  return await context.newPage();
}

/** First paint of the overview with an empty cache, and frames of a session's chart. */
async function measurePage(browser: Browser, node: Node): Promise<Row[]> {
  const paints: number[] = [];
  for (let n = 0; n < PAINTS; n++) {
    const page = await openPage(browser, node, WINDOWS.mouse);
    await page.goto(`${node.url}/console/`);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN));
    await page.context().close();
  }
  const page = await openPage(browser, node, WINDOWS.mouse);
  await page.goto(`${node.url}/console/`);
  await page.getByRole('region', { name: 'Sessions now' }).getByRole('link', { name: 'OAK-1-1', exact: true }).click();
  await page.locator('.plot canvas').first().waitFor();
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const { perSecond, longest } = await countFrames(page);
  await page.context().close();
  return [
    atMost('first paint, median of 7', median(paints) / 1000, { unit: 's', aim: 1 }),
    atLeast(`live chart, ${SESSIONS} sessions updated each second`, perSecond, { unit: 'fps', aim: FRAME_AIM }),
    { name: 'live chart, longest time between two frames', value: longest, unit: 'ms' },
  ];
}

/** 60 frames per second; a clock that is read once for 5 s may miss one frame. */
const FRAME_AIM = 59;

/** Runs in the page, which has other globals than this program. */
const COUNT_FRAMES = `new Promise((done) => {
  let frames = 0, longest = 0, began, last;
  const frame = (at) => {
    if (began === undefined) began = at;
    else {
      frames += 1;
      longest = Math.max(longest, at - last);
    }
    last = at;
    if (at - began >= ${FRAMES_MS}) done({ perSecond: (frames * 1000) / (at - began), longest });
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;
const countFrames = (page: Page): Promise<{ perSecond: number; longest: number }> => page.evaluate(COUNT_FRAMES);

/** How long a script needs for each task, with the answers of the node and of the charge point, in s; in the order of the test. */
async function measureTasks(browser: Browser, node: Node): Promise<Row[]> {
  const pages = new Map<Way, Page>();
  for (const way of WAYS) pages.set(way, await openPage(browser, node, WINDOWS[way]));
  const rows: Row[] = [];
  for (const task of TASKS) for (const [way, page] of pages) rows.push(await measureTask(task, way, { page, url: node.url }));
  return rows;
}

async function measureTask({ title, ways, shows }: Task, way: Way, { page, url }: { page: Page; url: string }): Promise<Row> {
  const read = async (path: string): Promise<unknown> => await (await page.context().request.get(`${url}/api/v1/${path}`)).json();
  await page.goto(`${url}/console/`);
  await page.getByRole('region', { name: 'Results not delivered' }).waitFor();
  const hand = handOf(page, way);
  const began = performance.now();
  await ways[way](hand);
  await shows(hand, { read });
  return { name: `${title}, by ${way}, ${hand.done.length} interactions`, value: (performance.now() - began) / 1000, unit: 's' };
}
