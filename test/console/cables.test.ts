import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import type { Config } from '../../src/node/config.ts';
import { badge, openWorld } from '../world.ts';
import { addUser, lacksChromium, openEyes } from './browser.fixture.ts';

const site: Config['sites'][number] = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  children: [{ name: 'north', limit: { a: 18 }, evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }] }],
};

/** Of a profile that a station was sent, its first limit. */
const limitOf = (sent: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(sent)).chargingProfile.chargingSchedule[0].chargingSchedulePeriod[0].limit;

describe.skipIf(lacksChromium)('the cables of a site', () => {
  test('are shown with what counts against them; a limit that is imposed reaches the charge point, and is lifted', async () => {
    await using world = await openWorld({ config: { console: {}, sites: [site] } });
    await using eyes = await openEyes();
    await addUser(world.node(), 'olaf', 'operate');
    const station = await world.station('CP-201');
    const given = station.next('SetChargingProfile');
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await given;
    const { page, open, wrong } = await eyes.look(world.node(), { as: 'olaf' });
    await open('sites');
    const north = page.getByRole('row', { name: /garage\/north/ });
    await north.getByText('18 A').waitFor();
    await page.getByLabel('Node').selectOption('garage/north');
    await page.getByLabel('Stays below').fill('7');
    const lowered = station.next('SetChargingProfile');
    await page.getByRole('button', { name: 'Impose' }).click();
    await page.getByText('garage/north stays below 7 A').waitFor();
    expect(limitOf(await lowered)).toBe(7);
    await north.getByText('7 A').first().waitFor();
    const raised = station.next('SetChargingProfile');
    await page.getByRole('button', { name: 'Lift' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
    await page.getByText('What was imposed on garage/north is lifted.').waitFor();
    expect(limitOf(await raised)).toBe(18);
    expect(wrong).toEqual([]);
  });
});
