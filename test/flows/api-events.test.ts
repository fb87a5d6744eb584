import { describe, expect, test } from 'vitest';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { EventView } from '../../src/node/api/events/schemas.ts';
import { addEvent, eventRange, forgetEvents } from '../../src/store/sql/event.ts';
import type { Store } from '../../src/store/store.ts';
import { type EmspWorld, moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { type ApiClient, type EventStream, errorOf, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openPlatform } from './platform.fixture.ts';

const isSession = (id: string, kwh: number) => (event: EventView) => event.kind === 'session' && event.data.id === id && event.data.kwh === kwh;

/** Sends `sessions` sessions to the node, `rounds` times each and all sessions in parallel. Requests fail while the node is down. */
async function load(cpo: Cpo, { sessions, rounds }: { sessions: number; rounds: number }): Promise<void> {
  const one = async (n: number) => {
    for (let round = 1; round <= rounds; round += 1) await cpo.put(remoteSession(`L${n}`, { kwh: round, last_updated: moment(round) })).catch(() => undefined);
  };
  await Promise.all(Array.from({ length: sessions }, (_, n) => one(n)));
}

/** Follows the stream until `over`, disconnects after every few events, and resumes as a browser does. */
async function followInPieces(system: ApiClient, over: (event: EventView) => boolean, every: number): Promise<EventView[]> {
  const received: EventView[] = [];
  for (let after = '0'; ; ) {
    using stream: EventStream = await reconnect(system, Number(after));
    const enough = await stream.firstEvent((event) => over(event) || stream.events.length >= every).catch(() => undefined);
    received.push(...stream.events);
    after = stream.lastId() ?? after;
    if (enough && received.some(over)) return received;
  }
}

async function reconnect(system: ApiClient, after: number): Promise<EventStream> {
  for (;;) {
    const stream = await system.followEvents(after).catch(() => undefined); // the node is down: a browser retries as well
    if (stream) return stream;
  }
}

describe.each(stores)('the stream of events (%s)', (store) => {
  test('sends sessions, active profiles and outcomes as they happen', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({
      profileAnswers: { GET: { later: { result: 'ACCEPTED', profile: { start_date_time: moment(0), charging_profile: upTo(8) } } } },
    });
    const system = await openApiClient(world.node(), 'view');
    using stream = await system.followEvents();
    await cpo.put(remoteSession('S1'));
    const session = await stream.firstEvent(isSession('S1', 1));
    expect(session).toMatchObject({ session: 'NL*CPO*S1', data: { cdr_token: { uid: 'DEADBEEF' } } });
    const operating = await openApiClient(world.node());
    const { body } = await operating.request('GET sessions/S1/active-charging-profile?wait=30');
    expect(await stream.firstEvent((it) => it.kind === 'active-profile')).toMatchObject({ session: 'NL*CPO*S1', data: { charging_profile: upTo(8) } });
    const outcome = await stream.firstEvent((it) => it.kind === 'exchange');
    expect(outcome).toMatchObject({ session: 'NL*CPO*S1', data: { exchange: body.id, kind: 'get', state: 'CONFIRMED', outcome: 'ACCEPTED', peer: 'NL*CPO' } });
  });

  test('under load, a reader that is disconnected again and again receives each event exactly once and in order', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const system = await openApiClient(world.node());
    const received = followInPieces(system, isSession('END', 1), 7);
    await load(cpo, { sessions: 12, rounds: 10 });
    await cpo.put(remoteSession('END'));
    await expectAll(system, await received, 121);
  });

  test('a reader receives each event exactly once and in order when the node is restarted in between', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const system = await openApiClient(world.node());
    const received = followInPieces(system, isSession('END', 1), 20);
    const before = load(cpo, { sessions: 12, rounds: 12 });
    await world.firstStep('session-received', (it) => it.session === 'NL*CPO*L3');
    await restart(world);
    await before;
    await load(cpo, { sessions: 12, rounds: 2 });
    await cpo.put(remoteSession('END'));
    await expectAll(system, await received, 13);
  });

  test('a reader whose position was deleted receives one gap, and the events after it', async () => {
    await using platform = await openPlatform({ store, role: 'EMSP' });
    await write(platform.store, 20);
    await platform.store.commit([forgetEvents(epochMillis(1_010))]);
    const system = await openApiClient(platform.node());
    using stream = await system.followEvents(3);
    await stream.firstEvent((it) => it.id === 20);
    expect(stream.events[0]).toMatchObject({ kind: 'gap', data: { after: 3, resumes_after: 9 } });
    expect(stream.events.map((it) => it.id)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    using again = await system.followEvents(9);
    await again.firstEvent((it) => it.id === 20);
    expect(again.events.map((it) => it.kind)).not.toContain('gap');
  });

  test('a reader that has received everything misses nothing when old events are deleted', async () => {
    await using platform = await openPlatform({ store, role: 'EMSP' });
    await write(platform.store, 20);
    await platform.store.commit([forgetEvents(epochMillis(Date.now()))]);
    expect(await platform.store.first(eventRange)).toEqual({ oldest: 20, newest: 20 });
    const system = await openApiClient(platform.node());
    using stream = await system.followEvents(20);
    await write(platform.store, 1, 2_000);
    expect(await stream.firstEvent(() => true)).toMatchObject({ id: 21, kind: 'session' });
  });

  test('a number that this database never assigned gives a gap as well', async () => {
    await using platform = await openPlatform({ store, role: 'EMSP' });
    await write(platform.store, 3);
    const system = await openApiClient(platform.node());
    using stream = await system.followEvents(500);
    await stream.firstEvent((it) => it.id === 3);
    expect(stream.events.map((it) => it.kind)).toEqual(['gap', 'session', 'session', 'session']);
    expect(stream.events[0]).toMatchObject({ id: 0, data: { after: 500, resumes_after: 0 } });
  });

  test('a reader without a position receives one before the first event, so that it can resume there', async () => {
    await using platform = await openPlatform({ store, role: 'EMSP' });
    await write(platform.store, 5);
    const system = await openApiClient(platform.node());
    {
      using stream = await system.followEvents();
      await write(platform.store, 1, 2_000);
      await stream.firstEvent((it) => it.id === 6);
      expect(stream.events.map((it) => it.id)).toEqual([6]);
    }
    const { headers, text } = await openStream(platform.url, system.key);
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(text).toBe('retry: 2000\nid: 6\n\n');
  });
});

