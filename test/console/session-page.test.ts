import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePoint } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import { stationId } from '../../src/domain/ids.ts';
import { openWorld, type World } from '../world.ts';
import { addUser, lacksChromium, openBrowser, type TestBrowser, type Window } from './browser.fixture.ts';

describe.skipIf(lacksChromium)('an operator steers a session from its page', () => {
  let world: World;
  let browser: TestBrowser;
  let emsp: Emsp;
  let station: ChargePoint;
  let session: string;
  let window: Window;
  beforeAll(async () => {
    world = await openWorld({ config: { console: {} } });
    browser = await openBrowser();
    await addUser(world.node(), 'olaf', 'operate');
    await addUser(world.node(), 'vera', 'view');
    emsp = await world.emsp();
    station = await world.station('CP-201');
    session = await world.charging(emsp, station);
    window = await browser.openWindow(world.node(), { as: 'olaf' });
    await window.open(`sessions/NL*EVK*${session}`);
    await window.page.getByRole('button', { name: 'Set profile' }).waitFor();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  const outcome = (name: string) => window.page.locator(`[data-outcome="${name}"]`).waitFor();
  const limits = async () => {
    const { body } = await readSession();
    return Object(body).inputs.flatMap((it: { charging_profile: { charging_profile_period: { limit: number }[] } }) =>
      it.charging_profile.charging_profile_period.map(({ limit }) => limit),
    );
  };
  const readSession = async () => {
    const answer = await window.context.request.get(`${world.node().publicUrl}/api/v1/sessions/${encodeURIComponent(`NL*EVK*${session}`)}`);
    return { body: await answer.json() };
  };

  test('CP-40: a typed limit reaches the charge point, and the page shows the outcome', async () => {
    const { page } = window;
    await page.getByLabel('Limit of period 1, A').fill('8');
    await page.getByRole('button', { name: 'Set profile' }).click();
    await outcome('ACCEPTED');
    await expect.poll(limits).toEqual([8]);
    await page.getByText('set 8 A · operator').waitFor();
  });

  test('CON-W06: the page says first why the car is slow, and names the limit in force with the user who set it', async () => {
    const { page } = window;
    await page.getByRole('heading', { name: 'Why is this car slow?' }).waitFor();
    await page.getByText('olaf has set 8 A').waitFor();
    await page.getByText('8 A · olaf until').waitFor();
  });

  test('CP-40 CON-P07: a curve that is drawn on the chart, level with Shift, becomes periods of five minutes and whole amperes and reaches the charge point', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Draw on the chart' }).click();
    const over = page.locator('.painting .u-over');
    await page.getByText('Your draft').waitFor();
    await over.hover();
    const box = await over.boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.85, box.y + box.height * 0.7);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.4, { steps: 4 });
    await page.mouse.up();
    expect(await page.getByLabel(/^Limit of period/).count()).toBeGreaterThan(1);
    const drawn = await page.getByLabel(/^Limit of period/).evaluateAll((them) => them.map((it) => (it instanceof HTMLInputElement ? it.valueAsNumber : 0)));
    const starts = await page.getByLabel(/^Start of period/).evaluateAll((them) => them.map((it) => (it instanceof HTMLInputElement ? it.valueAsNumber : 0)));
    expect([...starts.map((it) => it % 5), ...drawn.map((it) => it % 1)].filter((it) => it !== 0)).toEqual([]);
    await page.getByRole('button', { name: 'Set profile' }).click();
    await outcome('ACCEPTED');
    await expect.poll(limits).toEqual(drawn);
    await page.getByRole('button', { name: 'Draw on the chart' }).click();
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.3, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    expect(await page.getByLabel(/^Limit of period/).count()).toBe(1);
    await page.getByRole('button', { name: 'Discard draft' }).click();
  });

  test('CP-10: the active profile is read from the charge point and shown on the page', async () => {
    await window.page.getByRole('button', { name: 'Get active profile' }).click();
    await outcome('ACCEPTED');
    await window.page.locator('[data-outcome] time').first().waitFor();
  });

  test('CP-13: a clear is confirmed first, then clears the profile', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Clear profile' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear profile' }).click();
    await page.locator('[data-outcome]').getByText('cleared the profile').waitFor();
    await expect.poll(limits).toEqual([]);
    expect(window.errors).toEqual([]);
  });

  test('each exchange shows its messages when it is opened', async () => {
    const { page } = window;
    await page.locator('.life summary').filter({ hasText: 'clear · operator' }).first().click();
    await page.locator('.messages').getByText('ClearChargingProfile').first().waitFor();
  });

  test('a refusal is shown on the page', async () => {
    const { page } = window;
    await page.getByLabel('Limit of period 1, A').fill('99999999');
    await page.getByRole('button', { name: 'Set profile' }).click();
    await page.getByRole('alert').filter({ hasText: 'INVALID' }).waitFor();
  });

  test('SEC-36: a second browser shows what the first one did, and a user with role view gets no button to set a profile', async () => {
    const other = await browser.openWindow(world.node(), { as: 'vera' });
    await other.open(`sessions/NL*EVK*${session}`);
    await other.page.getByText('set 8 A · operator').waitFor();
    await other.page.getByText('Your role may only view').waitFor();
    expect(await other.page.getByRole('button', { name: 'Set profile' }).count()).toBe(0);
    expect(other.errors).toEqual([]);
  });

  test('GW-P11: the profiles of a CSMS behind the node are shown, with who decides', async () => {
    const profiles = world.node().csmsProfiles;
    profiles?.decideBy(() => 'strictest');
    const chargingSchedule = [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7 }] }];
    const profile = { id: 200, stackLevel: 2, chargingProfilePurpose: 'TxDefaultProfile', chargingProfileKind: 'Relative', chargingSchedule };
    const payload = { evseId: 1, chargingProfile: profile };
    const answer = { is: 'result', payload: { status: 'Accepted' } } as const;
    await profiles?.observed(stationId('CP-201'), { version: '2.0.1', action: 'SetChargingProfile', payload, answer });
    const { page, open, errors } = window;
    await open(`sessions/NL*EVK*${session}`);
    await page.getByRole('heading', { name: 'Profiles of the CSMS: the lower limit applies' }).waitFor();
    await page.getByText('profile 200, tx-default, stack level 2').waitFor();
    expect(errors).toEqual([]);
  });
});
