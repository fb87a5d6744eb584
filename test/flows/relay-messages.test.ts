import { describe, expect, test } from 'vitest';
import { fieldsOf, parse } from '../../sim/partner/wire.ts';
import type { Cpo, Emsp, PartnerAnswer, RecordedRequest } from '../../sim/partner.ts';
import { moment } from '../emsp-world.ts';
import { profilesUrl, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { idsAtCpo, openRelayed, secrets, sessionAtCpo } from './relay.fixture.ts';

/** All parts of a request in one text. */
const requestText = ({ method, url, headers, body }: RecordedRequest) =>
  [method, decodeURIComponent(url), JSON.stringify(headers), body].join('\n').toUpperCase();
const answerText = ({ text, headers }: PartnerAnswer) => `${text}\n${JSON.stringify([...headers])}`.toUpperCase();
const requestsTo = ({ requests }: Cpo | Emsp, module: string) =>
  requests.filter((it) => (it.module === module && it.method !== 'GET') || (it.module === module && module === 'chargingprofiles'));
const activeAt = (limit: number, seconds = 0) => ({
  start_date_time: moment(seconds),
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit }] },
});

describe.each(stores)('a request and its result through an eMSP (%s)', (store) => {
  test('CP-60, CP-61, TRN-49, TRN-50: ids, parties and addresses are rewritten, X-Request-ID is new, X-Correlation-ID is kept, and the profile stays as it is', async () => {
    await using it = await openRelayed({ store });
    const response_url = `${new URL(it.scsp.versionsUrl).origin}/ocpi/scsp/2.2.1/results/1`;
    const charging_profile = {
      ...upTo(12.5, { start_date_time: '2026-01-31T10:00:00Z', duration: 3_600, min_charging_rate: 6 }),
      charging_profile_period: [
        { start_period: 0, limit: 12.5 },
        { start_period: 1_800, limit: 0 },
      ],
    };
    const ids = { 'X-Request-ID': 'request-of-the-scsp', 'X-Correlation-ID': 'correlation-of-the-scsp' };
    const sent = await it.scsp.send({ method: 'PUT', url: profilesUrl(it.scsp, it.session), body: { charging_profile, response_url }, headers: ids });
    expect(sent.data).toMatchObject({ result: 'ACCEPTED' });
    expect(Object.fromEntries(sent.headers)).toMatchObject({
      'x-request-id': 'request-of-the-scsp',
      'x-correlation-id': 'correlation-of-the-scsp',
      'ocpi-from-party-id': 'EVK',
      'ocpi-to-party-id': 'SCS',
    });

    const [forwarded] = requestsTo(it.cpo, 'chargingprofiles');
    expect(it.lastForwarded()).toMatchObject({ method: 'PUT', sessionId: idsAtCpo.id, body: { charging_profile } });
    expect(it.lastForwarded().body.charging_profile).toEqual(charging_profile);
    expect(new URL(it.lastForwarded().responseUrl).origin).toBe(it.world.node().publicUrl);
    expect(forwarded?.headers).toMatchObject({
      'x-correlation-id': 'correlation-of-the-scsp',
      'ocpi-from-country-code': 'NL',
      'ocpi-from-party-id': 'EVK',
      'ocpi-to-party-id': 'CPO',
    });
    expect(forwarded?.headers['x-request-id']).not.toBe('request-of-the-scsp');

    await it.postResult({ result: 'ACCEPTED' });
    const result = await it.scsp.waitForRequest(({ url, method }) => method === 'POST' && url === response_url);
    expect(JSON.parse(result.body)).toEqual({ result: 'ACCEPTED' });
    expect(result.headers).toMatchObject({ 'x-correlation-id': 'correlation-of-the-scsp', 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'SCS' });
    expect(['request-of-the-scsp', forwarded?.headers['x-request-id']]).not.toContain(result.headers['x-request-id']);
  });

  test('CP-64, RTE-15: sessions are forwarded with ids of the eMSP and the unchanged last_updated of the CPO', async () => {
    await using it = await openRelayed({ store });
    const patched = '2026-01-31T09:00:30.123456Z';
    expect((await it.cpo.patch(idsAtCpo.id, { kwh: 2.5, last_updated: patched })).http).toBe(200);
    await it.clock.advance(300_000);
    const now = await it.scsp.session(({ kwh }) => kwh === 2.5);
    expect(now).toMatchObject({ id: it.session, last_updated: patched, country_code: 'NL', party_id: 'CPO' });
    const received = requestsTo(it.scsp, 'sessions').map(({ body }) => fieldsOf(parse(body)).last_updated);
    expect(received).toEqual([moment(0), patched]);
    expect(await it.scsp.pullSessions()).toMatchObject([{ id: it.session, last_updated: patched }]);
  });

  test('CP-63, CP-20: a change of the active profile is forwarded to the SCSP whose profile was accepted, and to no other', async () => {
    const both = { contracts: [contract(), contract({ party: 'NL*OTH' })], consents: [consent(), consent({ party: 'NL*OTH' })] };
    await using it = await openRelayed({ store, config: both });
    const other = await it.world.scsp({ party: { country_code: 'NL', party_id: 'OTH' } });
    await it.clock.advance(5_000);
    const { id } = await other.session(({ status }) => status === 'ACTIVE');
    expect(id).not.toBe(it.session);

    expect((await it.cpo.pushActiveProfile(idsAtCpo.id, activeAt(9))).http).toBe(404);
    const sent = await it.request('set');
    await it.postResult({ result: 'ACCEPTED' });
    await sent.later;
    const pushed = it.scsp.nextPush(it.session);
    expect((await it.cpo.pushActiveProfile(idsAtCpo.id, activeAt(7, 60))).http).toBe(200);
    const received = fieldsOf(await it.until(pushed));
    expect(received.charging_profile).toMatchObject(activeAt(7).charging_profile);
    expect(Date.parse(String(received.start_date_time))).toBe(Date.parse(moment(60)));
    const put = it.scsp.requests.find(({ module }) => module === 'chargingprofiles');
    expect(put?.headers).toMatchObject({ 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'SCS' });
    expect(other.pushed).toEqual([]);
  });
});

