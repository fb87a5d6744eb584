import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';
import { openBusyWorld, PAGES, type PageName } from './pages.fixture.ts';

describe.skipIf(lacksChromium)('accessibility of every page', () => {
  let world: World;
  let browser: TestBrowser;
  let pages: Record<PageName, string>;
  let windows: Record<'wide' | 'narrow', Window>;
  beforeAll(async () => {
    ({ world, pages } = await openBusyWorld());
    browser = await openBrowser();
    const node = world.node();
    // axe creates elements from text, which the content security policy of the page blocks.
    windows = {
      wide: await browser.openWindow(node, { as: 'anna', bypassCSP: true }),
      narrow: await browser.openWindow(node, { as: 'anna', viewport: { width: 390, height: 844 } }),
    };
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  async function openLoaded(window: Window, path: string): Promise<void> {
    await window.open(path);
    await window.page.locator('.bone').first().waitFor({ state: 'detached' });
  }

  test.each(PAGES)('WCAG AA: axe finds no violation on the page %s, in light and in dark mode', async (name) => {
    const { page } = windows.wide;
    await page.emulateMedia({ colorScheme: 'light' });
    await openLoaded(windows.wide, pages[name]);
    expect(await violationsOn(windows.wide)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor();
    expect(await violationsOn(windows.wide)).toEqual([]);
  });

  test('WCAG AA: axe finds no violation on the login page and in the list of shortcuts', async () => {
    const signedOut = await browser.openWindow(world.node(), { bypassCSP: true });
    await signedOut.open('');
    expect(await violationsOn(signedOut)).toEqual([]);
    await openLoaded(windows.wide, '');
    await windows.wide.page.keyboard.press('?');
    await windows.wide.page.getByRole('dialog').waitFor();
    expect(await violationsOn(windows.wide)).toEqual([]);
  });

  test.each(PAGES)('at 390 px the page %s does not scroll sideways', async (name) => {
    await openLoaded(windows.narrow, pages[name]);
    expect(await windows.narrow.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(windows.narrow.errors).toEqual([]);
  });

  test('the keyboard is sufficient: the skip link is first, g and a letter open a page, / goes to the search, and the focus is visible', async () => {
    const { page } = windows.wide;
    await openLoaded(windows.wide, '');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe('solid');
  });

  test('times are shown in the time zone of the viewer, with UTC on hover', async () => {
    const { page } = windows.wide;
    await openLoaded(windows.wide, pages.exchange);
    const time = page.locator('dd time').first();
    const iso = (await time.getAttribute('datetime')) ?? '';
    expect(await time.getAttribute('title')).toBe(`${iso.slice(0, 19).replace('T', ' ')} UTC`);
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit', second: '2-digit' });
    expect(await time.textContent()).toContain(local.format(new Date(iso)));
  });
});
