import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { openCpo, type RecordedRequest } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { amperes, seconds } from '../../src/domain/units.ts';
import { remoteSession, sessionKeyOf } from '../emsp-world.ts';
import { openWorld } from '../world.ts';
import { openPlatform } from './platform.fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const headerOf = ({ headers }: RecordedRequest, name: string) => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};
/** Paths that nobody could have made up, some with a query of their own. */
const strange = {
  versions: '/v?tenant=1',
  details: '/%7Bdetails%7D/2.2.1',
  credentials: '/c/r/e/d?tenant=2&x=',
  sessions: '/se%20ss/ions?tenant=3',
  chargingprofiles: '/CP/?tenant=4',
  callback: '/back',
};

/** What must hold of every request that a node sends, whatever it is for. */
function expectLawful(requests: readonly RecordedRequest[]): void {
  for (const it of requests) {
    const what = `${it.method} ${it.url}`;
    const authorization = headerOf(it, 'authorization') ?? '';
    expect(authorization, what).toMatch(/^Token [A-Za-z0-9+/]+={0,2}$/); // TRN-01, TRN-02
    const token = Buffer.from(authorization.slice(6), 'base64');
    expect(token.toString('base64'), what).toBe(authorization.slice(6)); // TRN-03
    expect(token.toString('utf8'), what).toMatch(/^[\x21-\x7e]{1,64}$/);
    expect(headerOf(it, 'content-type'), what).toBe(it.body === '' ? undefined : 'application/json'); // TRN-13
    if (it.body !== '') expect(typeof JSON.parse(it.body), what).toBe('object');
    expect(headerOf(it, 'x-request-id'), what).toMatch(UUID); // TRN-46, TRN-48
    expect(headerOf(it, 'x-correlation-id'), what).toBeDefined(); // TRN-47
    expect(it.module, what).toBeDefined(); // TRN-51
    const configuring = it.module === 'versions' || it.module === 'details' || it.module === 'credentials';
    if (configuring)
      expect(
        Object.keys(it.headers).filter((name) => name.startsWith('ocpi-')),
        what,
      ).toEqual([]); // RTE-02
  }
  expect(new Set(requests.map((it) => headerOf(it, 'x-request-id'))).size).toBe(requests.length); // TRN-46
}

describe('every request that leaves a node over the whole life of a session', () => {
  test.each(['2.2.1', '2.3.0'] as const)(
    'TRN-01, TRN-02, TRN-03, TRN-13, TRN-46, TRN-47, TRN-48, TRN-51, RTE-02: is as it must be, of a CPO that speaks %s',
    async (edition) => {
      await using world = await openWorld();
      const emsp = await world.emsp({ edition, paths: strange });
      const station = await world.station('CP-201');
      const session = await world.charging(emsp, station);
      const pushed = emsp.nextPush(session);
      const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
      const asked = [await emsp.set(session, profile, { query: { id: '1', path: 'a/b' } }), await emsp.get(session, 900), await emsp.clear(session)];
      for (const it of asked) expect([it.result, (await it.later).result]).toEqual(['ACCEPTED', 'ACCEPTED']);
      await pushed;
      await station.unplug(1);
      await emsp.session((it) => it.status === 'COMPLETED');
      expect(await world.node().registration.rotate(peerId('NL*MSP'))).toMatchObject({ ok: true });
      expect(await world.node().registration.unregister(peerId('NL*MSP'))).toMatchObject({ ok: true });

      expectLawful(emsp.requests);
      const kinds = new Set(emsp.requests.map((it) => `${it.method} ${it.module}`));
      for (const kind of ['GET versions', 'GET details', 'PUT sessions', 'PATCH sessions', 'POST callback', 'PUT chargingprofiles', 'PUT credentials'])
        expect([...kinds]).toContain(kind);
      expect([...kinds]).toContain('DELETE credentials');
      // TRN-51: the query of a published URL stays with it.
      for (const it of emsp.requests.filter(({ module }) => module === 'sessions')) expect(it.url).toMatch(/\/se%20ss\/ions\/NL\/EVK\/[^/?]+\?tenant=3$/);
      // TRN-47: a result goes by the correlation id of the request that asked for it.
      for (const { answer, responseUrl } of asked) {
        const callback = emsp.requests.find((it) => it.url === responseUrl);
        expect(callback && headerOf(callback, 'x-correlation-id')).toBe(answer.headers.get('x-correlation-id'));
      }
    },
  );

  test('TRN-01, TRN-02, TRN-03, TRN-13, TRN-46, TRN-47, TRN-48, TRN-51, TRN-52, SES-06: is as it must be, of an eMSP', async () => {
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVK' });
    await using cpo = await openCpo({ clock: realClock(), paths: strange, pageSize: 2 });
    for (let n = 0; n < 5; n++) cpo.sessions.set(`S${n}`, remoteSession(`S${n}`));
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    await platform.firstStep('session-received', (it) => it.session === sessionKeyOf(cpo, 'S4'));
    const node = platform.node();
    const key = sessionKeyOf(cpo, 'S1');
    const profile = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(6) }] } as const;
    for (const ask of [{ kind: 'set', profile }, { kind: 'get', duration: seconds(900) }, { kind: 'clear' }] as const) {
      expect(await node.ask(key, ask)).toMatchObject({ ok: true });
      await platform.firstStep('outcome', (it) => it.kind === ask.kind);
    }
    expect(await node.registration.rotate(peerId('NL*CPO'))).toMatchObject({ ok: true });
    expect(await node.registration.unregister(peerId('NL*CPO'))).toMatchObject({ ok: true });

    const profiles = cpo.requests.filter((it) => it.module === 'chargingprofiles');
    expect(profiles.map((it) => it.method)).toEqual(['PUT', 'GET', 'DELETE']);
    expectLawful(cpo.requests.filter((it) => it.module !== 'sessions'));
    const pulls = cpo.requests.filter((it) => it.module === 'sessions');
    expect(pulls.length).toBeGreaterThanOrEqual(3);
    for (const it of pulls) expect(new URL(it.url).searchParams.has('date_from')).toBe(true);
    // TRN-52: where results are to come, the edition is in the URL.
    for (const it of cpo.profileRequests) expect(it.responseUrl).toMatch(/\/ocpi\/2\.2\.1\//);
    expect(new Set(cpo.profileRequests.map((it) => it.responseUrl)).size).toBe(3);
    expectLawful(cpo.requests);
  });
});
