import { expect, test } from 'vitest';
import { openWorld, stores } from '../world.ts';
import { openBrowser, signedIn } from './console.fixture.ts';

test.each(stores)('CON-E07: an administrator manages users, with passwords that are shown once; each act is audited by id (%s)', async (store) => {
  await using world = await openWorld({ store, config: { console: {} } });
  const admin = await signedIn(world.node(), 'admin');
  const operator = await signedIn(world.node(), 'operate', 'olaf');
  expect((await operator.ask('POST users', { name: 'eve', role: 'admin' })).status).toBe(403);

  const added = (await admin.ask('POST users', { name: 'vera', role: 'view' })).body;
  expect(added).toMatchObject({ user: { name: 'vera', role: 'view', via: 'password', totp: false } });
  const { id }: { id: string } = Object(added.user);
  const first = String(added.password);
  const vera = openBrowser(world.node());
  expect((await vera.signIn('vera', { password: first })).status).toBe(200);
  expect(await admin.ask('POST users', { name: 'Vera', role: 'view' })).toMatchObject({ status: 409 });
  expect((await admin.ask('GET users')).text).not.toContain(first);

  const second = String((await admin.ask(`POST users/${id}/password`)).body.password);
  expect((await vera.ask('GET sessions')).status).toBe(401);
  expect((await openBrowser(world.node()).signIn('vera', { password: first })).status).toBe(401);
  expect((await openBrowser(world.node()).signIn('vera', { password: second })).status).toBe(200);

  const { id: own }: { id: string } = Object((await admin.ask('GET users')).body.items).find(({ name }: { name: string }) => name === 'admin');
  expect(await admin.ask(`DELETE users/${own}`)).toMatchObject({ status: 409, body: { error: { code: 'NOT_POSSIBLE' } } });
  expect((await admin.ask(`DELETE users/${id}`)).body).toMatchObject({ name: 'vera' });
  expect((await admin.ask('DELETE users/vera')).status).toBe(404);
  const { text } = await admin.ask('GET audit');
  for (const act of ['"act":"add-user"', `"act":"set-password","subject":"${id}"`, `"act":"remove-user","subject":"${id}"`]) expect(text).toContain(act);
  expect(text).not.toContain('vera');
});
