import { expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { openCpo } from '../../sim/partner.ts';
import { openRegistry } from '../../src/node/offline/registry.ts';
import { openEmspWorld } from '../emsp-world.ts';
import { openWorld } from '../world.ts';

test('CRE-16: when a command in another process unregisters a peer, the running node clears its profile at the charge point', async () => {
  await using world = await openWorld({ clock: realClock({ speed: 10 }) });
  const emsp = await world.emsp();
  const station = await world.station('CP-16');
  const session = await world.charging(emsp, station);
  const set = await emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
  expect(await set.later).toEqual({ result: 'ACCEPTED' });
  await using registry = await openRegistry(world.settings());
  const cleared = station.next('ClearChargingProfile');
  expect(await registry.unregister('NL*MSP')).toEqual({ ok: true, value: 'told' });
  await cleared;
  expect(station.installed()).toEqual([]);
});

test('CRE-16: a charge point that is disconnected when a party unregisters is cleared when it reconnects', async () => {
  await using world = await openWorld({ clock: realClock({ speed: 10 }) });
  const emsp = await world.emsp();
  const station = await world.station('CP-201');
  const session = await world.charging(emsp, station);
  const set = await emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
  expect(await set.later).toEqual({ result: 'ACCEPTED' });
  station.drop();
  await world.firstStep('station-disconnected');
  await emsp.unregister();
  await world.firstStep('peer-gone');
  expect(station.installed()).toHaveLength(1);
  const cleared = station.next('ClearChargingProfile');
  await station.reconnect();
  await cleared;
  expect(station.installed()).toEqual([]);
});

test('TRN-11: the running node pulls from a CPO that a command in another process registered', async () => {
  await using world = await openEmspWorld({ clock: realClock({ speed: 10 }) });
  await using cpo = await openCpo({ clock: realClock() });
  await using registry = await openRegistry(world.settings());
  const invitation = cpo.invite();
  expect((await registry.register(invitation.versions_url, invitation.token)).ok).toBe(true);
  const pull = await cpo.waitForRequest((it) => it.module === 'sessions' && it.method === 'GET');
  expect(pull.url).toContain('date_from=');
});
