import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser, PASSWORD } from './browser.fixture.ts';

const withConsole = { config: { console: {} } };

test.skipIf(lacksChromium)('a new session, its limit and its end appear on the page without a reload', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, open, errors } = await browser.openWindow(world.node(), { as: 'anna' });
  await open('');
  await page.getByText('No sessions', { exact: true }).waitFor();
  await page.evaluate(() => Reflect.set(window, 'sameDocument', true));

  const emsp = await world.emsp();
  const station = await world.station('CP-16');
  const session = await world.charging(emsp, station);
  const row = page.getByRole('region', { name: 'Sessions now' }).getByRole('row').filter({ hasText: 'CP-16-1' });
  await row.getByText('active').waitFor();
  await emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 9 }] });
  await row.getByText('9 A · NL*MSP', { exact: true }).waitFor();
  await row.getByText('NL*MSP', { exact: true }).first().waitFor();

  await row.getByRole('link').first().click();
  await page.getByRole('heading', { name: /^Session NL\*EVK/ }).waitFor();
  await page.getByText('set 9 A').first().waitFor();
  await station.unplug(1);
  await page.locator('.head').getByText('completed').waitFor();
  expect(await page.evaluate(() => Reflect.get(window, 'sameDocument'))).toBe(true);
  expect(errors).toEqual([]);
});

test.skipIf(lacksChromium)('SEC-36: a link opens its page after the sign-in, and so does the sign-in after an expired login', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, context, open } = await browser.openWindow(world.node());
  const enter = async (password: string) => {
    await page.getByLabel('Name').fill('anna');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await open('stations/CP-16');
  await enter('not her password');
  await page.getByRole('alert').filter({ hasText: 'Wrong name, password or code.' }).waitFor();
  await enter(PASSWORD);
  await page.getByRole('heading', { name: 'Station CP-16' }).waitFor();

  await context.clearCookies();
  await page.getByText('Your login has expired').waitFor();
  await enter(PASSWORD);
  await page.getByRole('heading', { name: 'Station CP-16' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/console/stations/CP-16');
});

test.skipIf(lacksChromium)('during a restart of the node the page says so and keeps its content; afterwards it continues by itself', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, open } = await browser.openWindow(world.node(), { as: 'anna' });
  const station = await world.station('CP-201');
  await open('stations');
  await page.getByRole('row').filter({ hasText: 'CP-201' }).getByText('online').waitFor();
  await world.restart(async () => {
    await page.getByRole('alert').filter({ hasText: 'The node does not answer' }).waitFor();
    await page.getByText('CP-201').first().waitFor();
  });
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'CP-201' }).getByText('online').waitFor();
  expect(station).toBeDefined();
});
