import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { type EmspWorld, moment, openEmspWorld, remoteSession, sessionUrl } from '../emsp-world.ts';
import { stores } from '../world.ts';

const period = (minute: number, volume = 1) => ({ start_date_time: moment(minute * 60), dimensions: [{ type: 'ENERGY', volume }] });
const changes = (second: number, more: object = {}) => ({ ...more, last_updated: moment(second) });

async function openReceiver(store: (typeof stores)[number], clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)))) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store, clock }));
  const cpo = await world.cpo();
  const kept = stack.move();
  return { world, cpo, clock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const heldBy = async ({ world, cpo }: { world: EmspWorld; cpo: Cpo }, id: string) => (await world.readSession(cpo, id)).session;

describe.each(stores)('what an eMSP node makes of a session that it is told (%s)', (store) => {
  test('SES-03, SES-30: it takes GET, PUT and PATCH, and neither POST nor DELETE: sessions are not deleted', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    for (const method of ['POST', 'DELETE']) {
      const answer = await it.cpo.send({ method, url: sessionUrl(it.cpo, 's1'), ...(method === 'POST' && { body: remoteSession('s1') }) });
      expect([answer.http, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['GET', 'PATCH', 'PUT']]);
    }
    expect(await heldBy(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-31: a PUT makes it, with 201, and a later one replaces it whole', async () => {
    await using it = await openReceiver(store);
    const first = await it.cpo.put(remoteSession('s1', { authorization_reference: 'r', total_cost: { excl_vat: 1 } }));
    expect([first.http, first.envelope.status_code, 'data' in first.envelope]).toEqual([201, 1000, false]);
    const second = await it.cpo.put(remoteSession('s1', { kwh: 2, last_updated: moment(60) }));
    expect([second.http, second.envelope.status_code]).toEqual([200, 1000]);
    expect(await heldBy(it, 's1')).toEqual(remoteSession('s1', { kwh: 2, last_updated: moment(60) }));
  });

  test('SES-18: a session without total_cost is not made to cost nothing', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { status: 'COMPLETED', end_date_time: moment(60) }));
    expect(await heldBy(it, 's1')).not.toHaveProperty('total_cost');
    expect(JSON.stringify(await it.world.node().sessions())).not.toContain('cost');
  });

  test('SES-32: a PUT with other charging periods, with none or without a list takes those away that were there', async () => {
    await using it = await openReceiver(store);
    for (const [n, told] of [{ charging_periods: [period(9)] }, { charging_periods: [] }, {}].entries()) {
      await it.cpo.put(remoteSession(`s${n}`, { charging_periods: [period(0), period(5)] }));
      await it.cpo.put(remoteSession(`s${n}`, { ...told, last_updated: moment(60) }));
      expect(await heldBy(it, `s${n}`)).toEqual(remoteSession(`s${n}`, { ...told, last_updated: moment(60) }));
    }
  });

  test('SES-33: what its URL and its body say of whose it is must agree, or it is 2001; case does not count', async () => {
    await using it = await openReceiver(store);
    for (const wrong of [{ country_code: 'DE' }, { party_id: 'XYZ' }, { id: 's2' }]) {
      const { http, envelope } = await it.cpo.send({ method: 'PUT', url: sessionUrl(it.cpo, 's1'), body: remoteSession('s1', wrong) });
      expect([http, envelope.status_code]).toEqual([200, 2001]);
    }
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
    expect((await it.cpo.send({ method: 'PUT', url: sessionUrl(it.cpo, 'S1'), body: remoteSession('s1') })).http).toBe(201);
    expect((await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(60, { party_id: 'XYZ' }) })).envelope.status_code).toBe(2001);
  });

  test('SES-34: a PATCH without last_updated is 2001 and changes nothing', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    expect((await it.cpo.patch('s1', { kwh: 9 })).envelope.status_code).toBe(2001);
    expect(await heldBy(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-35: the parts of a session have no addresses of their own', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    for (const part of ['total_cost', 'charging_periods', 'charging_periods/0']) {
      const { http } = await it.cpo.send({ method: 'PATCH', url: `${sessionUrl(it.cpo, 's1')}/${part}`, body: changes(60, { kwh: 9 }) });
      expect([part, http]).toEqual([part, 404]);
    }
    expect(await heldBy(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-36, SES-37, SES-39: a PATCH changes the fields that it names and adds its charging periods, each once', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { charging_periods: [period(0)], authorization_reference: 'r' }));
    const { http, envelope } = await it.cpo.patch('s1', changes(300, { kwh: 2, charging_periods: [period(5)] }));
    expect([http, envelope.status_code, 'data' in envelope]).toEqual([200, 1000, false]);
    await it.cpo.patch('s1', changes(360, { charging_periods: [] }));
    await it.cpo.patch('s1', changes(420, { charging_periods: [period(5)] }));
    expect(await heldBy(it, 's1')).toEqual(
      remoteSession('s1', { kwh: 2, authorization_reference: 'r', charging_periods: [period(0), period(5)], last_updated: moment(420) }),
    );
  });

  test('SES-36: charging periods that are added at one moment are all kept', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    const minutes = [...Array(12).keys()];
    await Promise.all(minutes.map((minute) => it.cpo.patch('s1', changes(minute * 60, { charging_periods: [period(minute)] }))));
    expect(listOf((await heldBy(it, 's1'))?.charging_periods).map(({ start_date_time }) => start_date_time)).toEqual(
      minutes.map((minute) => moment(minute * 60)),
    );
  });

  test('SES-40, SES-41: of a session that it does not know, GET and PATCH find nothing: 404, so that its CPO PUTs it', async () => {
    await using it = await openReceiver(store);
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
    const patched = await it.cpo.patch('s1', changes(60, { kwh: 9 }));
    expect(patched.http).toBe(404);
    expect(patched.envelope.status_code).toBeGreaterThanOrEqual(2000);
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
  });

  test('SES-30, TRN-35: only the CPO itself speaks of its sessions', async () => {
    await using it = await openReceiver(store);
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await it.cpo.put(remoteSession('s1'));
    for (const ask of [
      { method: 'PUT', body: remoteSession('s1', { kwh: 9, last_updated: moment(60) }) },
      { method: 'PATCH', body: changes(60, { kwh: 9 }) },
      { method: 'GET' },
    ])
      expect((await other.send({ ...ask, url: sessionUrl(it.cpo, 's1') })).http).toBe(404);
    expect(await heldBy(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-10, SES-12: a reservation is taken under both words, and becomes a session', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { status: 'RESERVED', kwh: 0 }));
    expect(await heldBy(it, 's1')).toMatchObject({ status: 'RESERVATION' });
    await it.cpo.patch('s1', changes(60, { status: 'ACTIVE' }));
    expect(await heldBy(it, 's1')).toMatchObject({ status: 'ACTIVE' });
  });

  test('SES-42, G-13: news out of order take nothing back, and what is left in doubt is pulled', async () => {
    await using it = await openReceiver(store);
    const ended = remoteSession('s1', {
      status: 'COMPLETED',
      kwh: 7,
      end_date_time: moment(600),
      last_updated: moment(600),
      charging_periods: [period(0, 5), period(5, 2)],
    });
    await it.cpo.put(remoteSession('s1'));
    it.cpo.sessions.set('s1', ended);
    await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(600, { status: 'COMPLETED', end_date_time: moment(600), kwh: 7 }) });
    await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(300, { kwh: 5, charging_periods: [period(0, 5)] }) });
    expect(await heldBy(it, 's1')).toEqual({ ...ended, charging_periods: [period(0, 5)] });
    const pulls = it.cpo.requests.filter(({ method, module }) => module === 'sessions' && method === 'GET').length;
    await it.clock.advance(30_000);
    await it.world.firstStep('session-received', ({ by, status }) => by === 'pull' && status === 'COMPLETED');
    expect(await heldBy(it, 's1')).toEqual(ended);
    expect(it.cpo.requests.filter(({ method, module }) => module === 'sessions' && method === 'GET').length).toBe(pulls + 1);
  });

  test('SES-41, G-13: news of a session that it does not know make it pull', async () => {
    await using it = await openReceiver(store);
    it.cpo.sessions.set('s1', remoteSession('s1', { kwh: 4, last_updated: moment(300) }));
    expect((await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(300, { kwh: 4 }) })).http).toBe(404);
    await it.clock.advance(30_000);
    await it.world.firstStep('session-received', ({ by }) => by === 'pull');
    expect(fieldsOf(await heldBy(it, 's1')).kwh).toBe(4);
  });
});
