import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCar, openCsms, realClock } from '../../sim/index.ts';
import { openGarage } from '../flows/garage.fixture.ts';
import { letTimePass } from '../let-time-pass.ts';
import { upTo } from '../profile-requests.ts';
import { badge } from '../world.ts';
import { violationsOn } from './axe.fixture.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

/** A folder for pictures of the pages, to look at them. */
const shots = process.env.SHOTS;

describe.skipIf(lacksChromium)('a CPO that begins with a shadow', () => {
  test('GW-W04, GW-W06: the overview, the shadow and the page of a station show what was not sent, and both connections', async () => {
    await using csms = await openCsms({ clock: realClock() });
    const upstream = {
      url: `${csms.url}/{id}`,
      authorization: 'pass',
      when_away: 'keep',
      keep: { messages: 100, days: 7, authorize: 'tokens' },
      smart_charging: 'strictest',
      mode: 'observe',
    } as const;
    await using it = await openGarage('sqlite', { console: {}, ocpp: { host: '127.0.0.1', port: 0, security_profile: 1, upstream } });
    const emsp = await it.world.emsp();
    const session = await it.world.charging(emsp, it.stations[0]);
    await it.stations[1].plugIn(1, { car: buildCar(), idToken: badge });
    await it.pass(130);
    await letTimePass(it.clock, (await emsp.set(session, upTo(8))).later, it.world.node().publicUrl);
    await it.pass(130);
    await addUser(it.world.node(), 'anna');
    await using browser = await openBrowser();
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      const window = await browser.openWindow(it.world.node(), { as: 'anna', bypassCSP: true, viewport: { width, height: 900 }, colorScheme });
      const { page, open, errors } = window;
      const look = async (name: string) => {
        await page.locator('.bone').first().waitFor({ state: 'detached' });
        if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
        expect([name, width, await violationsOn(window)]).toEqual([name, width, []]);
        expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width]);
      };
      await open('');
      const card = page.getByRole('region', { name: 'Shadow: 3 stations are observed' });
      await card.getByText('1 (1 set, 0 clear, 0 get)').waitFor();
      await look('overview');
      await card.getByRole('link', { name: 'Open the shadow' }).click();
      await page.getByRole('heading', { name: 'Shadow', exact: true }).waitFor();
      await page.getByRole('region', { name: 'By day and site' }).getByText('12 A').waitFor();
      await page.getByRole('region', { name: 'Requests that were not sent' }).getByText('limit of the site').first().waitFor();
      await look('shadow');
      await open('stations/CP-16');
      await page.getByText('observed: the node sends nothing of its own').waitFor();
      await page.locator('.messages').getByText('from the station · CSMS').first().waitFor();
      await look('station');
      await open('stations');
      await look('stations');
      expect(errors).toEqual([]);
    }
  });
});
