import { describe, expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo/open.ts';
import { violationsOn } from './axe.fixture.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

describe.skipIf(lacksChromium)('the page that troubles the world of a demo', () => {
  test('CON-S04: is in the sidebar of the CPO only, cuts a station and halves a fuse and ends both, without a fault of axe, also at 390 px', async () => {
    await using demo = await openDemo({ seed: 'tide', speed: 1, port: 0, topologies: ['emsp'] }, { print: () => undefined });
    await using browser = await openBrowser();
    const { cpo, emsp } = demo;
    await addUser(cpo, 'anna');
    // axe creates elements from text, which the content security policy of the page blocks.
    const window = await browser.openWindow(cpo, { as: 'anna', bypassCSP: true });
    const { page } = window;
    await window.open('');
    await page.getByRole('navigation').getByRole('link', { name: 'Trouble' }).click();
    const oak = page.getByRole('row', { name: /OAK-1/ });
    await oak.getByText('online').waitFor();
    expect(await page.getByRole('row', { name: /IVY-1/ }).textContent()).toContain('accepts limits, and its car draws 4 A more');
    await oak.getByRole('button', { name: 'Cut: OAK-1' }).click();
    await page.getByText('Done: Cut, OAK-1.').waitFor();
    await oak.getByText('offline').waitFor();
    await oak.getByRole('button', { name: 'Connect again: OAK-1' }).click();
    await oak.getByText('online').waitFor();
    const street = page.getByRole('row', { name: /street/ });
    await street.getByRole('button', { name: 'Halve: street' }).click();
    await street.getByText('25 A').waitFor();
    expect(await violationsOn(window)).toEqual([]);
    await street.getByRole('button', { name: 'Restore: street' }).click();
    await street.getByText('50 A').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    if (!emsp) throw new Error('the demo has no eMSP');
    await addUser(emsp, 'joost');
    const other = await browser.openWindow(emsp, { as: 'joost' });
    await other.open('trouble');
    expect(await other.page.getByRole('heading', { level: 1 }).textContent()).toBe('Page not found');
    expect([window.errors, other.errors]).toEqual([[], []]);
  });
});
