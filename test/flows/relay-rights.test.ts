import { describe, expect, test } from 'vitest';
import type { SentProfileRequest } from '../../sim/partner.ts';
import { openAgreementChanges } from '../../src/node/rights/change-agreements.ts';
import { moment } from '../emsp-world.ts';
import { profilesUrl, resultUrl, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { driverAtCpo, openRelayed, type Relayed, relayConfig, requestAs } from './relay.fixture.ts';

const kinds = ['set', 'get', 'clear'] as const;
const wordsOf = ({ answer }: SentProfileRequest) => `${answer.http} ${answer.text.replace(/"timestamp":"[^"]*"/, '')}`;
/** One security event of that kind, nothing kept, and nothing said to the CPO. */
async function cameToNothing(it: Relayed, kind: string): Promise<void> {
  await it.world.firstStep('security', (step) => step.kind === kind);
  expect(it.securityEvents().map((step) => step.kind)).toEqual([kind]);
  expect(await it.exchanges()).toEqual([]);
  expect(it.cpo.profileRequests).toEqual([]);
}

describe.each(stores)('who has no right to a relayed session (%s)', (store) => {
  test('SEC-15: another SCSP that has learnt its id hears the same as for an id that was never given, and an operator can tell', async () => {
    const both = { contracts: [contract(), contract({ party: 'NL*OTH' })], consents: [consent(), consent({ party: 'NL*OTH' })] };
    await using it = await openRelayed({ store, config: both });
    const thief = await it.world.scsp({ party: { country_code: 'NL', party_id: 'OTH' } });
    for (const kind of kinds) {
      const stolen = await requestAs(thief, it.session, kind);
      expect(stolen.result).toBe('UNKNOWN_SESSION');
      expect(wordsOf(stolen)).toBe(wordsOf(await requestAs(thief, 'F'.repeat(it.session.length), kind)));
    }
    await cameToNothing(it, 'foreign-session');
  });

  test('SEC-15: the id that the CPO knows it by is worth nothing', async () => {
    await using it = await openRelayed({ store });
    const asked = await requestAs(it.scsp, driverAtCpo.id, 'set');
    expect(asked.result).toBe('UNKNOWN_SESSION');
    expect(wordsOf(asked)).toBe(wordsOf(await requestAs(it.scsp, 'NOSUCH', 'set')));
    await cameToNothing(it, 'foreign-session');
  });

  test('SEC-15: whose contract is over, even by a millisecond, has never heard of it', async () => {
    await using it = await openRelayed({ store, config: { ...relayConfig, contracts: [contract({ until: moment(4) })] } });
    await it.clock.advance(4_000);
    expect((await it.request('set')).result).toBe('UNKNOWN_SESSION');
    await cameToNothing(it, 'foreign-session');
  });
});

describe('who asks for what is refused before anything is kept', () => {
  test.each([
    ['RTE-19, SEC-14: who speaks in the name of another', { 'OCPI-from-party-id': 'OTH' }, 'forged-from'],
    ['RTE-20: who speaks to somebody else', { 'OCPI-to-party-id': 'XYZ' }, 'foreign-to'],
  ])('%s is refused', async (_, headers, kind) => {
    await using it = await openRelayed();
    const body = { charging_profile: upTo(10), response_url: resultUrl(it.scsp, 'mine') };
    const { http, envelope, data } = await it.scsp.send({ method: 'PUT', url: profilesUrl(it.scsp, it.session), body, headers });
    expect([http, envelope.status_code, data]).toEqual([200, 2001, undefined]);
    await cameToNothing(it, kind);
  });

  test('CP-35: who may only see is REJECTED in words', async () => {
    await using it = await openRelayed({ config: { ...relayConfig, contracts: [contract({ may: ['see'] })] } });
    const asked = await it.request('set');
    expect([asked.result, asked.answer.envelope.status_message]).toEqual(['REJECTED', 'no contract lets NL*SCS control this session']);
    await cameToNothing(it, 'no-contract');
    expect((await it.request('get')).result).toBe('ACCEPTED');
  });

  test('SEC-01: who wants the result sent to a stranger is refused', async () => {
    await using it = await openRelayed();
    const asked = await it.scsp.set(it.session, upTo(10), { responseUrl: 'https://elsewhere.example/results/1' });
    expect([asked.answer.http, asked.answer.envelope.status_code]).toEqual([200, 2001]);
    expect(await it.exchanges()).toEqual([]);
    expect(it.cpo.profileRequests).toEqual([]);
  });
});

describe('a result that somebody forges', () => {
  test('CP-13, CP-46: with a wrong token, by another CPO, at a guessed address or of another kind is nobody’s; the true one still counts', async () => {
    await using it = await openRelayed();
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    const asked = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    const accepted = { result: 'ACCEPTED' };
    expect((await it.cpo.post(responseUrl, accepted, 'a-token-of-nobody')).http).toBe(401);
    expect((await other.post(responseUrl, accepted)).http).toBe(404);
    expect((await it.scsp.send({ method: 'POST', url: responseUrl, body: accepted })).http).toBe(404);
    expect((await it.cpo.post(responseUrl.replace(/[^/]+$/, 'A'.repeat(22)), accepted)).http).toBe(404);
    expect((await it.cpo.post(responseUrl.replace('set-charging-profile', 'clear-charging-profile'), accepted)).http).toBe(404);
    expect(await it.exchanges()).toMatchObject([{ state: 'AWAITING', outcome: undefined }]);
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
    expect((await it.postResult({ result: 'REJECTED' })).http).toBe(200);
    expect(await asked.later).toEqual({ result: 'REJECTED' });
  });
});

describe.each(stores)('a consent that is withdrawn between a set and its result (%s)', (store) => {
  test.each([
    ['the CPO has not said yet', false],
    ['the CPO has taken it', true],
  ])('SEC-44: the SCSP hears nothing more, and the eMSP takes the profile back: %s', async (_, before) => {
    await using it = await openRelayed({ store });
    const earlier = before ? await it.request('set') : undefined;
    if (earlier) await it.postResult({ result: 'ACCEPTED' });
    await earlier?.later;
    const asked = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    await using desk = await openAgreementChanges(it.world.settings());
    await desk.withdrawConsent({ token: driverAtCpo.uid, party: 'NL*SCS', purpose: 'smart_charging' });
    await it.clock.advance(5_000);
    expect(await it.world.firstStep('outcome', ({ state }) => state === 'CANCELLED')).toMatchObject({ kind: 'set', reason: 'rights_lapsed' });
    await it.cpo.waitForRequest(({ method, module }) => method === 'DELETE' && module === 'chargingprofiles');
    expect((await it.cpo.post(responseUrl, { result: 'ACCEPTED' })).http).toBe(200);
    await it.clock.advance(10_000);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    const heard = it.scsp.requests.length;
    expect((await it.request('set')).result).toBe('UNKNOWN_SESSION');
    await it.cpo.patch(driverAtCpo.id, { kwh: 9, last_updated: moment(60) });
    await it.clock.advance(60_000);
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
    expect(it.scsp.requests.length).toBe(heard);
    expect(it.securityEvents().map(({ kind }) => kind)).toEqual(['rights-lapsed']);
    expect(it.cpo.profileRequests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });
});
