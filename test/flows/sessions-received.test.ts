import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Cpo } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { energyPeriod } from '../../src/ocpi/sessions/wire-session.fixture.ts';
import { type EmspWorld, moment, openEmspWorld, remoteSession, sessionUrl } from '../emsp-world.ts';
import { stores } from '../world.ts';

const changes = (second: number, more: object = {}) => ({ ...more, last_updated: moment(second) });

async function openReceiver(store: (typeof stores)[number], clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10))), config: Partial<Config> = {}) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store, clock, config }));
  const cpo = await world.cpo();
  const kept = stack.move();
  return { world, cpo, clock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const storedSession = async ({ world, cpo }: { world: EmspWorld; cpo: Cpo }, id: string) => (await world.readSession(cpo, id)).session;

describe.each(stores)('an eMSP node that receives a session (%s)', (store) => {
  test('SES-03, SES-30: accepts GET, PUT and PATCH; POST and DELETE are 405', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    for (const method of ['POST', 'DELETE']) {
      const answer = await it.cpo.send({ method, url: sessionUrl(it.cpo, 's1'), ...(method === 'POST' && { body: remoteSession('s1') }) });
      expect([answer.http, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['GET', 'PATCH', 'PUT']]);
    }
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-31: creates it by a PUT with 201, and replaces it by the next PUT', async () => {
    await using it = await openReceiver(store);
    const first = await it.cpo.put(remoteSession('s1', { authorization_reference: 'r', total_cost: { excl_vat: 1 } }));
    expect([first.http, first.envelope.status_code, 'data' in first.envelope]).toEqual([201, 1000, false]);
    const second = await it.cpo.put(remoteSession('s1', { kwh: 2, last_updated: moment(60) }));
    expect([second.http, second.envelope.status_code]).toEqual([200, 1000]);
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1', { kwh: 2, last_updated: moment(60) }));
  });

  test('F-53: refuses a session whose token is of no eMSP of ours with 2004, by PUT and by PATCH', async () => {
    await using it = await openReceiver(store);
    const foreign = { cdr_token: { ...remoteSession('s1').cdr_token, party_id: 'XYZ' } };
    const put = await it.cpo.put(remoteSession('s1', foreign));
    expect([put.http, put.envelope.status_code]).toEqual([200, 2004]);
    expect((await it.world.node().sessions()).items).toEqual([]);
    await it.cpo.put(remoteSession('s1'));
    const patched = await it.cpo.patch('s1', changes(60, foreign));
    expect([patched.http, patched.envelope.status_code]).toEqual([200, 2004]);
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-18: adds no cost to a session without total_cost', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { status: 'COMPLETED', end_date_time: moment(60) }));
    expect(await storedSession(it, 's1')).not.toHaveProperty('total_cost');
    expect(JSON.stringify(await it.world.node().sessions())).not.toContain('cost');
  });

  test('SES-32: removes the stored charging periods when a PUT has others, an empty list or no list', async () => {
    await using it = await openReceiver(store);
    for (const [n, received] of [{ charging_periods: [energyPeriod(9)] }, { charging_periods: [] }, {}].entries()) {
      await it.cpo.put(remoteSession(`s${n}`, { charging_periods: [energyPeriod(0), energyPeriod(5)] }));
      await it.cpo.put(remoteSession(`s${n}`, { ...received, last_updated: moment(60) }));
      expect(await storedSession(it, `s${n}`)).toEqual(remoteSession(`s${n}`, { ...received, last_updated: moment(60) }));
    }
  });

  test('SES-33: answers 2001 when the ids in the URL and in the body differ; case does not matter', async () => {
    await using it = await openReceiver(store);
    for (const wrong of [{ country_code: 'DE' }, { party_id: 'XYZ' }, { id: 's2' }]) {
      const { http, envelope } = await it.cpo.send({ method: 'PUT', url: sessionUrl(it.cpo, 's1'), body: remoteSession('s1', wrong) });
      expect([http, envelope.status_code]).toEqual([200, 2001]);
    }
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
    expect((await it.cpo.send({ method: 'PUT', url: sessionUrl(it.cpo, 'S1'), body: remoteSession('s1') })).http).toBe(201);
    expect((await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(60, { party_id: 'XYZ' }) })).envelope.status_code).toBe(2001);
  });

  test('SES-34: answers 2001 to a PATCH of a strict peer without last_updated, and changes nothing', async () => {
    await using it = await openReceiver(store, undefined, { strict_peers: ['NL*CPO'] });
    await it.cpo.put(remoteSession('s1'));
    expect((await it.cpo.patch('s1', { kwh: 9 })).envelope.status_code).toBe(2001);
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-35: has no URLs for parts of a session', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    for (const part of ['total_cost', 'charging_periods', 'charging_periods/0']) {
      const { http } = await it.cpo.send({ method: 'PATCH', url: `${sessionUrl(it.cpo, 's1')}/${part}`, body: changes(60, { kwh: 9 }) });
      expect([part, http]).toEqual([part, 404]);
    }
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-36, SES-37, SES-39: changes the fields of a PATCH and adds its charging periods, each once', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { charging_periods: [energyPeriod(0)], authorization_reference: 'r' }));
    const { http, envelope } = await it.cpo.patch('s1', changes(300, { kwh: 2, charging_periods: [energyPeriod(5)] }));
    expect([http, envelope.status_code, 'data' in envelope]).toEqual([200, 1000, false]);
    await it.cpo.patch('s1', changes(360, { charging_periods: [] }));
    await it.cpo.patch('s1', changes(420, { charging_periods: [energyPeriod(5)] }));
    expect(await storedSession(it, 's1')).toEqual(
      remoteSession('s1', { kwh: 2, authorization_reference: 'r', charging_periods: [energyPeriod(0), energyPeriod(5)], last_updated: moment(420) }),
    );
  });

  test('SES-36: keeps all charging periods of concurrent PATCHes', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1'));
    const minutes = [...Array(12).keys()];
    await Promise.all(minutes.map((minute) => it.cpo.patch('s1', changes(minute * 60, { charging_periods: [energyPeriod(minute)] }))));
    expect(listOf((await storedSession(it, 's1'))?.charging_periods).map(({ start_date_time }) => start_date_time)).toEqual(
      minutes.map((minute) => moment(minute * 60)),
    );
  });

  test('SES-40, SES-41: answers 404 to GET and PATCH of an unknown session, so that the CPO sends a PUT', async () => {
    await using it = await openReceiver(store);
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
    const patched = await it.cpo.patch('s1', changes(60, { kwh: 9 }));
    expect(patched.http).toBe(404);
    expect(patched.envelope.status_code).toBeGreaterThanOrEqual(2000);
    expect((await it.world.readSession(it.cpo, 's1')).http).toBe(404);
  });

  test('SES-30, TRN-35: answers 404 to every CPO but the owner', async () => {
    await using it = await openReceiver(store);
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await it.cpo.put(remoteSession('s1'));
    for (const request of [
      { method: 'PUT', body: remoteSession('s1', { kwh: 9, last_updated: moment(60) }) },
      { method: 'PATCH', body: changes(60, { kwh: 9 }) },
      { method: 'GET' },
    ])
      expect((await other.send({ ...request, url: sessionUrl(it.cpo, 's1') })).http).toBe(404);
    expect(await storedSession(it, 's1')).toEqual(remoteSession('s1'));
  });

  test('SES-10, SES-12: stores a reservation with the status RESERVED as RESERVATION, and updates it when it becomes ACTIVE', async () => {
    await using it = await openReceiver(store);
    await it.cpo.put(remoteSession('s1', { status: 'RESERVED', kwh: 0 }));
    expect(await storedSession(it, 's1')).toMatchObject({ status: 'RESERVATION' });
    await it.cpo.patch('s1', changes(60, { status: 'ACTIVE' }));
    expect(await storedSession(it, 's1')).toMatchObject({ status: 'ACTIVE' });
  });

  test('SES-42, G-13: ignores older fields of PATCHes in the wrong order, and pulls a stale session', async () => {
    await using it = await openReceiver(store);
    const ended = remoteSession('s1', {
      status: 'COMPLETED',
      kwh: 7,
      end_date_time: moment(600),
      last_updated: moment(600),
      charging_periods: [energyPeriod(0, 5), energyPeriod(5, 2)],
    });
    await it.cpo.put(remoteSession('s1'));
    it.cpo.sessions.set('s1', ended);
    await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(600, { status: 'COMPLETED', end_date_time: moment(600), kwh: 7 }) });
    await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(300, { kwh: 5, charging_periods: [energyPeriod(0, 5)] }) });
    expect(await storedSession(it, 's1')).toEqual({ ...ended, charging_periods: [energyPeriod(0, 5)] });
    const pulls = it.cpo.requests.filter(({ method, module }) => module === 'sessions' && method === 'GET').length;
    const pulled = it.world.nextStep('session-received', ({ by, status }) => by === 'pull' && status === 'COMPLETED');
    await it.clock.advance(30_000);
    await pulled;
    expect(await storedSession(it, 's1')).toEqual(ended);
    expect(it.cpo.requests.filter(({ method, module }) => module === 'sessions' && method === 'GET').length).toBe(pulls + 1);
  });

  test('SES-41, G-13: pulls after a PATCH of an unknown session', async () => {
    await using it = await openReceiver(store);
    it.cpo.sessions.set('s1', remoteSession('s1', { kwh: 4, last_updated: moment(300) }));
    expect((await it.cpo.send({ method: 'PATCH', url: sessionUrl(it.cpo, 's1'), body: changes(300, { kwh: 4 }) })).http).toBe(404);
    const pulled = it.world.nextStep('session-received', ({ by }) => by === 'pull');
    await it.clock.advance(30_000);
    await pulled;
    expect(fieldsOf(await storedSession(it, 's1')).kwh).toBe(4);
  });
});
