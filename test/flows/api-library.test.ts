import { expect, test } from 'vitest';
import { amperes, seconds } from '../../src/domain/units.ts';
import { type ConfigInput, createNode, defineConfig, type EventView } from '../../src/node/index.ts';
import type { Planner } from '../../src/planner/index.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { openApiClient } from '../operator-api.ts';
import { openWorld } from '../world.ts';

/** The session list of the CPO fails, so that the node receives each session once. */
const unlisted = { faults: { sessions: { is: 'ocpi', code: 3000 } } } as const;
const profile = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(8) }] } as const;

test('the library sends requests, lists sessions and follows events as the API does, without a key', async () => {
  await using world = await openEmspWorld();
  const cpo = await world.cpo(unlisted);
  await cpo.put(remoteSession('S1'));
  const node = world.node();
  expect(await node.sessions({ status: 'ACTIVE' })).toMatchObject({ items: [{ key: 'NL*CPO*S1' }] });
  const answer = await node.ask('S1', { kind: 'set', profile }, { wait: seconds(30) });
  expect(answer).toMatchObject({ ok: true, value: { kind: 'set', outcome: 'ACCEPTED', open: false } });
  const received: EventView['kind'][] = [];
  for await (const event of node.events(0)) {
    received.push(event.kind);
    if (event.kind === 'exchange') break;
  }
  expect(received).toEqual(['session', 'exchange']);
});

test('a refusal is returned as a value with its reason', async () => {
  await using world = await openWorld();
  expect(await world.node().ask('NONE', { kind: 'clear' })).toMatchObject({ ok: false, problem: { status: 404, code: 'NOT_FOUND' } });
});

test('events and waiting requests end when the node stops', async () => {
  const world = await openEmspWorld();
  const cpo = await world.cpo(unlisted);
  cpo.answerProfiles({ PUT: { after: 10 * 60_000 } });
  await cpo.put(remoteSession('S1'));
  const node = world.node();
  const events = kindsOf(node.events(0));
  const answer = node.ask('S1', { kind: 'set', profile }, { wait: seconds(120) });
  await world.firstStep('peer-answered');
  await world[Symbol.asyncDispose]();
  expect(await answer).toMatchObject({ ok: true, value: { open: true } });
  expect(await events).toEqual(['session']);
});

async function kindsOf(events: AsyncIterable<EventView>): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of events) kinds.push(kind);
  return kinds;
}

/** The least that a node needs. */
const least = () => ({
  listen: { port: 0 },
  public_url: 'http://127.0.0.1',
  database: ':memory:',
  insecure_http: true,
  parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' }],
  site_limits: undefined,
});

test('F-83: createNode takes a plain object and fills in the defaults; defineConfig returns it as it is', async () => {
  const config = defineConfig({ ...least(), parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' }] });
  await using node = await createNode(config);
  expect((await fetch(`${node.publicUrl}/health/ready`)).status).toBe(200);
  expect(config).toEqual({ ...least() });
});

test.each([
  ['a missing key', { parties: undefined }, 'parties: is missing'],
  ['an unknown key', { partys: [] }, 'partys: is not a known key; allowed are listen, '],
  ['a wrong value', { timeout: 1 }, 'timeout: found 1, '],
  ['a key inside a list', { parties: [{ role: 'SELLER', country_code: 'NL', party_id: 'EVK', name: 'x' }] }, 'parties.0.role: found "SELLER"'],
  ['keys that do not fit together', { insecure_http: false }, 'public_url: is http; use https'],
])('F-83: a mistake in the object is named by its key: %s', async (_, changes, says) => {
  await expect(createNode({ ...least(), ...changes } as ConfigInput)).rejects.toThrow(`the configuration has mistakes:\n${says}`);
});

test('F-83: a planner of the caller plans the sessions of an SCSP', async () => {
  const limits: number[] = [];
  const planner: Planner = ({ sites }) => {
    limits.push(...sites.map(({ limit }) => limit.value));
    return { profiles: new Map(), why: new Map() };
  };
  const scsp = { role: 'SCSP', country_code: 'NL', party_id: 'SCS', name: 'Planner' } as const;
  const planned = Promise.withResolvers<void>();
  const sites = [{ location_id: 'LOC1', limit: 32, unit: 'A' }] as const;
  await using node = await createNode(
    { ...least(), parties: [scsp], planner: { sites } },
    {
      planner: (problem) => {
        planned.resolve();
        return planner(problem);
      },
    },
  );
  await planned.promise;
  expect([limits[0], node.ocppPort]).toEqual([32, undefined]);
});

test('F-84: the library reads exchanges, messages, stations, peers, locations and sites as the API does', async () => {
  await using world = await openWorld();
  const node = world.node();
  const emsp = await world.emsp();
  const session = await world.charging(emsp, await world.station('CP-201'));
  const asked = await node.ask(session, { kind: 'set', profile }, { wait: seconds(30) });
  const id = asked.ok ? asked.value.id : '';
  const { request } = await openApiClient(node);
  const api = async (path: string) => (await request(`GET ${path}`)).body;
  const got = <T>(result: { ok: true; value: T } | { ok: false }): T | undefined => (result.ok ? result.value : undefined);
  expect(await api('sessions')).toEqual(await node.sessions());
  expect(await api(`sessions/${session}`)).toEqual(got(await node.session(session)));
  expect(await api(`sessions/${session}/history`)).toEqual({ items: got(await node.history(session)) });
  expect(await api('exchanges')).toEqual(got(await node.exchanges()));
  expect(await api(`exchanges/${id}`)).toEqual(got(await node.exchange(id)));
  expect(await api(`exchanges/${id}/messages`)).toEqual(got(await node.messages(id)));
  expect(await api('stations')).toEqual({ items: await node.stations() });
  expect(await api('stations/CP-201')).toEqual(got(await node.station('CP-201')));
  expect(await api('peers')).toEqual({ items: await node.peers() });
  expect(await api('peers/NL*MSP')).toEqual(got(await node.peer('NL*MSP')));
  expect(await api('locations')).toEqual(await node.locations());
  expect(await api('sites')).toEqual({ items: node.sites() });
  expect(await api('contracts')).toEqual({ items: await node.agreements.contracts() });
});
