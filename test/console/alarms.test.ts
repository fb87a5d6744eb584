import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { openGarage } from '../flows/garage.fixture.ts';
import { letNodesWork } from '../let-time-pass.ts';
import { badge } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

/** Pictures for the eye of a developer; none are taken without the folder. */
const shots = process.env.EVENKEEL_SHOTS;

test.skipIf(lacksChromium)(
  'CON-B05: the overview says first what needs a person, with its buttons; an acknowledged alarm is folded away; then come sites with their headroom',
  async () => {
    await using it = await openGarage('sqlite', { console: {} });
    await addUser(it.world.node(), 'anna', 'operate');
    const pass = async (seconds: number) => {
      for (let n = 0; n < seconds; n += 5) {
        await it.clock.advance(5_000);
        await letNodesWork(it.world.node().publicUrl);
      }
    };
    const [first, second] = it.stations;
    await first.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(30);
    await second[Symbol.asyncDispose]();
    await pass(70);

    await using browser = await openBrowser();
    const window = await browser.openWindow(it.world.node(), { as: 'anna', viewport: { width: 1280, height: 860 }, bypassCSP: true });
    const { page, open, errors } = window;
    const shot = async (name: string) => {
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      for (const width of [1280, 1024, 390]) {
        await page.setViewportSize({ width, height: 860 });
        await page.locator('.bone').first().waitFor({ state: 'detached' });
        await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    };
    await open('');
    const alarms = page.getByRole('region', { name: 'What needs you' });
    const away = alarms.getByRole('region', { name: 'Stations not connected' });
    await away.getByText('CP-201 is not connected.').waitFor();
    await away.getByRole('link', { name: 'Open the station' }).waitFor();
    const sites = page.getByRole('region', { name: 'Headroom of sites' });
    await sites.getByText('garage').waitFor();
    const { body } = { body: await (await window.context.request.get(`${it.world.node().publicUrl}/api/v1/overview`)).json() };
    expect(body.sites).toMatchObject([{ site: 'garage', limit: 20 * 3 * 230 }]);
    await sites.getByText('of 13.8 kW').waitFor();
    expect(await page.locator('.stack > section').first().getAttribute('aria-label')).toBe('What needs you');
    await shot('alarms');
    expect(await violationsOn(window)).toEqual([]);
    for (const width of [1024, 390]) {
      await page.setViewportSize({ width, height: 780 });
      const button = await away.getByRole('button', { name: 'Acknowledge' }).boundingBox();
      expect((button?.y ?? 10_000) + (button?.height ?? 0)).toBeLessThan(780);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }

    await away.getByRole('button', { name: 'Acknowledge' }).click();
    await alarms.getByText('Nothing needs you.').waitFor();
    await alarms.getByText('1 acknowledged alarm').waitFor();
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.getByRole('link', { name: 'CP-16-1', exact: true }).waitFor();
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('j'); // CON-K02: an alarm that is folded away is no stop
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('CP-16-1');
    await alarms.getByText('1 acknowledged alarm').click();
    await alarms.getByText('acknowledged by anna').waitFor();
    await shot('alarms-acknowledged');
    await using _back = await it.world.station('CP-201');
    await pass(10);
    await alarms.getByText('1 acknowledged alarm').waitFor({ state: 'detached' });
    await alarms.getByText('Nothing needs you.').waitFor();
    expect(errors).toEqual([]);
  },
);
