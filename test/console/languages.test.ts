import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { lacksChromium, openBrowser, type TestBrowser } from './browser.fixture.ts';
import { openBusyWorld, PAGES, type PageName } from './pages.fixture.ts';

describe.skipIf(lacksChromium)('CON-T02: the languages of the console', () => {
  let world: World;
  let browser: TestBrowser;
  let pages: Record<PageName, string>;
  beforeAll(async () => {
    ({ world, pages } = await openBusyWorld());
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  test('a choice changes the open page with its draft kept, holds on the next page, and axe finds no violation', async () => {
    const window = await browser.openWindow(world.node(), { as: 'anna', bypassCSP: true });
    const { page, open, errors } = window;
    const language = () => page.locator('html').getAttribute('lang');
    const loaded = () => page.locator('.bone').first().waitFor({ state: 'detached' });
    await open(pages.session);
    expect(await language()).toBe('en');
    await page.getByLabel('Limit of period 1, A').fill('13.5');
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByRole('heading', { name: /^Ladevorgang CP-/ }).waitFor();
    expect([await language(), await page.title()]).toEqual(['de', expect.stringMatching(/^Ladevorgang .* · Evenkeel$/)]);
    expect(await page.getByLabel('Grenze von Abschnitt 1, A').inputValue()).toBe('13.5');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Grenze von Abschnitt 1, A');
    await page.getByText('setzen: 9 A').first().waitFor();
    await page.getByText(/\d,\d\d kWh/).waitFor();
    expect(await violationsOn(window)).toEqual([]);
    await open(pages.overview);
    await page.getByRole('heading', { name: 'Übersicht' }).waitFor();
    await loaded();
    expect(await violationsOn(window)).toEqual([]);
    await page.getByLabel('Sprache').selectOption('Nederlands');
    await page.getByRole('heading', { name: 'Overzicht' }).waitFor();
    await page.getByRole('region', { name: 'Laadsessies nu' }).getByText('actief').waitFor();
    expect([await language(), await violationsOn(window)]).toEqual(['nl', []]);
    await open(pages.session);
    await page.getByRole('heading', { name: /^Laadsessie CP-/ }).waitFor();
    await loaded();
    expect(await violationsOn(window)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('a German browser gets German pages; at 390 and 1024 px none of them scrolls sideways', async () => {
    const { page, open, errors } = await browser.openWindow(world.node(), { as: 'anna', locale: 'de-AT' });
    const wider: string[] = [];
    for (const name of PAGES) {
      // Narrow first: a chart that shrinks is drawn again a moment later.
      await page.setViewportSize({ width: 390, height: 844 });
      await open(pages[name]);
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      for (const width of [390, 1024]) {
        await page.setViewportSize({ width, height: 844 });
        const found = await page.evaluate(() => document.documentElement.scrollWidth);
        if (found > width) wider.push(`${name}: ${found} px at ${width} px`);
      }
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(wider).toEqual([]);
    expect(errors).toEqual([]);
  });
});
