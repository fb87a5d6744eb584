import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEmsp } from '../../sim/partner.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser, type Window } from './browser.fixture.ts';

const withConsole = { config: { console: {} } };

test.skipIf(lacksChromium)('CRE-02: a party is invited, registers with the token that the page shows, and the page shows the registration', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, open, errors } = await browser.openWindow(world.node(), { as: 'anna' });
  await using emsp = await openEmsp({ clock: world.clock });
  await open('connect');
  await page.getByLabel('Country code').fill(emsp.role.country_code);
  await page.getByLabel('Party ID').fill(emsp.role.party_id);
  await page.getByRole('button', { name: 'Invite' }).click();
  const token = await page
    .getByLabel(/^Token/)
    .first()
    .inputValue();
  const versions_url = await page.getByLabel('Versions URL').first().inputValue();
  expect((await emsp.register({ token, versions_url })).envelope.status_code).toBe(1000);
  await page.getByText('is registered with OCPI').waitFor();
  await page.getByRole('link', { name: 'Open the peer' }).click();
  await page.getByRole('heading', { name: /^NL\*MSP/ }).waitFor();
  expect(errors).toEqual([]);
});

test.skipIf(lacksChromium)('CRE-02: a failed registration at another platform is shown with its reason', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, open } = await browser.openWindow(world.node(), { as: 'anna' });
  await using emsp = await openEmsp({ clock: world.clock });
  await open('connect?way=register');
  await page.getByLabel('Versions URL').fill(emsp.versionsUrl);
  await page.getByLabel(/^Token/).fill('no-such-token');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('alert').waitFor();
  expect((await page.getByRole('alert').textContent())?.length).toBeGreaterThan(20);
});

test.skipIf(lacksChromium)(
  'the kill switch on the page of a party: after a halt its next request is rejected, after a resume the next one is accepted',
  async () => {
    await using world = await openWorld(withConsole);
    await using browser = await openBrowser();
    await addUser(world.node(), 'anna');
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    const { page, open, errors } = await browser.openWindow(world.node(), { as: 'anna' });
    await open('parties/NL*MSP');
    const press = async (act: string) => {
      await page.getByRole('button', { name: act }).click();
      await page.getByRole('dialog').getByRole('button', { name: act }).click();
    };
    const answer = async () => (await emsp.set(session, upTo(9))).result;
    await press('Halt NL*MSP');
    await page.getByText('NL*MSP is halted').waitFor();
    expect(await answer()).toBe('REJECTED');
    await press('Resume NL*MSP');
    await page.getByText('NL*MSP may steer again').waitFor();
    expect(await answer()).toBe('ACCEPTED');
    expect(errors).toEqual([]);
  },
);

test.skipIf(lacksChromium)('tables are saved as CSV, charts as PNG and SVG', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const emsp = await world.emsp();
  const session = await world.charging(emsp, await world.station('CP-16'));
  const window = await browser.openWindow(world.node(), { as: 'anna' });
  await window.open('sessions');
  await window.page.getByRole('row').filter({ hasText: 'CP-16-1' }).waitFor();
  expect((await saved(window, 'Save Sessions as CSV')).toString()).toMatch(new RegExp(`^Session,Status,.*\\r\\nNL\\*EVK\\*${session},ACTIVE,`, 'i'));
  await window.open(`sessions/NL*EVK*${session}`);
  expect((await saved(window, 'Save Power and limits of the session as PNG')).subarray(1, 4).toString()).toBe('PNG');
  expect((await saved(window, 'Save Power and limits of the session as SVG')).toString()).toMatch(/^<svg .*Active profile.*<\/svg>$/s);
});

async function saved({ page }: Window, button: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return readFileSync(await download.path());
}
