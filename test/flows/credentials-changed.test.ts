import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import { type Emsp, openCpo } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { offeredInterfaces } from '../../src/node/peers/our-offer.ts';
import { pauseAfter } from '../../src/node/peers/tell-changes.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { openWorld, stores } from '../world.ts';

const cpo = { role: 'CPO' as const, country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' };
const scsp = { role: 'SCSP' as const, country_code: 'NL', party_id: 'EVS', name: 'Evenkeel SCSP' };
const emsp = { role: 'EMSP' as const, country_code: 'NL', party_id: 'EVM', name: 'Evenkeel eMSP' };
const credentialsPut = (peer: Emsp) =>
  peer.requests.filter(({ module, method }) => module === 'credentials' && method === 'PUT').map(({ body }) => JSON.parse(body).roles.length);

describe.each(stores)('F-48, VER-12: the credentials of a node whose parties changed (%s)', (store) => {
  test.each(['2.2.1', '2.3.0'] as const)('go to a peer of %s by PUT, again after a failure, and only once', async (edition) => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    const { promise: failed, resolve } = Promise.withResolvers<void>();
    await using world = await openWorld({ store, clock, log: (level) => level === 'error' && resolve() });
    const peer = await world.emsp({ edition });
    const other = await world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    await world.restart();
    await clock.advance(10_000);
    expect([credentialsPut(peer), credentialsPut(other)]).toEqual([[], []]);

    peer.behave({ credentials: { is: 'away' } });
    await world.restart(undefined, { parties: [cpo, scsp] });
    const told = world.nextStep('peer-registered', (it) => it.peer === 'NL*TNM');
    await clock.advance(5_000);
    await told;
    await peer.waitForRequest(({ module, method }) => module === 'credentials' && method === 'PUT');
    await failed;
    peer.behave({});
    const again = world.nextStep('peer-registered', (it) => it.peer === 'NL*MSP');
    await clock.advance(pauseAfter(1) + 5_000);
    await again;
    await clock.advance(pauseAfter(1) + 5_000);
    expect([credentialsPut(peer), credentialsPut(other)]).toEqual([[2, 2], [2]]);
    expect(peer.peer().roles).toMatchObject([{ role: 'CPO' }, { role: 'SCSP', party_id: 'EVS' }]);
  });
});

test('F-48: the pause between attempts doubles from a minute up to an hour', () => {
  expect([1, 2, 3, 6, 7, 60].map((failures) => pauseAfter(failures) / 60_000)).toEqual([1, 2, 4, 32, 60, 60]);
});

test.each([[[cpo]], [[emsp]], [[scsp]], [[cpo, emsp, scsp]]])('VER-05: what the node compares is what its version details offer, %#', async (parties) => {
  const hasCpo = parties.some(({ role }) => role === 'CPO');
  const config = { parties, ...(hasCpo ? {} : { charge_points: [], locations: [] }) };
  await using world = await openWorld({ config });
  const token = await world.node().registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
  const headers = { authorization: `Token ${Buffer.from(token.ok ? token.value : '').toString('base64')}` };
  const { data } = fieldsOf(await (await fetch(`${world.node().publicUrl}/ocpi/2.2.1`, { headers })).json());
  const offered = listOf(fieldsOf(data).endpoints).map((it) => `${it.identifier} ${it.role}`);
  expect(offered.sort()).toEqual(offeredInterfaces({ parties }));
});

describe.each(stores)('F-42: a partner that reads its token without Base64 only (%s)', (store) => {
  const reads = { readsRawTokenOnly: true, rawToken: true };

  test.each(['2.2.1', '2.3.0'] as const)('registers here with %s, gets sessions, and exchanges new tokens', async (edition) => {
    await using world = await openWorld({ store });
    const peer = await world.emsp({ edition, ...reads });
    const session = await world.charging(peer, await world.station('CP-201'));
    expect(session).not.toBe('');
    expect(await world.node().registration.rotate(peerId('NL*MSP'))).toMatchObject({ ok: true, value: { tokenStyle: 'raw' } });
    expect(await peer.pullLocations()).toHaveLength(1);
  });

  test('lets us register there; the other way of writing is tried again when a partner changed', async () => {
    await using world = await openEmspWorld({ store });
    await using cpo = await openCpo({ clock: realClock(), ...reads });
    const { token, versions_url } = cpo.invite();
    expect(await world.node().registration.register(versions_url, token)).toMatchObject({ ok: true, value: { tokenStyle: 'raw' } });
    expect([201, 200]).toContain((await cpo.put(remoteSession('S1'))).http); // 200: the node has pulled it already

    await using changing = await openCpo({ clock: realClock(), party: { country_code: 'NL', party_id: 'CHG' } });
    const invitation = changing.invite();
    expect(await world.node().registration.register(invitation.versions_url, invitation.token)).toMatchObject({ ok: true, value: { tokenStyle: 'base64' } });
    changing.readRawTokenOnly();
    expect(await world.node().registration.rotate(peerId('NL*CHG'))).toMatchObject({ ok: true, value: { tokenStyle: 'raw' } });
  });
});
