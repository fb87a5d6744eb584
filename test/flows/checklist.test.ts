import { expect, test } from 'vitest';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores } from '../world.ts';

test.each(stores)('CON-O01: the checklist follows a new node to its first steered session, also over a restart (%s)', async (store) => {
  await using world = await openWorld({ store });
  const read = async () => {
    const { done, steps } = Object((await (await openApiClient(world.node(), 'view')).request('GET checklist')).body);
    return { done, open: steps.filter((it: { done: boolean }) => !it.done).map(({ step }: { step: string }) => step) };
  };
  expect(await read()).toEqual({ done: false, open: ['connected', 'party', 'session', 'profile'] });
  const station = await world.station('CP-201');
  expect(await read()).toEqual({ done: false, open: ['party', 'session', 'profile'] });
  const emsp = await world.emsp();
  expect(await read()).toEqual({ done: false, open: ['session', 'profile'] });
  const session = await world.charging(emsp, station);
  expect(await read()).toEqual({ done: false, open: ['profile'] });
  const set = await emsp.set(session, upTo(9));
  expect(await set.later).toMatchObject({ result: 'ACCEPTED' });
  expect(await read()).toEqual({ done: true, open: [] });
  await world.restart();
  expect(await read()).toEqual({ done: true, open: [] });
});
