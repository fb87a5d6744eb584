import { describe, expect, test } from 'vitest';
import { buildCar, virtualClock } from '../../sim/index.ts';
import { fieldsOf } from '../../sim/partner/wire.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { problemWith } from '../../src/ocpi/problem.ts';
import { Session } from '../../src/ocpi/sessions/session.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

/** The pushes of sessions that the eMSP received: method and body. */
const pushes = (emsp: Emsp) =>
  emsp.requests
    .filter(({ module, method }) => module === 'sessions' && method !== 'GET')
    .map(({ method, body }) => [method, fieldsOf(JSON.parse(body))] as const);
const readBack = (emsp: Emsp) => emsp.requests.filter(({ module, method }) => module === 'sessions' && method === 'GET');
const listAt = (emsp: Emsp) => emsp.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'SENDER')?.url ?? '';

async function openEmpty(store: StoreKind) {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store, clock }));
  const emsp = await world.emsp();
  const kept = stack.move();
  return { world, emsp, clock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

describe.each(stores)('a CPO node that pushes its sessions (%s)', (store) => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)(
    'SES-01, SES-02, SES-03, SES-08: sends a PUT of the whole session, then PATCHes with changes until its end, from %s',
    async (at) => {
      await using it = await openSteered(store, { at });
      await it.until(it.emsp.session(({ kwh }) => Number(kwh) > 0));
      await it.station.unplug(1);
      const end = await it.emsp.session(({ status }) => status === 'COMPLETED');
      expect(end).toMatchObject({
        id: it.session,
        country_code: 'NL',
        party_id: 'EVK',
        evse_uid: `${at}-1`,
        connector_id: '1',
        location_id: 'LOC1',
        currency: 'EUR',
      });

      const [first, ...others] = pushes(it.emsp);
      expect(first?.[0]).toBe('PUT');
      expect(problemWith(Session['2.2.1'], first?.[1])).toBeUndefined();
      expect(others.map(([method]) => method)).toEqual(others.map(() => 'PATCH'));
      for (const [, patch] of others) {
        expect(patch).toHaveProperty('last_updated');
        for (const unchanged of ['id', 'cdr_token', 'location_id', 'currency', 'auth_method']) expect(patch).not.toHaveProperty(unchanged);
      }
      // SES-35: parts of a session have no URLs
      for (const { url, module, method } of it.emsp.requests)
        if (module === 'sessions' && method !== 'GET') expect(url).toMatch(new RegExp(`/NL/EVK/${it.session}$`));
      const [listed] = await it.emsp.pullSessions();
      expect(listed).toEqual(end);
    },
  );

  test('SES-14: sends PENDING from the start of the transaction, then ACTIVE when a car is connected', async () => {
    await using it = await openEmpty(store);
    const station = await it.world.station('CP-201');
    await station.presentCard(1, badge);
    const pending = await it.emsp.session(({ status }) => status === 'PENDING');
    expect(pending.start_date_time).toBe('2026-01-31T09:00:00.000Z');
    await it.clock.advance(120_000);
    await station.plugIn(1, { car: buildCar() });
    const active = await it.emsp.session(({ status }) => status === 'ACTIVE');
    expect(Date.parse(String(active.start_date_time))).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 31, 9, 2));
    expect(active.id).toBe(pending.id);
  });

  test('F-04, CDP-05: a car that is connected and takes nothing is ACTIVE, and a profile can be set for it', async () => {
    await using it = await openEmpty(store);
    const station = await it.world.station('CP-201', { whenFull: 'suspend' });
    await station.plugIn(1, { car: buildCar({ soc: 1 }), idToken: badge });
    const active = await it.emsp.session(({ status }) => status === 'ACTIVE');
    expect(active).toMatchObject({ start_date_time: '2026-01-31T09:00:00.000Z', kwh: 0 });
    expect((await it.emsp.set(String(active.id), upTo(10))).result).toBe('ACCEPTED');
  });

  test('SES-21: sends INVALID for a session that ends without a car', async () => {
    await using it = await openEmpty(store);
    const station = await it.world.station('CP-201');
    await station.presentCard(1, badge);
    await it.emsp.session(({ status }) => status === 'PENDING');
    await station.stop(1);
    expect(await it.emsp.session(({ status }) => status === 'INVALID')).toMatchObject({ kwh: 0 });
  });

  test('SES-10, SES-11, SES-12, SES-15, SES-16: sends a reservation, which becomes the session of the car that uses it', async () => {
    await using it = await openEmpty(store);
    const station = await it.world.station('CP-201');
    await it.world.node().reserve({ evseUid: 'CP-201-1', tokenUid: badge.uid, reference: 'ref-1' });
    const reserved = await it.emsp.session(({ status }) => status === 'RESERVATION');
    expect(reserved).toMatchObject({ authorization_reference: 'ref-1', evse_uid: 'CP-201-1', kwh: 0 });
    expect(pushes(it.emsp).map(([method]) => method)).toEqual(['PUT']);

    await station.plugIn(1, { car: buildCar(), idToken: badge });
    const active = await it.emsp.session(({ status }) => status === 'ACTIVE');
    expect(active).toMatchObject({ id: reserved.id, authorization_reference: 'ref-1' });
    expect(active.evse_uid).not.toBe('#NA');
    expect(it.emsp.sessions.size).toBe(1);
  });

  test('SES-13: sends COMPLETED for a reservation that was not used', async () => {
    await using it = await openEmpty(store);
    const key = await it.world.node().reserve({ evseUid: 'CP-201-1', tokenUid: badge.uid });
    await it.emsp.session(({ status }) => status === 'RESERVATION');
    if (key) await it.world.node().endReservation(key);
    expect(await it.emsp.session(({ status }) => status === 'COMPLETED')).toMatchObject({ kwh: 0 });
  });

  test('SES-17: sends no changes of a session after its end', async () => {
    await using it = await openSteered(store);
    const transaction = it.station.transaction(1);
    await it.station.unplug(1);
    const end = await it.emsp.session(({ status }) => status === 'COMPLETED');
    const count = pushes(it.emsp).length;
    const next = await it.world.charging(it.emsp, it.station);
    expect(next).not.toBe(it.session);
    expect(transaction).toBeDefined();
    expect(it.emsp.sessions.get(it.session)).toEqual(end);
    expect(
      pushes(it.emsp)
        .slice(count)
        .filter(([, body]) => body.id === it.session),
    ).toEqual([]);
  });

  test('SES-04, TRN-33: after a PATCH of a session that the receiver does not know, reads the session at the receiver and sends a PUT', async () => {
    await using it = await openSteered(store);
    // The receiver has lost the session.
    it.emsp.behave({
      sessions: [
        { is: 'ocpi', code: 2003, http: 404 },
        { is: 'ocpi', code: 2003, http: 404 },
      ],
    });
    await it.station.unplug(1);
    await it.world.nthStep(2, 'session-pushed', ({ by }) => by === 'PUT');
    expect(readBack(it.emsp).length).toBeGreaterThanOrEqual(1);
    const last = pushes(it.emsp).at(-1);
    expect(last?.[0]).toBe('PUT');
    expect(problemWith(Session['2.2.1'], last?.[1])).toBeUndefined();
  });

  test('SES-04, TRN-53: after a failed push, reads the session at the receiver and sends its current state', async () => {
    await using it = await openSteered(store);
    it.emsp.behave({ sessions: { is: 'answer', http: 500 } });
    const failed = it.world.nextStep('session-pushed', ({ outcome }) => outcome === 'UNDELIVERED');
    await it.station.unplug(1);
    await it.until(failed);
    const before = it.emsp.requests.length;
    const delivered = it.world.nextStep('session-pushed', ({ outcome }) => outcome === 'DELIVERED');
    it.emsp.behave({});
    await it.until(delivered);
    const after = it.emsp.requests.slice(before).filter(({ module }) => module === 'sessions');
    expect(after[0]?.method).toBe('GET');
    expect(it.emsp.sessions.get(it.session)).toMatchObject({ status: 'COMPLETED' });
    const [listed] = await it.emsp.pullSessions();
    expect(it.emsp.sessions.get(it.session)).toEqual(listed);
  });
});

