import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { peerId } from '../../src/domain/ids.ts';
import { peerById } from '../../src/store/sql/peer.ts';
import { portOf } from '../raw-peer.ts';
import { stores } from '../world.ts';
import { BADGE, codeOf, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

type Edition = '2.2.1' | '2.3.0';
const both = (['2.2.1', '2.3.0'] as const).flatMap((edition) => (['CPO', 'EMSP'] as const).map((first): [Edition, 'CPO' | 'EMSP'] => [edition, first]));

/** A copy of the versions endpoint of a node that offers one edition only. */
async function openVersionsOf(platform: Platform, edition: Edition): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`${platform.url}/ocpi/versions`, { headers: { authorization: request.headers.authorization ?? '' } });
    const envelope = JSON.parse(await answer.text());
    const data = envelope.data?.filter(({ version }: { version: string }) => version === edition);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify({ ...envelope, data }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/versions`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const idOf = ({ party }: Platform) => peerId(`NL*${party.party_id}`);
const recordAt = (holder: Platform, of: Platform) => holder.store.first(peerById(idOf(of)));

/** Lets `from` register at `at` in one edition. */
async function connect(from: Platform, at: Platform, edition: Edition): Promise<void> {
  await using versions = await openVersionsOf(at, edition);
  const { token } = await inviteAt(at, from.party.party_id, from.party.role);
  expect(await from.node().registration.register(versions.url, token)).toMatchObject({ ok: true, value: { edition, status: 'REGISTERED' } });
}
/** Checks that the eMSP receives a new session of the CPO. */
async function expectSessionToArrive(cpo: Platform, emsp: Platform): Promise<void> {
  const key = await cpo.node().reserve({ evseUid: 'E1', tokenUid: BADGE });
  const received = await emsp.firstStep('session-received', (it) => it.session === key && it.by === 'PUT');
  expect(received).toMatchObject({ status: 'RESERVATION', peer: idOf(cpo) });
  if (key) await cpo.node().endReservation(key);
}

describe.each(stores)('CRE-09, CRE-12, CRE-13, CRE-14: two Evenkeel nodes (%s)', (store) => {
  test.each(store === 'sqlite' ? both : both.slice(-1))(
    'CRE-09, VER-08: in %s, started by the %s: they register, renew the tokens from both sides, and unregister',
    async (edition, first) => {
      await using cpo = await openPlatform({ store, role: 'CPO' });
      await using emsp = await openPlatform({ store, role: 'EMSP' });
      const [from, at] = first === 'CPO' ? [cpo, emsp] : [emsp, cpo];
      await connect(from, at, edition);
      expect(await recordAt(at, from)).toMatchObject({ status: 'REGISTERED', edition, roles: [from.party] });
      expect(await recordAt(from, at)).toMatchObject({ status: 'REGISTERED', edition, roles: [at.party] });
      await expectSessionToArrive(cpo, emsp);
      for (const one of [cpo, emsp]) {
        const other = one === cpo ? emsp : cpo;
        const before = await Promise.all([recordAt(one, other), recordAt(other, one)]);
        expect(await one.node().registration.rotate(idOf(other))).toMatchObject({ ok: true, value: { edition } });
        const after = await Promise.all([recordAt(one, other), recordAt(other, one)]);
        for (const n of [0, 1]) expect(after[n]?.encryptedToken).not.toBe(before[n]?.encryptedToken);
        expect(after).toMatchObject([{ edition }, { edition }]);
        await expectSessionToArrive(cpo, emsp);
      }
      const unregistered = from.nextStep('peer-gone');
      expect(await at.node().registration.unregister(idOf(from))).toEqual({ ok: true, value: 'told' });
      expect(await unregistered).toMatchObject({ peer: idOf(at) });
      expect([await recordAt(at, from), await recordAt(from, at)]).toMatchObject([{ status: 'UNREGISTERED' }, { status: 'UNREGISTERED' }]);
      // Then the other node starts.
      await connect(at, from, edition);
      await expectSessionToArrive(cpo, emsp);
    },
  );
});

describe('registration between two Evenkeel nodes', () => {
  test('F-77: a first registration writes no error and raises no alarm at either side, and both lists are pulled', async () => {
    await using cpo = await openPlatform({ role: 'CPO' });
    await using emsp = await openPlatform({ role: 'EMSP' });
    for (const [from, at] of [
      [cpo, emsp],
      [emsp, cpo],
    ] as const) {
      await connect(from, at, '2.2.1');
      await expectSessionToArrive(cpo, emsp);
      await at.node().registration.unregister(idOf(from));
    }
    for (const { log } of [cpo, emsp]) expect(log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    for (const { steps } of [cpo, emsp]) expect(steps.filter(({ step }) => step === 'peer-pull-postponed')).toEqual([]);
  });

  test('CRE-12, CRE-32: a registered node does not register again, and its registration does not change', async () => {
    await using cpo = await openPlatform({ role: 'CPO' });
    await using emsp = await openPlatform({ role: 'EMSP' });
    await connect(emsp, cpo, '2.3.0');
    expect(await cpo.node().registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' })).toMatchObject({ ok: false });
    // The other node refuses to invite its registered peer as well.
    expect(await emsp.node().registration.invite({ role: 'CPO', country_code: 'NL', party_id: 'EVK' })).toMatchObject({ ok: false });
    // With an invitation for another party the registration reaches the answer and is then undone.
    const { token, versions_url } = await inviteAt(cpo, 'MSP', 'SCSP').catch(() => inviteAt(cpo, 'XYZ', 'EMSP'));
    const again = await emsp.node().registration.register(versions_url, token);
    expect(again).toMatchObject({ ok: false });
    expect(await recordAt(emsp, cpo)).toMatchObject({ status: 'REGISTERED', edition: '2.3.0' });
    await expectSessionToArrive(cpo, emsp);
  });

  test('CRE-20, VER-11: two CPOs without common endpoints can register', async () => {
    await using one = await openPlatform({ role: 'CPO', party_id: 'ONE' });
    await using two = await openPlatform({ role: 'CPO', party_id: 'TWO' });
    const { token, versions_url } = await inviteAt(one, 'TWO', 'CPO');
    expect(await two.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    expect(codeOf(await sendRequest(`GET ${one.url}/ocpi/versions`, { token }))).toBe('401 2000');
  });
});
