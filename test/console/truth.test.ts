import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser, type TestBrowser } from './browser.fixture.ts';

/** Pictures for the eye of a developer; none are taken without the folder. */
const shots = process.env.EVENKEEL_SHOTS;

describe.skipIf(lacksChromium)('the console shows what the node says', () => {
  const stack = new AsyncDisposableStack();
  let browser: TestBrowser;
  beforeAll(async () => {
    if (shots) mkdirSync(shots, { recursive: true });
    browser = stack.use(await openBrowser());
  });
  afterAll(() => stack.disposeAsync());

  test('CON-D02, CON-D03, CON-D06, CON-D07, CON-D08, CON-D09: deviation, refusals with their message, filters, health and stale sessions', async () => {
    await using world = await openWorld({ config: { console: {} } });
    await addUser(world.node(), 'anna');
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const deviates = world.firstStep('deviation');
    station.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } });
    await (await emsp.set(session, upTo(10))).later;
    await deviates;
    station.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Rejected' } } } });
    await (await emsp.set(session, upTo(9))).later;
    await (await emsp.set(session, upTo(8))).later;
    await emsp.set('NO-SUCH-SESSION', upTo(7));
    const { page, open } = await browser.openWindow(world.node(), { as: 'anna', viewport: { width: 1280, height: 860 } });
    const shot = async (name: string) => {
      if (!shots) return;
      for (const width of [1280, 1024, 390]) {
        await page.setViewportSize({ width, height: 860 });
        await page.locator('.bone').first().waitFor({ state: 'detached' });
        await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    };
    await open('');
    const alarms = page.getByRole('region', { name: 'What needs you' });
    await alarms.getByText('the charge point reports 32 A, above the 10 A that it accepted').waitFor();
    await alarms.getByText('CP-201 refused the last 2 limits').waitFor();
    expect(await page.getByRole('link', { name: /^Alarms/ }).textContent()).toContain('1 deviation');
    await shot('overview');

    await open('stations/CP-201');
    await page.getByText('refuses limits', { exact: true }).waitFor();
    await shot('station');
    await page.getByRole('link', { name: 'Exchanges about CP-201' }).click();
    await page.getByRole('button', { name: /Station CP-201/ }).waitFor();
    const rows = page.getByRole('table', { name: 'Exchanges' }).locator('tbody tr');
    await rows.nth(2).waitFor();
    expect(await rows.count()).toBe(3);
    await page.getByLabel('Result', { exact: true }).selectOption('REJECTED');
    await rows.nth(2).waitFor({ state: 'detached' });
    await rows.nth(1).waitFor(); // while the list is read, it has no rows
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: /Station CP-201/ }).click();
    await page.getByLabel('Result', { exact: true }).selectOption('UNKNOWN_SESSION');
    await rows.getByText('NO-SUCH-SESSION').waitFor();
    expect(await rows.count()).toBe(1);
    await shot('exchanges');
    await rows.getByRole('link').first().click();
    await page
      .getByRole('term')
      .getByText('Refused', { exact: true })
      .or(page.getByText('Refused', { exact: true }))
      .first()
      .waitFor();
    await shot('exchange');

    const gone = world.firstStep('station-disconnected');
    await station[Symbol.asyncDispose]();
    await gone;
    await open(`sessions/NL*EVK*${session}`);
    await page.getByText('stale since').first().waitFor();
    await shot('session');
    await open('sessions');
    await page.getByText('stale since').first().waitFor();
    await shot('sessions');
  }, 120_000);
});
