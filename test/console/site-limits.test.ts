import axe, { type AxeResults } from 'axe-core';
import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import type { Config } from '../../src/node/config/config.ts';
import { badge, openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

const site: Config['sites'][number] = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  children: [{ name: 'north', limit: { a: 18 }, evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }] }],
};

/** The first limit of a profile that was sent to a station. */
const limitOf = (sent: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(sent)).chargingProfile.chargingSchedule[0].chargingSchedulePeriod[0].limit;

describe.skipIf(lacksChromium)('the limits of a site', () => {
  test('are shown with the reserved part; an applied limit reaches the station, and can be removed', async () => {
    await using world = await openWorld({ config: { console: {}, sites: [site] } });
    await using browser = await openBrowser();
    await addUser(world.node(), 'olaf', 'operate');
    const station = await world.station('CP-201');
    const sent = station.next('SetChargingProfile');
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await sent;
    const { page, open, errors } = await browser.openWindow(world.node(), { as: 'olaf' });
    await open('sites');
    const north = page.getByRole('row', { name: /garage\/north/ });
    await north.getByText('18 A').first().waitFor();
    await page.getByLabel('Part').selectOption('garage/north');
    await page.getByLabel('Limit to').fill('7');
    const lowered = station.next('SetChargingProfile');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('garage/north is limited to 7 A').waitFor();
    expect(limitOf(await lowered)).toBe(7);
    await north.getByText('7 A').first().waitFor();
    const raised = station.next('SetChargingProfile');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The applied limit of garage/north is removed.').waitFor();
    expect(limitOf(await raised)).toBe(18);
    expect(errors).toEqual([]);
    // axe creates elements from text, which the content security policy of the page blocks.
    const narrow = await browser.openWindow(world.node(), { as: 'olaf', bypassCSP: true, viewport: { width: 390, height: 844 } });
    await narrow.open('sites');
    await narrow.page.getByLabel('Limit to').waitFor();
    await narrow.page.evaluate(axe.source);
    const found: AxeResults = await narrow.page.evaluate(
      'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
    );
    expect(found.violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
    expect(await narrow.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
