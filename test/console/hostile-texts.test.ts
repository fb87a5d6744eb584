import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';
import { PAYLOADS } from './hostile-texts.ts';
import { openBusyWorld, PAGES, type PageName } from './pages.fixture.ts';

/** Values that the page makes decisions by; in their fields a node sends no others. */
const UNCHANGED = /^(ACTIVE|REGISTERED|own|foreign|carried|sent|set|get|clear|A|W|admin|password|LOC1|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

/** Replaces every other text of an answer by a payload. */
function poison(value: unknown, payload: string): unknown {
  if (typeof value === 'string') return UNCHANGED.test(value) ? value : payload;
  if (Array.isArray(value)) return value.map((it) => poison(it, payload));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, poison(it, payload)]));
}

/** Payloads in one text, so that each page is opened less often. */
const TOGETHER = 10;
const BATCHES = Array.from({ length: Math.ceil(PAYLOADS.length / TOGETHER) }, (_, n) => PAYLOADS.slice(n * TOGETHER, (n + 1) * TOGETHER).join(' '));

/** The plan of a node with a planner; the node of this test has none. */
const PLAN = {
  planned_at: '2026-01-31T09:30:00.000Z',
  sites: [{ location_id: 'L', limit: 63, unit: 'A' }],
  sessions: [{ session: 'S', location_id: 'L', state: 'steered', why: 'w', sent_at: '2026-01-31T09:30:00.000Z', underway: false, refusal: 'r' }],
};

/** Answers with content, where the node of this test has none. */
const MADE: Readonly<Record<string, unknown>> = {
  '/plan': PLAN,
  '/contracts': { items: [{ id: 'c', party: 'p', may: ['see'], locations: ['l'], evses: ['e'], origin: 'command', consented: false, halted: false }] },
  '/consents': { items: [{ party: 'p', driver: 'd', purpose: 'u', text_version: '1', given_at: '2026-01-31T09:30:00.000Z' }] },
  '/tokens/claims': { items: [{ id: 1, party: 'p', uid: 'u', type: 'RFID', valid: true, owner: 'o' }] },
  '/keys': { items: [{ id: 'k', name: 'n', scope: 'view', created_at: '2026-01-31T09:30:00.000Z' }] },
};

describe.skipIf(lacksChromium)(`SEC-38: ${PAYLOADS.length} hostile texts in every shown field run no code`, () => {
  let world: World;
  let browser: TestBrowser;
  let window: Window;
  let pages: Record<PageName, string>;
  let payload: string | undefined;
  const otherOrigins: string[] = [];
  beforeAll(async () => {
    ({ world, pages } = await openBusyWorld());
    browser = await openBrowser();
    window = await browser.openWindow(world.node(), { as: 'anna' });
    await window.page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      if (url.origin !== world.node().publicUrl) {
        otherOrigins.push(url.href);
        return route.abort();
      }
      if (payload === undefined || !url.pathname.startsWith('/api/v1/') || url.pathname.endsWith('/events')) return route.continue();
      const made = Object.entries(MADE).find(([path]) => url.pathname.endsWith(`/api/v1${path}`))?.[1];
      if (made !== undefined) return route.fulfill({ json: poison(made, payload) });
      const response = await route.fetch();
      return route.fulfill({ response, json: poison(await response.json(), payload) });
    });
  });
  afterAll(async () => {
    await window?.page.unrouteAll({ behavior: 'ignoreErrors' });
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  /** The parts of the page that are not text: names of elements, and attributes that could run code. */
  const anatomy = () =>
    window.page.evaluate(() => {
      const all = [...document.querySelectorAll('*')];
      const runs = all.flatMap((it) =>
        [...it.attributes].filter(({ name }) => /^on|^style$|^srcdoc$/.test(name) && !it.closest('.plot')).map(({ name }) => `${it.tagName} ${name}`),
      );
      const links = all
        .flatMap((it) => ['href', 'src', 'action', 'data'].map((name) => it.getAttribute(name) ?? ''))
        .filter((it) => it !== '' && !/^(\/|#)/.test(it));
      const drawn = (it: Element) => it.matches('svg.health, svg.bar, svg.health > rect, svg.bar > rect, svg.health > rect > title'); // the page's own strips
      return {
        names: [...new Set(all.filter((it) => !drawn(it)).map((it) => it.tagName.toLowerCase()))],
        runs,
        links,
        ran: Reflect.get(window, 'ran'),
        scripts: document.scripts.length,
      };
    });
  /** Leaves the page and comes back, so that it requests everything again. */
  const visit = (path: string) =>
    window.page.evaluate(async (address) => {
      const frames = async (there: () => boolean) => {
        do await new Promise((next) => requestAnimationFrame(next));
        while (!there());
      };
      const go = (to: string) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      };
      go('/console/no-such-page');
      await frames(() => document.body.textContent.includes('There is no page at this address'));
      go(address);
      await frames(
        () =>
          !document.body.textContent.includes('There is no page at this address') &&
          document.querySelector('h1') !== null &&
          document.querySelector('.bone') === null,
      );
    }, `/console/${path}`);
  const EXPECTED = new Set(
    'html head meta title link script body div noscript a header img span button nav fieldset legend p main section h1 h2 h3 ul ol li dl dt dd table caption thead tbody tr th td figure canvas details summary pre time strong b label input select option form code kbd dialog'.split(
      ' ',
    ),
  );

  test.each(PAGES.filter((it) => !['connect', 'register', 'nowhere'].includes(it)))(
    'on the page %s',
    async (name) => {
      payload = undefined;
      await window.open(pages[name]);
      await window.page.locator('.bone').first().waitFor({ state: 'detached' });
      const { scripts } = await anatomy();
      for (const text of BATCHES) {
        payload = text;
        await visit(pages[name]);
        expect(await window.page.locator('body').textContent()).toContain(text.slice(0, 12)); // the payload is on the page
        const found = await anatomy();
        expect({ text, ...found, names: found.names.filter((it) => !EXPECTED.has(it)) }).toEqual({
          text,
          names: [],
          runs: [],
          links: [],
          ran: undefined,
          scripts,
        });
      }
      expect(otherOrigins).toEqual([]);
      expect(window.errors).toEqual([]);
    },
    120_000,
  );
});
