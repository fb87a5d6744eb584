import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { offeredInterfaces } from '../../src/node/peers/our-offer.ts';
import { pauseAfter } from '../../src/node/peers/tell-changes.ts';
import { openWorld, stores } from '../world.ts';

const cpo = { role: 'CPO' as const, country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' };
const scsp = { role: 'SCSP' as const, country_code: 'NL', party_id: 'EVS', name: 'Evenkeel SCSP' };
const emsp = { role: 'EMSP' as const, country_code: 'NL', party_id: 'EVM', name: 'Evenkeel eMSP' };
const credentialsPut = (peer: Emsp) =>
  peer.requests.filter(({ module, method }) => module === 'credentials' && method === 'PUT').map(({ body }) => JSON.parse(body).roles.length);

describe.each(stores)('F-48, VER-12: the credentials of a node whose parties changed (%s)', (store) => {
  test.each(['2.2.1', '2.3.0'] as const)('go to a peer of %s by PUT, again after a failure, and only once', async (edition) => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    await using world = await openWorld({ store, clock });
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
