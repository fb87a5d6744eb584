import { expect, test } from 'vitest';
import { openCsms, realClock } from '../../sim/index.ts';
import { runCommandWith } from '../command.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openGarage } from './garage.fixture.ts';

interface Message {
  action: string;
  type: string;
  direction: string;
  of?: string;
}

test('GW-W04, GW-W05: a charge point shows its CSMS and whose each message is; when the CSMS is away, lists, metrics and an alarm say so', async () => {
  await using csms = await openCsms({ clock: realClock() });
  const upstream = {
    url: `${csms.url}/{id}?secret=1`,
    authorization: 'pass',
    when_away: 'keep',
    keep: { messages: 100, days: 7, authorize: 'tokens' },
    smart_charging: 'strictest',
    mode: 'act',
  } as const;
  await using it = await openGarage('sqlite', { sites: [], ocpp: { host: '127.0.0.1', port: 0, security_profile: 1, upstream } });
  const emsp = await it.world.emsp();
  const session = await it.world.charging(emsp, it.stations[0]);
  expect(await letTimePass(it.clock, (await emsp.set(session, upTo(8))).later, it.world.node().publicUrl)).toEqual({ result: 'ACCEPTED' });
  await csms.call('CP-16', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
  const api = await openApiClient(it.world.node());
  const get = async (path: string) => (await api.request(`GET ${path}`)).body;

  const { host } = new URL(csms.url);
  expect((await get('stations/CP-16')).csms).toEqual({ host, mode: 'act', state: 'connected', since: expect.any(String), kept: 0, most_kept: 100 });
  const messages = (await get('stations/CP-16/messages')).items as Message[];
  const ofAction = (action: string) => messages.filter((message) => message.action === action).map(({ type, direction, of }) => `${direction} ${type} ${of}`);
  expect(ofAction('SetChargingProfile')).toEqual(['received result node', 'sent call node']);
  expect(ofAction('TriggerMessage')).toEqual(['received result csms', 'sent call csms']);
  expect(ofAction('BootNotification')).toEqual(['sent result csms', 'received call csms']);

  await csms.disappear();
  await it.pass(70);
  expect((await get('stations/CP-16')).csms).toMatchObject({ state: 'away', since: expect.any(String), last_lost: expect.any(String) });
  const alarm = { key: `csms-away:${host}`, severity: 'warning', says: `The CSMS at ${host} is away for 3 charge points.` };
  expect(await get('alarms')).toMatchObject({ items: expect.arrayContaining([expect.objectContaining(alarm)]) });
  const metrics = await (await fetch(`${it.world.node().publicUrl}/metrics`)).text();
  expect(metrics).toContain('ocpp_csms_stations{state="away"} 3\n');
  expect(metrics).toContain('ocpp_csms_stations{state="connected"} 0\n');
  const env = { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: api.key };
  expect((await runCommandWith({ env }, 'stations')).stdout).toMatch(/^STATION .* CSMS\nCP-16 .* away, 1 kept\n/);
  const pushed = JSON.stringify(await get('stations'));
  expect(pushed).not.toContain('secret');
});
