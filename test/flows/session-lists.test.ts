import { expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { openApiClient, requestApi } from '../operator-api.ts';
import { badge, stores } from '../world.ts';
import { openGarage } from './garage.fixture.ts';

const keysOf = (body: Record<string, unknown>) => {
  const { items = [] }: { items?: readonly { station: string }[] } = body;
  return items.map(({ station }) => station);
};

test.each(stores)('CON-E01: sessions are filtered and sorted by what the node knows, and stay right while it changes (%s)', async (store) => {
  await using it = await openGarage(store);
  const emsp = await it.world.emsp();
  const [first, second, third] = it.stations;
  await it.world.charging(emsp, first);
  await second.plugIn(1, { car: buildCar({ maxAmperage: 8 }), idToken: badge });
  await third.plugIn(1, { car: buildCar({ maxAmperage: 7 }), idToken: badge });
  await it.highest(90);
  const api = await openApiClient(it.world.node());
  const list = async (query: string) => (await api.request(`GET sessions?${query}`)).body;

  expect(keysOf(await list('sort=name'))).toEqual(['CP-16', 'CP-21', 'CP-201']);
  const page = await list('sort=name&limit=2');
  expect(keysOf(page)).toEqual(['CP-16', 'CP-21']);
  expect(keysOf(await list(`sort=name&limit=2&after=${page.next_after}`))).toEqual(['CP-201']);
  expect(keysOf(await list('sort=name&order=desc'))).toEqual(['CP-201', 'CP-21', 'CP-16']);
  const powers = async () => ((await list('sort=power')).items as { power: number }[]).map(({ power }) => power);
  expect(await powers()).toEqual((await powers()).toSorted((a, b) => b - a));

  expect(keysOf(await list('site=garage&sort=name'))).toHaveLength(3);
  expect(keysOf(await list('site=garage'))).toHaveLength(3);
  expect(keysOf(await list('site=loc1&status=ACTIVE'))).toHaveLength(3);
  expect(keysOf(await list('station=CP-201'))).toEqual(['CP-201']);
  expect(keysOf(await list('party=NL*MSP'))).toHaveLength(3);
  expect(keysOf(await list('party=NL*XXX'))).toEqual([]);
  expect(keysOf(await list('q=%20cp-201%20'))).toEqual(['CP-201']);
  expect(keysOf(await list('q=%20'))).toHaveLength(3);
  expect(keysOf(await list('limited_by=garage')).length + keysOf(await list('limited_by=car-takes-less')).length).toBeGreaterThan(0);
  expect(keysOf(await list('away=yes'))).toEqual([]);
  third.drop();
  await it.highest(2);
  expect(keysOf(await list('away=yes'))).toEqual(['CP-21']);
  expect(keysOf(await list('limited_by=station-away'))).toEqual(['CP-21']);
  await second.unplug(1);
  await it.highest(3);
  expect(keysOf(await list('sort=name'))).toEqual(['CP-16', 'CP-21']);
  expect(keysOf(await list('status=COMPLETED&station=CP-201'))).toEqual(['CP-201']);
});

test('CON-E02: a wrong filter or position is refused with what is allowed', async () => {
  await using it = await openGarage('sqlite');
  const api = await openApiClient(it.world.node());
  const refused = async (query: string) => (await api.request(`GET sessions?${query}`)).body.error;
  expect(await refused('sort=power&status=COMPLETED')).toMatchObject({ field: 'status', allowed: 'ACTIVE, PENDING, RESERVATION' });
  expect(await refused('sort=power&after=nonsense')).toMatchObject({ field: 'after' });
  expect(await refused('sort=colour')).toMatchObject({ field: 'sort' });
  expect((await requestApi(it.world.node().publicUrl, 'GET sessions.csv', {})).status).toBe(401);
});

test('CON-E03: a CSV file has all sessions that match, with names first', async () => {
  await using it = await openGarage('sqlite');
  const emsp = await it.world.emsp();
  const id = await it.world.charging(emsp, it.stations[0]);
  const { key } = await it.world.node().keys.add({ name: 'csv', scope: 'view' });
  const get = (query: string) => fetch(`${it.world.node().publicUrl}/api/v1/sessions.csv?${query}`, { headers: { authorization: `Bearer ${key}` } });
  const answer = await get('station=CP-16');
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="sessions.csv"',
  ]);
  const [head, row, end] = (await answer.text()).split('\r\n');
  expect(head).toMatch(/^evse,card,status,station,/);
  expect(row).toMatch(new RegExp(`^CP-16-1,\\*{4}BEEF,ACTIVE,CP-16,.*,NL\\*EVK\\*${id}$`, 'i'));
  expect(end).toBe('');
  expect((await (await get('station=CP-21&sort=power')).text()).split('\r\n')).toHaveLength(2);
  expect((await get('sort=power&status=COMPLETED')).status).toBe(400);
  await (await emsp.set(id, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 9 }] })).later;
  const exchanges = await fetch(`${it.world.node().publicUrl}/api/v1/exchanges.csv?station=CP-16`, { headers: { authorization: `Bearer ${key}` } });
  expect((await exchanges.text()).split('\r\n')[1]).toMatch(/,set,carried,NL\*MSP,CP-16,ACCEPTED,/);
});
