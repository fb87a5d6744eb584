import { describe, expect, test } from 'vitest';
import type { SentProfileRequest } from '../../sim/partner.ts';
import { openAgreementChanges } from '../../src/node/rights/change-agreements.ts';
import { moment } from '../emsp-world.ts';
import { profilesUrl, resultUrl, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { idsAtCpo, openRelayed, type Relayed, relayConfig, requestAs } from './relay.fixture.ts';

const kinds = ['set', 'get', 'clear'] as const;
const textOf = ({ answer }: SentProfileRequest) => `${answer.http} ${answer.text.replace(/"timestamp":"[^"]*"/, '')}`;
/** Expects one security event of this kind, no exchange in the store, and no request at the CPO. */
async function expectRefused(it: Relayed, kind: string): Promise<void> {
  await it.world.firstStep('security', (step) => step.kind === kind);
  expect(it.securityEvents().map((step) => step.kind)).toEqual([kind]);
  expect(await it.exchanges()).toEqual([]);
  expect(it.cpo.profileRequests).toEqual([]);
}

describe.each(stores)('an SCSP without a right to a relayed session (%s)', (store) => {
  test('SEC-15: another SCSP that knows its id gets the same answer as for an unknown id, and the operator gets a security event', async () => {
    const both = { contracts: [contract(), contract({ party: 'NL*OTH' })], consents: [consent(), consent({ party: 'NL*OTH' })] };
    await using it = await openRelayed({ store, config: both });
    const other = await it.world.scsp({ party: { country_code: 'NL', party_id: 'OTH' } });
    for (const kind of kinds) {
      const foreign = await requestAs(other, it.session, kind);
      expect(foreign.result).toBe('UNKNOWN_SESSION');
      expect(textOf(foreign)).toBe(textOf(await requestAs(other, 'F'.repeat(it.session.length), kind)));
    }
    await expectRefused(it, 'foreign-session');
  });

  test('SEC-15: the SCSP cannot use the id of the session at the CPO', async () => {
    await using it = await openRelayed({ store });
    const sent = await requestAs(it.scsp, idsAtCpo.id, 'set');
    expect(sent.result).toBe('UNKNOWN_SESSION');
    expect(textOf(sent)).toBe(textOf(await requestAs(it.scsp, 'NOSUCH', 'set')));
    await expectRefused(it, 'foreign-session');
  });

  test('SEC-15: an SCSP whose contract has just ended gets UNKNOWN_SESSION', async () => {
    await using it = await openRelayed({ store, config: { ...relayConfig, contracts: [contract({ until: moment(4) })] } });
    await it.clock.advance(4_000);
    expect((await it.request('set')).result).toBe('UNKNOWN_SESSION');
    await expectRefused(it, 'foreign-session');
  });
});

describe('a request that is refused before it is stored', () => {
  test.each([
    ['RTE-19, SEC-14: from another party than that of the peer', { 'OCPI-from-party-id': 'OTH' }, 'forged-from'],
    ['RTE-20: to a party that the node does not host', { 'OCPI-to-party-id': 'XYZ' }, 'foreign-to'],
  ])('%s gets 2001', async (_, headers, kind) => {
    await using it = await openRelayed();
    const body = { charging_profile: upTo(10), response_url: resultUrl(it.scsp, '1') };
    const { http, envelope, data } = await it.scsp.send({ method: 'PUT', url: profilesUrl(it.scsp, it.session), body, headers });
    expect([http, envelope.status_code, data]).toEqual([200, 2001, undefined]);
    await expectRefused(it, kind);
  });

  test('CP-35: a set of an SCSP that may only see is REJECTED with a status message', async () => {
    await using it = await openRelayed({ config: { ...relayConfig, contracts: [contract({ may: ['see'] })] } });
    const sent = await it.request('set');
    expect([sent.result, sent.answer.envelope.status_message]).toEqual(['REJECTED', 'no contract lets NL*SCS control this session']);
    await expectRefused(it, 'no-contract');
    expect((await it.request('get')).result).toBe('ACCEPTED');
  });

  test('SEC-01: with a response_url at an unregistered origin gets 2001', async () => {
    await using it = await openRelayed();
    const sent = await it.scsp.set(it.session, upTo(10), { responseUrl: 'https://elsewhere.example/results/1' });
    expect([sent.answer.http, sent.answer.envelope.status_code]).toEqual([200, 2001]);
    expect(await it.exchanges()).toEqual([]);
    expect(it.cpo.profileRequests).toEqual([]);
  });
});

describe('a forged result', () => {
  test('CP-13, CP-46: with a wrong token, from another CPO, at a guessed URL or of another kind is refused; the true one still counts', async () => {
    await using it = await openRelayed();
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    const sent = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    const accepted = { result: 'ACCEPTED' };
    expect((await it.cpo.post(responseUrl, accepted, 'a-token-of-nobody')).http).toBe(401);
    expect((await other.post(responseUrl, accepted)).http).toBe(404);
    expect((await it.scsp.send({ method: 'POST', url: responseUrl, body: accepted })).http).toBe(404);
    expect((await it.cpo.post(responseUrl.replace(/[^/]+$/, 'A'.repeat(22)), accepted)).http).toBe(404);
    expect((await it.cpo.post(responseUrl.replace('set-charging-profile', 'clear-charging-profile'), accepted)).http).toBe(404);
    expect(await it.exchanges()).toMatchObject([{ state: 'AWAITING', outcome: undefined }]);
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
    expect((await it.postResult({ result: 'REJECTED' })).http).toBe(200);
    expect(await sent.later).toEqual({ result: 'REJECTED' });
  });
});

describe.each(stores)('a consent that is withdrawn between a set and its result (%s)', (store) => {
  test.each([
    ['no set was accepted before', false],
    ['the CPO accepted a set before', true],
  ])('SEC-44: the SCSP receives nothing more, and the eMSP withdraws the profile: %s', async (_, before) => {
    await using it = await openRelayed({ store });
    const earlier = before ? await it.request('set') : undefined;
    if (earlier) await it.postResult({ result: 'ACCEPTED' });
    await earlier?.later;
    const sent = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    await using changes = await openAgreementChanges(it.world.settings());
    const cancelled = it.world.nextStep('outcome', ({ state }) => state === 'CANCELLED');
    await changes.withdrawConsent({ token: idsAtCpo.uid, party: 'NL*SCS', purpose: 'smart_charging' });
    await it.clock.advance(5_000);
    expect(await cancelled).toMatchObject({ kind: 'set', reason: 'rights_lapsed' });
    await it.cpo.waitForRequest(({ method, module }) => method === 'DELETE' && module === 'chargingprofiles');
    expect((await it.cpo.post(responseUrl, { result: 'ACCEPTED' })).http).toBe(200);
    await it.clock.advance(10_000);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    const received = it.scsp.requests.length;
    expect((await it.request('set')).result).toBe('UNKNOWN_SESSION');
    await it.cpo.patch(idsAtCpo.id, { kwh: 9, last_updated: moment(60) });
    await it.clock.advance(60_000);
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
    expect(it.scsp.requests.length).toBe(received);
    expect(it.securityEvents().map(({ kind }) => kind)).toEqual(['rights-lapsed']);
    expect(it.cpo.profileRequests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });
});
