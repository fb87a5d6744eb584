import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { badge, openWorld, type World } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { addUser, lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';

describe.skipIf(lacksChromium)('an operator finds sessions and gives commands', () => {
  let world: World;
  let browser: TestBrowser;
  let window: Window;
  let session: string;
  beforeAll(async () => {
    world = await openWorld({ config: { console: {} } });
    browser = await openBrowser();
    await addUser(world.node(), 'olaf', 'operate');
    const emsp = await world.emsp();
    session = await world.charging(emsp, await world.station('CP-201'));
    await (await world.station('CP-16')).plugIn(1, { car: buildCar(), idToken: badge });
    window = await browser.openWindow(world.node(), { as: 'olaf', bypassCSP: true });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  const rows = () => window.page.locator('tbody tr');
  const rowsAre = async (names: readonly string[]) => {
    await expect.poll(() => rows().locator('td:first-child a').allTextContents(), { timeout: 15_000 }).toEqual(names);
  };

  test('CON-E05: names come first; the node sorts and filters, the address keeps it, and a saved view brings it back', async () => {
    const { page, open } = window;
    await open('sessions');
    await expect.poll(() => rows().count(), { timeout: 15_000 }).toBe(2);
    expect(await rows().first().locator('td').first().innerText()).toMatch(/^CP-(16|201)-1\s+\*{4}BEEF$/);
    await page.getByRole('button', { name: 'EVSE' }).click();
    await rowsAre(['CP-16-1', 'CP-201-1']);
    await page.getByRole('button', { name: 'EVSE' }).click();
    await rowsAre(['CP-201-1', 'CP-16-1']);
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await page.getByLabel('Search session, station, EVSE, location').fill('  cp-16 ');
    await rowsAre(['CP-16-1']);
    expect(new URL(page.url()).search).toBe('?sort=name&order=desc&q=cp-16');

    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name of the view').fill('old ones');
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByRole('button', { name: 'Remove old ones' }).waitFor();
    const csv = await window.context.request.get(
      new URL((await page.getByLabel('Save all matching Sessions as CSV').getAttribute('href')) ?? '', page.url()).href,
    );
    expect((await csv.text()).split('\r\n')).toHaveLength(3);
    expect(await violationsOn(window)).toEqual([]);
    await open('sessions');
    await page.getByRole('button', { name: 'Station away' }).click();
    await page.getByText('No matches').waitFor();
    await page.getByRole('button', { name: 'old ones' }).click();
    await rowsAre(['CP-16-1']);
    expect(window.errors).toEqual([]);
  });

  test('CON-E06: a command completes from the node, and opens the form filled in without a request', async () => {
    const { page, open } = window;
    await open('stations');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Commands' });
    await field.fill('se');
    await page.getByRole('option', { name: /^set / }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('cp-201 8A for 20m');
    await page.getByRole('option', { name: /^CP-201-1/ }).waitFor();
    expect(await violationsOn(window)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByLabel('Limit of period 1, A').inputValue(), { timeout: 15_000 }).toBe('8');
    expect(await page.getByLabel('Duration, min').inputValue()).toBe('20');
    expect(new URL(page.url()).search).toBe('');
    const { items }: { items: unknown[] } = await (await window.context.request.get(`${world.node().publicUrl}/api/v1/exchanges`)).json();
    expect(items).toEqual([]);

    await page.keyboard.press('Control+k');
    await field.fill(`clear ${session.slice(0, 6)}`);
    await page.getByRole('option', { name: /^CP-201-1/ }).click();
    await page.getByRole('dialog', { name: 'Clear profile' }).getByRole('button', { name: 'Cancel' }).click();
    await page.keyboard.press('Control+k');
    await field.fill('halt nl*m');
    await page.getByRole('option', { name: /^NL\*MSP/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /Halt/ }).getByRole('button', { name: 'Cancel' }).click();

    const narrow = await browser.openWindow(world.node(), { as: 'olaf', viewport: { width: 390, height: 844 } });
    await narrow.open('');
    await narrow.page.getByRole('button', { name: 'Command' }).click();
    await narrow.page.getByRole('combobox', { name: 'Commands' }).fill('sta');
    await narrow.page.getByRole('option', { name: /^Stations/ }).click();
    await narrow.page.getByRole('heading', { name: 'Stations', level: 1 }).waitFor();
    expect(await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect([...window.errors, ...narrow.errors]).toEqual([]);
  });
});
