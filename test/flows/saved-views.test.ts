import { expect, test } from 'vitest';
import { openWorld, stores } from '../world.ts';
import { signedIn } from './console.fixture.ts';

test.each(stores)('CON-E04: a user keeps filters of a list under a name, apart from those of others (%s)', async (store) => {
  await using world = await openWorld({ store, config: { console: {} } });
  const anna = await signedIn(world.node(), 'view', 'anna');
  const ben = await signedIn(world.node(), 'view', 'ben');
  const view = { list: 'sessions', name: 'away / deviating', query: 'away=yes&sort=power' };
  const path = 'views/sessions/away%20%2F%20deviating';
  expect((await anna.ask(`PUT ${path}`, { query: 'away=yes' })).status).toBe(200);
  expect((await anna.ask(`PUT ${path}`, { query: view.query })).body).toEqual({ items: [view] });
  expect((await anna.ask('GET views')).body).toEqual({ items: [view] });
  expect((await ben.ask('GET views')).body).toEqual({ items: [] });
  expect((await ben.ask(`DELETE ${path}`)).status).toBe(404);

  for (let n = 1; n < 50; n++) await anna.ask(`PUT views/sessions/v${n}`, { query: '' });
  expect(await anna.ask('PUT views/sessions/v50', { query: '' })).toMatchObject({ status: 409, body: { error: { code: 'NOT_POSSIBLE' } } });
  expect((await anna.ask(`PUT ${path}`, { query: 'away=yes' })).status).toBe(200);
  expect((await anna.ask('PUT views/peers/x', { query: '' })).status).toBe(404);
  expect((await anna.ask(`PUT views/sessions/${'x'.repeat(61)}`, { query: '' })).body).toMatchObject({ error: { field: 'name' } });
  expect((await anna.ask(`DELETE ${path}`)).status).toBe(200);
  expect((await anna.ask('GET views')).body.items).toHaveLength(49);

  await world.node().users.remove('anna');
  const again = await signedIn(world.node(), 'view', 'anna');
  expect((await again.ask('GET views')).body).toEqual({ items: [] });
});
