import { describe, expect, test } from 'vitest';
import { badge, openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser } from './browser.fixture.ts';

describe.skipIf(lacksChromium)('an operator asks a station, and reads what passed', () => {
  test('CON-F03, CON-F04, CON-F06, CON-F07: the pages of a station and of an exchange show messages, states and origins of abilities', async () => {
    await using world = await openWorld({ config: { console: {} } });
    await addUser(world.node(), 'olaf', 'operate');
    const emsp = await world.emsp();
    const station = await world.station('CP-201', { answers: { SetChargingProfile: { is: 'late', milliseconds: 1_200 } } });
    const session = await world.charging(emsp, station);
    await (await emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] })).later;
    await world.firstStep('outcome', (it) => it.state === 'DELIVERED');
    await using browser = await openBrowser();
    const { page, open, errors } = await browser.openWindow(world.node(), { as: 'olaf' });

    await open('stations/CP-201');
    await page
      .getByText(/read after the boot from GetVariables/)
      .first()
      .waitFor();
    await page
      .getByRole('listitem')
      .getByText(/connected from /)
      .waitFor();
    await page.getByText(/95 % within/).waitFor();
    await page.getByRole('button', { name: 'Ask abilities again' }).click();
    await page.getByText('The station stated its abilities.').waitFor();
    await page
      .getByText(/read on request of an operator/)
      .first()
      .waitFor();
    await page.getByLabel('Message to trigger').selectOption('Heartbeat');
    await page.getByRole('button', { name: 'Trigger a message' }).click();
    await page.getByText('The station answered Accepted.').waitFor();
    await page.getByLabel('Message type').selectOption('SetChargingProfile');
    const call = page.locator('.messages details').last();
    await call.locator('summary').click();
    await call.getByText('"ChargingStationMaxProfile"').or(call.getByText('"TxProfile"')).waitFor();
    await page.getByLabel('Message type').selectOption('TransactionEvent');
    expect(await page.locator('main').innerText()).not.toContain(badge.uid);

    const { items } = await (await page.request.get(`${world.node().publicUrl}/api/v1/exchanges`)).json();
    await open(`exchanges/${items[0].id}`);
    await page.getByText(/^waited 1\.\d s for the answer of CP-201$/).waitFor();
    await page.locator('.messages').getByText('"csChargingProfiles"').or(page.locator('.messages').getByText('"chargingProfile"')).first().waitFor();
    await page.getByText('answer: HTTP 200').waitFor();
    expect(await page.getByText('rebuilt', { exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
