import { expect, test } from 'vitest';
import { amperes, seconds } from '../../src/domain/units.ts';
import type { EventView } from '../../src/node/api/events/schemas.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
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
