import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePoint } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import type { Config } from '../../src/node/config/config.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, type World } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { addUser, lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';

const site: Config['sites'][number] = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  children: [{ name: 'north', limit: { a: 18 }, evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }] }],
};

describe.skipIf(lacksChromium)('acts of an operator in the console', () => {
  let world: World;
  let browser: TestBrowser;
  let emsp: Emsp;
  let first: ChargePoint;
  let session: string;
  let window: Window;
  beforeAll(async () => {
    world = await openWorld({ config: { console: {}, sites: [site] } });
    browser = await openBrowser();
    await addUser(world.node(), 'anna', 'operate');
    emsp = await world.emsp();
    first = await world.station('CP-16');
    await world.station('CP-201');
    session = await world.charging(emsp, first);
    await world.firstStep('site-limit-answered', ({ evse, current }) => evse === 'CP-16-1' && current === 18);
    expect(await (await emsp.set(session, upTo(8))).later).toEqual({ result: 'ACCEPTED' });
    window = await browser.openWindow(world.node(), { as: 'anna' });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  const setTo = async (limit: string) => {
    await window.page.getByLabel('Limit of period 1, A').fill(limit);
    await window.page.getByRole('button', { name: 'Set profile' }).click();
  };
  const running = () => window.page.getByRole('region', { name: 'Limits of operators' });

  test('CON-P01 CON-P02 CON-P04 CON-P06 CON-P07: a set says what it does then, is counted down on each page, and is undone by a key', async () => {
    const { page, open } = window;
    await open(`sessions/NL*EVK*${session}`);
    await page.getByText('Active profile, as the station reports it').waitFor();
    await expect.poll(() => page.getByLabel('Limit of period 1, A').inputValue(), { timeout: 20_000 }).toBe('8');
    await page.getByLabel(/Replace: the profile of NL\*MSP/).check();
    await page.getByLabel('Limit of period 1, A').fill('7');
    await page.getByLabel('Duration, min').fill('30');
    await page.getByLabel('Reason (optional)').fill('the lift needs it');
    await page.locator('[data-evse="CP-16-1"]').getByText('8 A → 7 A').waitFor();
    await page.getByText('Undo cannot put back the profile of NL*MSP').waitFor();
    await page.getByRole('button', { name: 'Set profile' }).click();
    await page.getByText(/^anna limited CP-16-1 to 7 A until \d\d:\d\d/).waitFor();
    await running()
      .getByText(/^7 A on CP-16-1 until \d\d:\d\d · 30 min left/)
      .waitFor();
    await page.getByText('set 7 A · operator').first().waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('u');
    await page.getByText('Undone: what held before is put back.').waitFor();
    await running().waitFor({ state: 'detached' });
    await setTo('0');
    await page.getByRole('dialog').getByText('0 A pauses the car at CP-16-1').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await setTo('5.5');
    await page.getByRole('dialog').getByText('5.5 A is below 6 A').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByText(/set (0|5.5) A · operator/).count()).toBe(0);
  });

  test('CON-P01 CON-P02 CON-P04: an imposed limit says which cars it slows down, and is lifted from the header; undo imposes it again', async () => {
    const { page, open } = window;
    await open('sites');
    await page.getByLabel('Part').selectOption('garage/north');
    await page.getByLabel('Limit to').fill('12');
    await page.getByRole('button', { name: 'Until', exact: true }).click();
    await page.getByLabel('Time of the end').waitFor();
    await page.locator('[data-evse="CP-16-1"]').getByText('→ 12 A').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await running()
      .getByText(/^12 A on garage\/north until/)
      .waitFor();
    await running().getByRole('button', { name: 'Lift the limit of garage/north' }).click();
    await page.getByText('anna lifted the limit of garage/north').waitFor();
    await running().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await running()
      .getByText(/^12 A on garage\/north until/)
      .waitFor();
    await page.getByLabel('Limit to').fill('5');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('dialog').getByText('at least one car at garage/north pauses').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await running().getByRole('button', { name: 'Lift the limit of garage/north' }).click();
    await running().waitFor({ state: 'detached' });
  });

  test('CON-P05: a halt says what will rise; after a resume each session that the party takes again is marked', async () => {
    const { page, open } = window;
    expect(await (await emsp.set(session, upTo(8))).later).toEqual({ result: 'ACCEPTED' });
    await open('');
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    const card = page.getByRole('region', { name: 'NL*MSP' });
    await card.getByText('steers 1 session').waitFor();
    await page.getByRole('button', { name: 'Halt NL*MSP' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('CP-16-1: 8 A → 18 A').waitFor();
    await dialog.getByText('Together: 6.9 kW.').waitFor();
    await dialog.getByRole('button', { name: 'Halt NL*MSP' }).click();
    await page.getByText('anna halted NL*MSP').waitFor();
    await card.getByText('not steered').waitFor();
    await page.getByRole('button', { name: 'Resume NL*MSP' }).click();
    await dialog.getByRole('button', { name: 'Resume NL*MSP' }).click();
    await card.getByText('it steers 0 of 1 sessions again').waitFor();
    await expect.poll(async () => (await emsp.set(session, upTo(9))).result, { timeout: 20_000 }).toBe('ACCEPTED');
    await card.getByText('it steers 1 of 1 sessions again').waitFor();
    await card.getByText('steered again', { exact: true }).waitFor();
    expect(window.errors).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('the pages with acts have no violation of axe, and fit on 390 px (%s)', async (colorScheme) => {
    const narrow = await browser.openWindow(world.node(), { as: 'anna', bypassCSP: true, viewport: { width: 390, height: 844 }, colorScheme });
    const { page, open } = narrow;
    await world.node().imposeLimit('garage', undefined);
    await page.context().request.put(`${world.node().publicUrl}/api/v1/sites/limits?node=garage/north`, {
      headers: { origin: world.node().publicUrl, 'x-evenkeel': '1' },
      data: { a: 12 },
    });
    for (const path of [`sessions/NL*EVK*${session}`, 'sites', 'steering']) {
      await open(path);
      await page.getByText('12 A on garage/north until it is lifted').waitFor();
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      expect(await violationsOn(narrow)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    }
  });
});
