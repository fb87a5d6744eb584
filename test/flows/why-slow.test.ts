import { expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { runCommandWith } from '../command.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { apiClient, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, stores } from '../world.ts';
import { openGarage } from './garage.fixture.ts';

test.each(stores)('CON-W04: the limit of a session names its origin and its end, and why says what holds it back (%s)', async (store) => {
  await using it = await openGarage(store);
  const emsp = await it.world.emsp();
  const [first, second] = it.stations;
  const id = await it.world.charging(emsp, first);
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  const { key } = await it.world.node().keys.add({ name: 'anna', scope: 'operate' });
  const anna = apiClient(it.world.node().publicUrl, key);
  const limit = async () => (await anna.request(`GET sessions/${id}`)).body.limit;
  const why = async () => (await anna.request(`GET sessions/${id}/why`)).body;

  expect(await limit()).toEqual({ limit: 10, unit: 'A', origin: { kind: 'site', name: 'garage' }, reported: false });
  const shared = await why();
  expect(shared).toMatchObject({
    verdict: 'limited',
    text: 'The share of garage for this EVSE is 10 A: garage may draw 20 A (CP-201-1 takes 10 A).',
    causes: [{ code: 'site-share', name: 'garage', change: { code: 'others-leave' } }, { code: 'evse-maximum' }, { code: 'power-unknown' }],
  });
  const listed = (await anna.request('GET sessions?status=ACTIVE')).body.items;
  expect(listed).toContainEqual(expect.objectContaining({ limit: await limit(), limited_by: { verdict: 'limited', cause: 'site-share', name: 'garage' } }));

  const profile = upTo(8, { start_date_time: '2026-01-31T10:00:00Z', duration: 3_600 });
  const pushed = emsp.nextPush(id);
  expect(await (await emsp.set(id, profile)).later).toEqual({ result: 'ACCEPTED' });
  await it.until(pushed);
  expect(await limit()).toEqual({ limit: 8, unit: 'A', origin: { kind: 'party', name: 'NL*MSP' }, until: '2026-01-31T11:00:00Z', reported: true });
  expect(await why()).toMatchObject({ text: 'The charging profile of NL*MSP allows 8 A until 11:00 UTC.' });

  const lowered = emsp.nextPush(id);
  const set = anna.request(`PUT sessions/${id}/charging-profile?mode=replace`, { limit: 7, unit: 'A' });
  await it.until(lowered);
  await set;
  expect(await limit()).toEqual({ limit: 7, unit: 'A', origin: { kind: 'operator', name: 'anna' }, reported: true });
  expect((await anna.request(`GET sessions/${id}`)).body.inputs).toMatchObject([{ by: 'operator', user: 'anna' }]);
  const stations = (await anna.request('GET stations/CP-16')).body.sessions;
  expect(stations).toMatchObject([{ limit: await limit() }]);

  first.drop();
  await it.highest(2);
  const away = await why();
  expect(away.verdict).toBe('unknown');
  expect(away).toHaveProperty(
    'causes.0',
    expect.objectContaining({ code: 'station-away', name: 'CP-16', change: expect.objectContaining({ code: 'station-back' }) }),
  );
  expect(away.causes).toContainEqual(expect.objectContaining({ code: 'operator-limit', name: 'anna' }));
});

test('CON-W04: an eMSP gets what is known of a remote session, and what is not known is said', async () => {
  await using world = await openEmspWorld({ store: 'sqlite' });
  const cpo = await world.cpo();
  await cpo.put(remoteSession('S1'));
  const system = await openApiClient(world.node());
  const unknown = await system.request('GET sessions/S1/why');
  expect(unknown.body).toMatchObject({ verdict: 'unknown', text: 'It is not known which limit holds: NL*CPO has not reported it.' });
  expect((await system.request('GET sessions/S1')).body).not.toHaveProperty('limit');
  await system.request('PUT sessions/S1/charging-profile?wait=30', { limit: 8, unit: 'A' });
  expect((await system.request('GET sessions/S1/why')).body).toMatchObject({
    limit: { limit: 8, unit: 'A', origin: { kind: 'operator', name: 'a test' }, reported: false },
    causes: [{ code: 'operator-limit', name: 'a test' }, { code: 'power-unknown' }],
  });
  expect((await system.request('GET sessions/S9/why')).status).toBe(404);
});

test('CON-W05: evenkeel why, sessions and sites show the limit with its origin', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  const emsp = await it.world.emsp();
  const id = await it.world.charging(emsp, first);
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  const { key } = await it.world.node().keys.add({ name: 'anna', scope: 'operate' });
  const run = (...args: string[]) => runCommandWith({ env: { EVENKEEL_KEY: key, EVENKEEL_URL: it.world.node().publicUrl } }, ...args);
  const why = await run('why', id);
  expect(why.stdout).toContain('The share of garage for this EVSE is 10 A: garage may draw 20 A (CP-201-1 takes 10 A).');
  expect(why.stdout).toContain('What would change it: Another car below this node leaves or takes less.');
  const json: unknown = JSON.parse((await run('why', id, '--json')).stdout);
  expect(json).toMatchObject({ verdict: 'limited', causes: [{ code: 'site-share' }, { code: 'evse-maximum' }, { code: 'power-unknown' }] });
  expect((await run('sessions')).stdout).toContain('10 A · '); // cut at 80 characters
  expect((await run('sites', 'list')).stdout).toContain('10 A · garage');
});
