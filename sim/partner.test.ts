import { afterEach, describe, expect, test } from 'vitest';
import { epochMillis } from '../src/domain/units.ts';
import { virtualClock } from './clock.ts';
import { type Cpo, type Emsp, openCpo, openEmsp } from './partner.ts';

const NOW = epochMillis(Date.parse('2026-06-01T08:00:00Z'));
const clock = virtualClock(NOW);
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it[Symbol.asyncDispose]();
});

/** An eMSP and a CPO that have exchanged credentials: each is the other's bare counterpart. */
async function meet(options: { emsp?: object; cpo?: object } = {}): Promise<{ emsp: Emsp; cpo: Cpo }> {
  const emsp = await openEmsp({ clock, ...options.emsp });
  const cpo = await openCpo({ clock, ...options.cpo });
  open.push(emsp, cpo);
  await emsp.register(cpo.invite());
  return { emsp, cpo };
}

const session = { id: 'S1', country_code: 'NL', party_id: 'CPO', status: 'ACTIVE', kwh: 0, last_updated: '2026-06-01T08:00:00Z' };
const profile = { charging_rate_unit: 'W', charging_profile_period: [{ start_period: 0, limit: 7000 }] };

describe('foreign parties', () => {
  test.each(['2.2.1', '2.3.0'] as const)('register with each other in OCPI %s by versions, details and credentials', async (edition) => {
    const { emsp, cpo } = await meet({ emsp: { edition }, cpo: { edition } });
    expect(cpo.requests.map(({ method, module }) => `${method} ${module}`)).toEqual(['GET versions', 'GET details', 'POST credentials']);
    expect(emsp.requests.map(({ method, module }) => `${method} ${module}`)).toEqual(['GET versions', 'GET details']);
    expect(emsp.peer().roles[0]?.party_id).toBe('CPO');
    expect(cpo.peer().token).not.toBe(emsp.peer().token);
  });

  test('refuse an invitation that was used', async () => {
    const cpo = await openCpo({ clock });
    const [first, second] = [await openEmsp({ clock }), await openEmsp({ clock })];
    open.push(cpo, first, second);
    const invitation = cpo.invite();
    await first.register(invitation);
    await expect(second.register(invitation)).rejects.toThrow('HTTP 401');
  });

  test('go on with new tokens after a rotation, and not at all after the end', async () => {
    const { emsp, cpo } = await meet();
    const before = emsp.peer().token;
    await emsp.rotate();
    expect(emsp.peer().token).not.toBe(before);
    expect((await cpo.put(session)).http).toBe(201);
    await emsp.unregister();
    expect(() => cpo.peer()).toThrow('No credentials');
  });

  test('push a session, change it, and list it', async () => {
    const { emsp, cpo } = await meet({ cpo: { pageSize: 1 } });
    await cpo.put(session);
    await cpo.put({ ...session, id: 'S2' });
    await cpo.patch('S1', { kwh: 1.5, last_updated: '2026-06-01T08:05:00Z' });
    expect(emsp.sessions.get('S1')).toEqual({ ...session, kwh: 1.5, last_updated: '2026-06-01T08:05:00Z' });
    expect((await emsp.pullSessions()).map(({ id }) => id)).toEqual(['S1', 'S2']);
    expect(await emsp.pullSessions({ date_from: '2026-06-01T08:05:00Z' })).toHaveLength(1);
  });

  test('set a profile and hear the result on the very URL that was given', async () => {
    const { emsp, cpo } = await meet();
    await cpo.put(session);
    const asked = await emsp.set('S1', profile, { query: { request_id: 'a b' } });
    expect(asked.result).toBe('ACCEPTED');
    const posted = cpo.nextPosted();
    await clock.advance(0);
    expect(await asked.later).toEqual({ result: 'ACCEPTED' });
    expect(await posted).toMatchObject({ http: 200, envelope: { status_code: 1000 } });
    expect(emsp.callbacks(asked.responseUrl)).toHaveLength(1);
    expect(asked.responseUrl).toContain('?request_id=a+b');
  });

  test('tell apart a session that the CPO does not know', async () => {
    const { emsp } = await meet();
    expect((await emsp.get('S9', 900)).result).toBe('UNKNOWN_SESSION');
  });

  test('post a result twice, late or never when told to', async () => {
    const { emsp, cpo } = await meet({ cpo: { conduct: { PUT: { times: 2 }, DELETE: { times: 0 } } } });
    await cpo.put(session);
    const [set, clear] = [await emsp.set('S1', profile), await emsp.clear('S1')];
    const second = cpo.nextPosted().then(() => cpo.nextPosted());
    await clock.advance(0);
    await second;
    expect(emsp.callbacks(set.responseUrl)).toHaveLength(2);
    expect(emsp.callbacks(clear.responseUrl)).toHaveLength(0);
  });

  test('keep the query of an endpoint at an exotic path', async () => {
    const { emsp, cpo } = await meet({ emsp: { paths: { sessions: '/x/y/incoming?tenant=7', versions: '/v?x=1' } } });
    await cpo.put({ ...session, id: 'a/b c' });
    expect(emsp.sessions.has('a/b c')).toBe(true);
    expect(emsp.requests.at(-1)?.url).toMatch(/\/x\/y\/incoming\/NL\/CPO\/a%2Fb%20c\?tenant=7$/);
  });

  test('present raw tokens when told to', async () => {
    const { emsp, cpo } = await meet({ emsp: { rawToken: true } });
    expect(cpo.requests.at(-1)?.headers.authorization).toMatch(/^Token [a-z0-9]{32}$/);
    expect((await emsp.pullSessions()).length).toBe(0);
  });

  test('misbehave as told, in turn', async () => {
    const { emsp, cpo } = await meet();
    emsp.behave({
      sessions: [
        { is: 'answer', http: 500 },
        { is: 'garbage' },
        { is: 'ocpi', code: 2001 },
        { is: 'no-content' },
        { is: 'redirect', to: 'http://127.0.0.1:9/' },
        { is: 'wrong-content-type' },
      ],
    });
    const seen = [];
    for (let i = 0; i < 7; i += 1) seen.push(await cpo.put(session));
    expect(seen.map(({ http }) => http)).toEqual([500, 200, 200, 204, 307, 200, 200]);
    expect(seen.map(({ envelope }) => envelope.status_code)).toEqual([undefined, undefined, 2001, undefined, undefined, 1000, 1000]);
  });

  test('cut the connection, or send one byte at a time', async () => {
    const { emsp, cpo } = await meet();
    emsp.behave({ sessions: [{ is: 'reset' }, { is: 'trickle', everyMilliseconds: 10 }] });
    await expect(cpo.put(session)).rejects.toThrow();
    const slow = cpo.put(session);
    await emsp.waitForRequest(({ module }) => module === 'sessions');
    await clock.advance(5000);
    expect((await slow).envelope.status_code).toBe(1000);
  });
});