describe.each(stores)('a CPO node that lists its sessions (%s)', (store) => {
  test('SES-03: answers 405 to POST, PUT, PATCH and DELETE of the list', async () => {
    await using it = await openEmpty(store);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect([method, (await it.emsp.send({ method, url: listAt(it.emsp) })).http]).toEqual([method, 405]);
  });

  test('SES-05, SES-08: filters by last_updated, date_from included and date_to excluded, in pages of whole sessions', async () => {
    await using it = await openEmpty(store);
    const stations = [await it.world.station('CP-16'), await it.world.station('CP-201'), await it.world.station('CP-21')];
    for (const station of stations) {
      await it.world.charging(it.emsp, station);
      await it.clock.advance(10_000);
    }
    const all = await it.emsp.pullSessions();
    expect(all).toHaveLength(3);
    for (const session of all) expect(problemWith(Session['2.2.1'], session)).toBeUndefined();
    const times = all.map(({ last_updated }) => String(last_updated)).toSorted();
    const [first = '', second = '', third = ''] = times;
    const count = async (query: Record<string, string>) => (await it.emsp.pullSessions(query)).length;
    expect(await count({ date_from: first })).toBe(3);
    expect(await count({ date_from: second })).toBe(2);
    expect(await count({ date_from: first, date_to: third })).toBe(2);
    expect(await count({ date_from: '2027-01-01T00:00:00Z' })).toBe(0);
    // without date_from and date_to all sessions are listed
    expect(await count({})).toBe(3);

    expect(await count({ date_from: first, limit: '1' })).toBe(3);
    const page = await it.emsp.send({ method: 'GET', url: `${listAt(it.emsp)}?date_from=${first}&limit=2&offset=2` });
    expect([page.headers.get('x-total-count'), page.headers.get('link')]).toEqual(['3', null]);
    expect(page.data).toHaveLength(1);
  });
});
