import axe, { type AxeResults } from 'axe-core';
import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { openGarage, SITE } from '../flows/garage.fixture.ts';
import { badge } from '../world.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

describe.skipIf(lacksChromium)('the day of a site on its page', () => {
  test('CON-V03: sessions are drawn under the limit; keys and pointer choose a moment, and the table says who held what and why', async () => {
    const north = { name: 'north', limit: { a: 18 }, evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }] };
    const { evses: _, ...grid } = SITE;
    await using garage = await openGarage('sqlite', { console: {}, sites: [{ ...grid, children: [north] }] });
    await using browser = await openBrowser();
    const { world, clock, stations, limited, highest } = garage;
    await addUser(world.node(), 'olaf', 'operate');
    const shared = limited('CP-201-1', 9);
    for (const it of stations.slice(0, 2)) await it.plugIn(1, { car: buildCar({ kilowattHours: 80 }), idToken: badge });
    await shared;
    await highest(240);
    const window = await browser.openWindow(world.node(), { as: 'olaf' });
    const { page, open, errors } = window;
    await page.clock.setFixedTime(clock.now());
    await open('sites');
    const card = page.getByRole('region', { name: 'Day of garage' });
    const row = card.getByRole('row', { name: /CP-201-1/ });
    await row.getByText('9 A · garage/north').waitFor();
    await card.getByText(/limit 20 A/).waitFor();
    await row.getByText('6.21 kW').waitFor();
    const scrubber = card.getByRole('slider', { name: 'Moment' });
    const value = async () => Number(await scrubber.inputValue());
    const now = await value();
    await scrubber.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowRight');
    expect((await value()) - now).toBe(-59);
    await page.keyboard.press('PageDown');
    await card.getByText('No session', { exact: true }).waitFor();
    await card.locator('.u-over').click({ position: { x: 200, y: 100 } });
    expect(await value()).toBeLessThan(now - 3_600);
    await card.getByRole('button', { name: 'Now' }).click();
    await row.waitFor();
    await card.getByRole('button', { name: '1 h', exact: true }).click();
    expect(Number(await scrubber.getAttribute('max')) - Number(await scrubber.getAttribute('min'))).toBe(3_599);
    await card.getByLabel('Site node').selectOption('garage/north');
    await page
      .getByRole('region', { name: 'Day of garage/north' })
      .getByText(/limit 18 A/)
      .waitFor();
    await page.getByRole('button', { name: 'L2' }).click();
    await page.getByRole('button', { name: 'Previous day' }).click();
    await page.getByText('No session', { exact: true }).waitFor();
    expect(errors).toEqual([]);

    // axe creates elements from text, which the content security policy of the page blocks.
    for (const colorScheme of ['light', 'dark'] as const) {
      const narrow = await browser.openWindow(world.node(), { as: 'olaf', bypassCSP: true, viewport: { width: 390, height: 844 }, colorScheme });
      await narrow.page.clock.setFixedTime(clock.now());
      await narrow.open('sites');
      await narrow.page.getByText('9 A · garage/north').first().waitFor();
      await narrow.page.evaluate(axe.source);
      const found: AxeResults = await narrow.page.evaluate(
        'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })',
      );
      expect(found.violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
      expect(await narrow.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      if (process.env.SHOTS) await narrow.page.screenshot({ path: `${process.env.SHOTS}/narrow-${colorScheme}.png`, fullPage: true });
    }
    if (process.env.SHOTS)
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [1024, 'dark'],
      ] as const) {
        const shot = await browser.openWindow(world.node(), { as: 'olaf', viewport: { width, height: 1000 }, colorScheme });
        await shot.page.clock.setFixedTime(clock.now());
        await shot.open('sites');
        await shot.page.getByText('9 A · garage/north').first().waitFor();
        await shot.page.getByRole('region', { name: 'Day of garage' }).getByRole('button', { name: '1 h', exact: true }).click();
        await shot.page.screenshot({ path: `${process.env.SHOTS}/wide-${width}.png`, fullPage: true });
      }
  });
});