describe.each(stores)('the data that each side of a relay receives (%s)', (store) => {
  test('CP-64, CP-65, CP-66, SEC-43: no message to the CPO contains data of the SCSP, and no message to the SCSP data of the driver', async () => {
    await using it = await openRelayed({ store });
    const { cpo, scsp } = it;
    const answers: PartnerAnswer[] = [];
    for (const kind of ['set', 'get', 'clear'] as const) {
      const sent = await it.request(kind);
      answers.push(sent.answer);
      await it.postResult({ result: 'ACCEPTED', ...(kind === 'get' && { profile: activeAt(8) }) });
      await sent.later;
      if (kind !== 'set') continue;
      const pushed = scsp.nextPush(it.session);
      await cpo.pushActiveProfile(idsAtCpo.id, activeAt(7));
      await it.until(pushed);
    }
    cpo.answerProfiles({ PUT: { answer: 'REJECTED' } });
    answers.push((await it.request('set')).answer);
    await cpo.patch(idsAtCpo.id, { kwh: 3, last_updated: moment(60) });
    await it.clock.advance(300_000);
    await scsp.session(({ kwh }) => kwh === 3);
    await cpo.put(sessionAtCpo({ kwh: 4, status: 'COMPLETED', last_updated: moment(120) }));
    await scsp.session(({ status }) => status === 'COMPLETED');
    const url = scsp.peer().endpoints.find(({ identifier }) => identifier === 'sessions')?.url ?? '';
    answers.push(await scsp.send({ method: 'GET', url: `${url}?date_from=2026-01-01T00:00:00Z` }));
    answers.push((await it.request('clear')).answer);

    const { host } = new URL(scsp.versionsUrl);
    const scspData = ['NL*SCS', '"SCS"', 'Foreign SCSP', it.session, host, scsp.peer().token];
    const toTheCpo = [...cpo.requests.map(requestText), ...cpo.posted.map(({ answer }) => answerText(answer))];
    expect(toTheCpo.length).toBeGreaterThan(10);
    for (const text of toTheCpo) for (const value of scspData) expect(text).not.toContain(value.toUpperCase());

    const toTheScsp = [...scsp.requests.map(requestText), ...answers.map(answerText)];
    expect(toTheScsp.length).toBeGreaterThan(10);
    const cpoData = [...secrets, new URL(cpo.versionsUrl).host, 'LOC1'];
    for (const text of toTheScsp) for (const value of cpoData) expect(text).not.toContain(value.toUpperCase());
  });

  test('SEC-43: two SCSPs get different ids of a session and its driver, and each the same driver ids in every session of that driver', async () => {
    const both = { contracts: [contract(), contract({ party: 'NL*OTH' })], consents: [consent(), consent({ party: 'NL*OTH' })] };
    await using it = await openRelayed({ store, config: both });
    const other = await it.world.scsp({ party: { country_code: 'NL', party_id: 'OTH' } });
    await it.cpo.put(sessionAtCpo({ id: 'CPO-SIDE-0002', last_updated: moment(60) }));
    await it.clock.advance(5_000);
    const idsAt = async (scsp: Emsp) => (await scsp.pullSessions()).map(({ id, cdr_token }) => ({ id, ...fieldsOf(cdr_token) }));
    const [mine, others] = [await idsAt(it.scsp), await idsAt(other)];
    for (const name of ['id', 'uid', 'contract_id'] as const) {
      const valuesIn = (sessions: typeof mine) => sessions.map((session) => Reflect.get(session, name));
      expect(valuesIn(mine).filter((it) => valuesIn(others).includes(it))).toEqual([]);
      expect(new Set(valuesIn(mine)).size).toBe(name === 'id' ? 2 : 1);
    }
  });
});