test('Last-Event-ID takes precedence over the position in the URL', async () => {
  await using platform = await openPlatform({ role: 'EMSP' });
  await write(platform.store, 4);
  const system = await openApiClient(platform.node());
  const { text } = await openStream(platform.url, system.key, { path: 'events?after=1', headers: { 'last-event-id': '3' } });
  expect(text).toContain('id: 3\n\n');
});

test('SEC-42: a hundred readers are served, the next one is refused until one of them disconnects', async () => {
  await using platform = await openPlatform({ role: 'EMSP' });
  const system = await openApiClient(platform.node());
  using readers = new DisposableStack();
  const [first] = await Promise.all(Array.from({ length: 100 }, async () => readers.use(await system.followEvents())));
  const refused = await system.request('GET events');
  expect([refused.status, errorOf(refused).code]).toEqual([429, 'TOO_MANY_STREAMS']);
  first?.[Symbol.dispose]();
  using next = await reconnect(system, 0);
  expect(next.events).toEqual([]);
});

test.each(['x', '-1', '1.5', '9'.repeat(30), 'null'])('Last-Event-ID %j is refused', async (id) => {
  await using platform = await openPlatform({ role: 'EMSP' });
  const refused = await (await openApiClient(platform.node())).request('GET events', undefined, { 'last-event-id': id });
  expect([refused.status, errorOf(refused).field]).toEqual([400, 'Last-Event-ID']);
});

/** Writes events as another process would, 1 ms apart, beginning at `from`. */
async function write(store: Store, count: number, from = 1_000): Promise<void> {
  for (let n = 1; n <= count; n += 1) await store.commit([addEvent({ at: epochMillis(from + n), kind: 'session', body: remoteSession(`W${n}`) })]);
}

async function restart(world: EmspWorld): Promise<void> {
  await world.stop();
  await world.start();
}

/** The received numbers are those of the store, each once and in order; at least `least` of them. */
async function expectAll(system: ApiClient, received: readonly EventView[], least: number): Promise<void> {
  const ids = received.map((it) => it.id);
  expect(received.map((it) => it.kind)).not.toContain('gap');
  expect(ids.length).toBeGreaterThanOrEqual(least);
  using whole = await system.followEvents(0);
  await whole.firstEvent((it) => it.id === ids.at(-1));
  expect(ids).toEqual(whole.events.map((it) => it.id).filter((id) => id <= (ids.at(-1) ?? 0)));
}

/** The headers and the first chunk of a stream. */
async function openStream(url: string, key: string, { path = 'events', headers = {} }: { path?: string; headers?: Record<string, string> } = {}) {
  const reader = new AbortController();
  const response = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${key}`, ...headers }, signal: reader.signal });
  const first = await response.body?.getReader().read();
  reader.abort();
  return { headers: response.headers, text: new TextDecoder().decode(first?.value) };
}
