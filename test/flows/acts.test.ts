import { describe, expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { letTimePass } from '../let-time-pass.ts';
import { type ApiClient, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, stores } from '../world.ts';
import { openGarage } from './garage.fixture.ts';
import { openSteered } from './steered.fixture.ts';

type Garage = Awaited<ReturnType<typeof openGarage>>;

/** Two cars share 20 A: the eMSP limits its own to 8 A, so the other one may take 12 A. */
async function twoCars(it: Garage) {
  const emsp = await it.world.emsp();
  const [first, second] = it.stations;
  const session = await it.world.charging(emsp, first);
  await it.highest(4);
  expect(await (await emsp.set(session, upTo(8))).later).toEqual({ result: 'ACCEPTED' });
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  return { emsp, session, api: await openApiClient(it.world.node()) };
}
const keyOf = (session: string) => `NL*EVK*${session.toUpperCase()}`;
const until = <T>(it: Garage, event: Promise<T>) => letTimePass(it.clock, event, `${it.world.node().publicUrl}/health`);
/** The audit, oldest first. */
async function actsOf(api: ApiClient): Promise<string[]> {
  const { items = [] }: { items?: { act: string; subject?: string; says?: string }[] } = (await api.request('GET audit')).body;
  return items.toReversed().map(({ act, subject = '', says = '' }) => `${act} ${subject}: ${says}`);
}
const inAmperes = (changes: unknown) => (Array.isArray(changes) ? changes.map(({ evse, from, to }) => `${evse} ${from.a} > ${to.a}`) : []);

describe('a preview of an act', () => {
  test('CON-P01: of a set names what it replaces, and which limits of the site rise and fall; nothing is sent, and nothing is audited', async () => {
    await using it = await openGarage('sqlite');
    const { api, session } = await twoCars(it);
    const sent = () => it.stations.map((station) => station.installed().length);
    const before = sent();
    const path = `POST sessions/${session}/charging-profile/preview`;
    const replaced = await api.request(`${path}?mode=replace`, { limit: 6, unit: 'A', for: 900 });
    expect(replaced.body).toMatchObject({
      replaces: [{ by: 'NL*MSP', limit: { a: 8, w: 5520 } }],
      keeps: [],
      pauses: false,
      undo: { method: 'DELETE', path: `sessions/${keyOf(session)}/charging-profile` },
      lost: ['NL*MSP'],
    });
    expect(inAmperes(replaced.body.changes)).toEqual(['CP-16-1 8 > 6', 'CP-201-1 12 > 14']);
    expect(replaced.body.sums).toEqual({ rises: 1380, falls: 1380 });
    const lower = await api.request(`${path}?mode=lower-only`, { limit: 16, unit: 'A' });
    expect(lower.body).toMatchObject({ replaces: [], keeps: ['NL*MSP'], changes: [], sums: { rises: 0, falls: 0 }, lost: [] });
    const paused = await api.request(`${path}?mode=lower-only`, { limit: 0, unit: 'A' });
    expect([paused.body.pauses, inAmperes(paused.body.changes)]).toEqual([true, ['CP-16-1 8 > 0', 'CP-201-1 12 > 20']]);
    const cleared = await api.request(path, { clear: 'all' });
    expect(inAmperes(cleared.body.changes)).toEqual(['CP-16-1 8 > 10', 'CP-201-1 12 > 10']);
    expect(sent()).toEqual(before);
    expect((await api.request('GET exchanges')).body).toMatchObject({ items: [{ side: 'carried' }] });
    expect((await api.request(path, { limit: 6 })).status).toBe(400);
    expect((await api.request('POST sessions/NONE/charging-profile/preview', { clear: 'all' })).status).toBe(404);
    expect((await actsOf(api)).filter((it) => it.startsWith('preview'))).toEqual([]);
  });

  test('CON-P01: of an imposed limit says what the site does then, and its undo puts back the limit before', async () => {
    await using it = await openGarage('sqlite');
    const { api } = await twoCars(it);
    const low = await api.request('POST sites/limits/preview?node=garage', { a: 12 });
    expect(inAmperes(low.body.changes)).toEqual(['CP-16-1 8 > 6', 'CP-201-1 12 > 6']);
    expect(low.body).toMatchObject({ replaces: [], pauses: false, undo: { method: 'DELETE', path: 'sites/limits', query: { node: 'garage' } } });
    expect((await api.request('POST sites/limits/preview?node=garage', { a: 5 })).body.pauses).toBe(true);
    const until = '2026-01-31T18:00:00Z';
    await api.request('PUT sites/limits?node=garage&reason=grid%20operator', { a: 12, until });
    await it.highest(20);
    const again = await api.request('POST sites/limits/preview?node=garage', { a: 14 });
    expect(again.body).toMatchObject({
      replaces: [{ by: 'operator', limit: { a: 12 }, until }],
      undo: { method: 'PUT', path: 'sites/limits', query: { node: 'garage' }, body: { a: 12, until } },
    });
    const lifted = await api.request('POST sites/limits/preview?node=garage', { lift: true });
    expect([inAmperes(lifted.body.changes), lifted.body.undo]).toEqual([
      ['CP-16-1 6 > 8', 'CP-201-1 6 > 12'],
      { method: 'PUT', path: 'sites/limits', query: { node: 'garage' }, body: { a: 12, until } },
    ]);
    expect((await api.request('POST sites/limits/preview?node=cellar', { lift: true })).status).toBe(404);
    expect((await api.request('POST sites/limits/preview?node=garage', { a: 8, until: '2026-01-01T00:00:00Z' })).body).toMatchObject({
      error: { field: 'until' },
    });
  });
});

describe.each(stores)('acts that run (%s)', (store) => {
  test('CON-P02 CON-P03: are listed by the node with their end, who and why; their reason is in the exchange and in the audit', async () => {
    await using it = await openGarage(store);
    const { api, session } = await twoCars(it);
    const running = async () => (await api.request('GET acts/running')).body.items;
    expect(await running()).toEqual([]);
    const set = await until(
      it,
      api.request(`PUT sessions/${session}/charging-profile?wait=60&mode=lower-only&reason=the%20lift%20needs%20it`, { limit: 6, unit: 'A', for: 900 }),
    );
    expect(set.body).toMatchObject({ outcome: 'ACCEPTED', given_reason: 'the lift needs it' });
    await api.request('PUT sites/limits?node=garage&reason=grid%20operator', { a: 12, until: '2026-01-31T18:00:00Z' });
    expect(await running()).toMatchObject([
      {
        kind: 'profile',
        name: 'CP-16-1',
        session: keyOf(session),
        station: 'CP-16',
        limit: { a: 6, w: 4140 },
        until: expect.stringContaining('2026-01-31T10:1'),
      },
      { kind: 'limit', name: 'garage', node: 'garage', limit: { a: 12 }, until: '2026-01-31T18:00:00Z', by: 'a test', reason: 'grid operator' },
    ]);
    await it.clock.advance(900_000);
    expect(await running()).toMatchObject([{ kind: 'limit' }]);
    await api.request('DELETE sites/limits?node=garage&reason=over');
    expect(await running()).toEqual([]);
    expect((await api.request(`PUT sites/limits?node=garage&reason=${'x'.repeat(201)}`, { a: 12 })).status).toBe(400);
    expect((await actsOf(api)).slice(1)).toEqual([
      `set-charging-profile ${session}: 6 A for 900 s, lower-only, the lift needs it`,
      'impose-limit garage: 12 A until 2026-01-31T18:00:00Z, grid operator',
      'lift-limit garage: over',
    ]);
  });
});

test('CON-P04: undo of a set puts back the earlier profile of the operator, with its own end', async () => {
  await using it = await openSteered('sqlite');
  const api = await openApiClient(it.world.node());
  const path = `sessions/${it.session}/charging-profile`;
  const set = (limit: number) => it.until(api.request(`PUT ${path}?wait=60&mode=replace`, { limit, unit: 'A', for: 900 }));
  expect((await set(10)).body).toMatchObject({ outcome: 'ACCEPTED' });
  const { undo } = (await api.request(`POST ${path}/preview?mode=replace`, { limit: 7, unit: 'A', for: 60 })).body;
  const { method, path: undoPath, query, body } = Object(undo);
  expect([method, query.mode, body.duration]).toEqual(['PUT', 'replace', 900]);
  await it.clock.advance(11_000);
  expect((await set(7)).body).toMatchObject({ outcome: 'ACCEPTED' });
  await it.clock.advance(11_000);
  const undone = await it.until(api.request(`${method} ${undoPath}?wait=60&mode=${query.mode}`, body));
  expect(undone.body).toMatchObject({ outcome: 'ACCEPTED', charging_profile: { start_date_time: body.start_date_time, duration: 900 } });
});

test('CON-P05: the steering board says who steers which sessions, what would rise without a party, and which sessions a resumed party took again', async () => {
  await using it = await openGarage('sqlite');
  const { api, session, emsp } = await twoCars(it);
  const board = async () => {
    await it.clock.advance(3_000); // the board is read at most every 2 s
    return Object((await api.request('GET steering')).body).parties;
  };
  expect(await board()).toMatchObject([
    {
      party: 'NL*MSP',
      halted: false,
      sessions: [{ session: keyOf(session), name: 'CP-16-1', station: 'CP-16', steers: true, others: [], limit: { a: 8 }, without: { a: 10 } }],
      without: { rises: 1380, falls: 1380 },
    },
  ]);
  const gone = it.world.nextStep('outcome', ({ kind }) => kind === 'clear');
  await api.request('POST parties/NL*MSP/halt?reason=it%20sets%20too%20much');
  await until(it, gone);
  expect(await board()).toMatchObject([{ party: 'NL*MSP', halted: true, sessions: [{ steers: false, limit: {} }], power: 0, without: { rises: 0, falls: 0 } }]);
  await api.request('POST parties/NL*MSP/resume');
  await it.highest(12);
  expect(await until(it, (await emsp.set(session, upTo(9))).later)).toEqual({ result: 'ACCEPTED' });
  expect(await board()).toMatchObject([{ party: 'NL*MSP', halted: false, sessions: [{ steers: true, since: expect.any(String), without: { a: 10 } }] }]);
});

test('CON-P02 CON-P04: a profile that was sent to another CPO runs on the list too, and its undo puts back the one before', async () => {
  await using world = await openEmspWorld();
  const cpo = await world.cpo({ faults: { sessions: { is: 'ocpi', code: 3000 } } });
  await cpo.put(remoteSession('S1'));
  const api = await openApiClient(world.node());
  const path = 'sessions/NL*CPO*S1/charging-profile';
  const set = (limit: number) => api.request(`PUT ${path}?wait=30`, { limit, unit: 'A', for: 900 });
  expect((await api.request(`POST ${path}/preview`, { limit: 7, unit: 'A' })).body).toMatchObject({ replaces: [], undo: { method: 'DELETE', path } });
  expect((await set(10)).body).toMatchObject({ outcome: 'ACCEPTED' });
  expect((await api.request('GET acts/running')).body.items).toMatchObject([
    { kind: 'profile', session: 'NL*CPO*S1', limit: { a: 10 }, until: expect.any(String), by: 'a test', lift: { method: 'DELETE', path } },
  ]);
  expect((await api.request(`POST ${path}/preview`, { limit: 7, unit: 'A' })).body).toMatchObject({
    replaces: [{ by: 'operator', limit: { a: 10 } }],
    changes: [{ from: { a: 10 }, to: { a: 7 } }],
    undo: { method: 'PUT', path, body: { duration: 900 } },
  });
  expect((await api.request(`DELETE ${path}?wait=30`)).body).toMatchObject({ outcome: 'ACCEPTED' });
  expect((await api.request('GET acts/running')).body.items).toEqual([]);
});
