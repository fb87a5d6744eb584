import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { openCpo, openEmsp } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { openWorld, stores } from '../world.ts';
import { manualClock } from './manual-clock.fixture.ts';
import { BADGE, codeOf, inviteAt, openPlatform, sendRequest } from './platform.fixture.ts';

const MSP = peerId('NL*MSP');
const CPO = peerId('NL*CPO');
const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
/** Ways to end a registration: by the peer, and by the operator. */
const ways = ['the peer sends DELETE', 'the operator unregisters it'] as const;

describe.each(stores)('the end of a registration (%s)', (store) => {
  test.each(store === 'sqlite' ? ways : ways.slice(0, 1))(
    'CRE-16, CRE-17: %s: its token is refused everywhere, and no session is pushed to it',
    async (way) => {
      await using platform = await openPlatform({ store });
      await using emsp = await openEmsp({ clock: realClock() });
      await using other = await openEmsp({ clock: realClock(), party: { country_code: 'NL', party_id: 'TNM' } });
      expect(codeOf(await other.register(await inviteAt(platform, 'TNM')))).toBe('200 1000');
      expect(codeOf(await emsp.register(await inviteAt(platform, 'MSP')))).toBe('200 1000');
      const key = await platform.node().reserve({ evseUid: 'E1', tokenUid: BADGE });
      await emsp.waitForRequest((it) => it.module === 'sessions');
      const { token } = emsp.peer();
      if (way === 'the peer sends DELETE') expect(codeOf(await emsp.unregister())).toBe('200 1000');
      else expect(await platform.node().registration.unregister(MSP)).toEqual({ ok: true, value: 'told' });

      const lines = ['GET /ocpi/versions', 'GET /ocpi/2.2.1', 'DELETE /ocpi/2.2.1/credentials', 'GET /ocpi/2.2.1/sender/sessions'];
      for (const line of lines) expect([line, codeOf(await sendRequest(line.replace('/', `${platform.url}/`), { token }))]).toEqual([line, '401 2000']);
      const before = emsp.requests.length;
      if (key) await platform.node().endReservation(key);
      // The owner of the session is not registered any more. After the request of another peer every due push would have been sent.
      expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions`, { token: other.peer().token }))).toBe('200 1000');
      await platform.restart();
      expect(emsp.requests.slice(before)).toEqual([]);
      expect(other.requests.filter((it) => it.module === 'sessions')).toEqual([]);
    },
  );

  test('CRE-01, CRE-16: afterwards the peer can be invited and registers again, with new tokens', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await openEmsp({ clock: realClock() });
    await emsp.register(await inviteAt(platform, 'MSP'));
    const { token } = emsp.peer();
    await emsp.unregister();
    expect(codeOf(await emsp.register(await inviteAt(platform, 'MSP')))).toBe('200 1000');
    expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token: emsp.peer().token }))).toBe('200 1000');
    expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token }))).toBe('401 2000');
  });
});

describe('the end of a registration', () => {
  test('CRE-16: a node that cannot reach its peer ends the registration all the same', async () => {
    await using platform = await openPlatform();
    const emsp = await openEmsp({ clock: realClock() });
    await emsp.register(await inviteAt(platform, 'MSP'));
    const { token } = emsp.peer();
    await emsp[Symbol.asyncDispose]();
    expect(await platform.node().registration.unregister(MSP)).toEqual({ ok: true, value: 'not told' });
    expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token }))).toBe('401 2000');
    expect(await platform.node().registration.unregister(MSP)).toMatchObject({ ok: false });
  });

  test.each(ways)('CRE-16: %s: an eMSP neither pulls from it nor renews its tokens any more', async (way) => {
    const clock = manualClock(epochMillis(Date.parse('2026-01-31T12:00:00Z')));
    await using platform = await openPlatform({ role: 'EMSP', clock });
    await using cpo = await openCpo({ clock });
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    await cpo.waitForRequest((it) => it.module === 'sessions');
    if (way === 'the peer sends DELETE') expect(codeOf(await cpo.unregister())).toBe('200 1000');
    else expect(await platform.node().registration.unregister(CPO)).toEqual({ ok: true, value: 'told' });
    const before = cpo.requests.length;
    clock.moveTime(40 * 86_400_000);
    expect(clock.fireTimers(0, Number.MAX_SAFE_INTEGER)).toBeGreaterThan(3);
    await platform.restart();
    expect(cpo.requests.slice(before)).toEqual([]);
  });
});

describe('the end of a registration while its profile is in force', () => {
  test('CRE-16: an open exchange is cancelled and reported, no result is posted, and the profile is cleared at the charge point', async () => {
    await using world = await openWorld();
    await using emsp = await world.emsp();
    const station = await world.station('CP-16', { answers: { SetChargingProfile: { is: 'late', milliseconds: 200 } } });
    const session = await world.charging(emsp, station);
    const { result } = await emsp.set(session, profile);
    expect(result).toBe('ACCEPTED');
    const sending = await world.firstStep('sending');
    expect(codeOf(await emsp.unregister())).toBe('200 1000');
    const before = emsp.requests.length;
    expect(await world.firstStep('outcome', (it) => it.exchange === sending.exchange)).toMatchObject({ state: 'CANCELLED', reason: 'credentials_deleted' });
    await world.firstStep('outcome', (it) => it.kind === 'clear');
    expect(station.installed()).toEqual([]);
    expect(emsp.requests.slice(before)).toEqual([]);
  });
});
