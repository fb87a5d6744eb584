import { describe, expect, test } from 'vitest';
import type { PartnerAnswer, SentProfileRequest } from '../../sim/partner.ts';
import { asPartyKey } from '../../src/domain/ids.ts';
import { openAgreementChanges } from '../../src/node/rights/change-agreements.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { limitsWith } from '../usual-limits.ts';
import { stores } from '../world.ts';
import { consent, contract, type Delegated, openDelegated } from './delegated.fixture.ts';

const both = { contracts: [contract()], consents: [consent()] };
const messageOf = ({ answer }: SentProfileRequest) => String(answer.envelope.status_message);
const limitsAt = (station: { installed(): readonly { purpose: string; schedule: { periods: readonly { limit?: number }[] } }[] }) =>
  station.installed().flatMap(({ schedule }) => schedule.periods.map(({ limit }) => limit));

/** Sends a request every five seconds until it is not REJECTED: the node sees changed agreements only after some seconds. */
async function untilNotRejected(it: Delegated, send: () => Promise<SentProfileRequest>): Promise<SentProfileRequest> {
  for (;;) {
    const sent = await send();
    if (sent.result !== 'REJECTED') return sent;
    await it.clock.advance(5_000);
  }
}

describe.each(stores)('an SCSP with a contract of the CPO (%s)', (store) => {
  test('CP-35, SEC-43: gets the session with pseudonyms and steers it; the eMSP receives no push of that', async () => {
    await using it = await openDelegated(store);
    const { emsp, scsp, session } = it;
    const known = await it.sessionAtScsp();
    expect(known).toMatchObject({ id: session, location_id: 'LOC1', evse_uid: 'CP-201-1' });
    const set = await scsp.set(session, upTo(10));
    expect(set.result).toBe('ACCEPTED');
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    await it.until(scsp.nextPush(session));
    expect(emsp.pushed).toEqual([]);
    const [listed] = await scsp.pullSessions();
    expect(listed).toMatchObject({ id: session, cdr_token: known.cdr_token });
    for (const { body } of scsp.requests) for (const secret of ['DEADBEEF', 'NL-MSP-C0001']) expect(body).not.toContain(secret);
    expect(emsp.sessions.get(session)).toMatchObject({ cdr_token: { uid: 'DEADBEEF', contract_id: 'NL-MSP-C0001' } });
  });

  test('CP-08, CP-35: a set is REJECTED with a status message when the SCSP may only see, and the operator gets a security event', async () => {
    await using it = await openDelegated(store, { ...both, contracts: [contract({ may: ['see'] })] });
    await it.sessionAtScsp();
    const set = await it.scsp.set(it.session, upTo(10));
    expect([set.result, messageOf(set)]).toEqual(['REJECTED', 'no contract lets NL*SCS control this session']);
    expect(await (await it.scsp.get(it.session, 60)).later).toMatchObject({ result: 'ACCEPTED' });
    expect(it.station.installed()).toEqual([]);
    expect(it.securityEvents('no-contract')).toHaveLength(1);
  });

  test.each([
    ['no contract', { contracts: [], consents: [consent()] }],
    ['no consent', { contracts: [contract()], consents: [] }],
    ['a consent for another party', { contracts: [contract()], consents: [consent({ party: 'NL*XXX' })] }],
    ['a contract that has ended', { ...both, contracts: [contract({ until: '2026-01-31T08:59:59Z' })] }],
    ['a contract that has not begun', { ...both, contracts: [contract({ from: '2026-02-01T00:00:00Z' })] }],
    ['a contract for another location', { ...both, contracts: [contract({ locations: ['LOC2'] })] }],
    ['a contract for another EVSE', { ...both, contracts: [contract({ evses: ['CP-16-1'] })] }],
    ['a contract for customers of another eMSP', { ...both, contracts: [contract({ tokens_of: 'NL*TNM' })] }],
  ])('SEC-15: with %s the answer is the same as for a session that does not exist', async (_, config) => {
    await using it = await openDelegated(store, config);
    const textOf = ({ answer: { http, text } }: { answer: PartnerAnswer }) => `${http} ${text.replace(/"timestamp":"[^"]*"/, '')}`;
    const [foreign, absent] = [await it.scsp.set(it.session, upTo(10)), await it.scsp.set('NOSUCH', upTo(10))];
    expect(foreign.result).toBe('UNKNOWN_SESSION');
    expect(textOf(foreign)).toBe(textOf(absent));
    expect(await it.scsp.pullSessions()).toEqual([]);
    await it.clock.advance(6_000);
    expect([...it.scsp.sessions.keys()]).toEqual([]);
    expect(it.securityEvents('foreign-session')).toHaveLength(1);
  });

  test('a contract for its location, its EVSE and its eMSP covers the session', async () => {
    await using it = await openDelegated(store, { ...both, contracts: [contract({ locations: ['loc1'], evses: ['cp-201-1'], tokens_of: 'NL*MSP' })] });
    expect(await (await it.scsp.set(it.session, upTo(10))).later).toEqual({ result: 'ACCEPTED' });
  });

  test('SEC-44: the refusal of one driver overrides the consent for all drivers', async () => {
    await using it = await openDelegated(store, { contracts: [contract()], consents: [consent()] });
    await it.sessionAtScsp();
    await using agreements = await openAgreementChanges(it.world.settings());
    await agreements.withdrawConsent({ token: 'deadbeef', party: 'NL*SCS', purpose: 'smart_charging' });
    expect((await it.scsp.set(it.session, upTo(10))).result).toBe('UNKNOWN_SESSION');
  });
});

describe.each(stores)('a right that changes while a car charges (%s)', (store) => {
  test('SEC-44: after a consent is withdrawn, the profile is withdrawn within a minute and the SCSP receives nothing more', async () => {
    await using it = await openDelegated(store);
    await it.sessionAtScsp();
    await (await it.scsp.set(it.session, upTo(10))).later;
    await it.until(it.scsp.nextPush(it.session));
    it.station.behave({ answers: { GetCompositeSchedule: { is: 'never' } } });
    const open = await it.scsp.get(it.session, 60);
    await using agreements = await openAgreementChanges(it.world.settings());
    await agreements.withdrawConsent({ token: 'DEADBEEF', party: 'NL*SCS', purpose: 'smart_charging' });
    const cleared = it.station.next('ClearChargingProfile');
    await it.clock.advance(10_000);
    expect(await it.firstOutcome({ kind: 'get', state: 'CANCELLED' })).toMatchObject({ reason: 'rights_lapsed' });
    // Locations are pushed to every peer.
    const received = () => it.scsp.requests.filter(({ module }) => module !== 'locations').length;
    const before = received();
    it.station.behave({ answers: {} });
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    await it.clock.advance(120_000);
    await it.station.unplug(1);
    await it.until(it.emsp.session((session) => session.status === 'COMPLETED'));
    expect(it.scsp.callbacks(open.responseUrl)).toEqual([]);
    expect(received()).toBe(before);
    expect(it.securityEvents('rights-lapsed')).toHaveLength(1);
  });

  test('after a contract has ended, the profile is withdrawn and the other party can steer', async () => {
    await using it = await openDelegated(store, { ...both, contracts: [contract({ until: '2026-01-31T09:05:00Z' })] });
    await it.sessionAtScsp();
    await (await it.scsp.set(it.session, upTo(10))).later;
    expect((await it.emsp.set(it.session, upTo(8))).result).toBe('REJECTED');
    const cleared = it.station.next('ClearChargingProfile');
    await it.clock.advance(310_000);
    await it.until(cleared);
    const accepted = await untilNotRejected(it, () => it.emsp.set(it.session, upTo(8)));
    expect(await accepted.later).toEqual({ result: 'ACCEPTED' });
  });

  test('after a contract is added, the SCSP receives the session although it has not changed', async () => {
    await using it = await openDelegated(store, { contracts: [], consents: [consent()] });
    await using agreements = await openAgreementChanges(it.world.settings());
    await agreements.addContract(contract());
    expect(await it.sessionAtScsp()).toMatchObject({ id: it.session });
  });
});

describe.each(stores)('two parties with a right to one session (%s)', (store) => {
  test('CP-36: requests of the second are REJECTED with a status message until the first clears its profile', async () => {
    await using it = await openDelegated(store);
    await (await it.emsp.set(it.session, upTo(16))).later;
    const second = await it.scsp.set(it.session, upTo(10));
    expect([second.result, messageOf(second)]).toEqual(['REJECTED', 'this session is steered already']);
    expect((await it.scsp.clear(it.session)).result).toBe('REJECTED');
    expect(limitsAt(it.station)).toEqual([16]);
    await (await it.emsp.clear(it.session)).later;
    expect(await (await it.scsp.set(it.session, upTo(10))).later).toEqual({ result: 'ACCEPTED' });
  });

  test('F-63, A-32: while the SCSP of the CPO steers, set and clear of the owner of the token are REJECTED, and nothing tells it why', async () => {
    await using it = await openDelegated(store);
    await it.sessionAtScsp();
    await (await it.scsp.set(it.session, upTo(10))).later;
    const refused = [await it.emsp.set(it.session, upTo(16)), await it.emsp.clear(it.session)];
    for (const one of refused) {
      expect([one.result, messageOf(one)]).toEqual(['REJECTED', 'this session is steered already']);
      expect(one.answer.text).not.toMatch(/SCS|party/i);
    }
    expect(limitsAt(it.station)).toEqual([10]);
  });

  test.each([
    ['replace', [16]],
    ['strictest', [10]],
  ] as const)('F-63: with when_two_steer %s the owner of the token may steer although the SCSP of the CPO does', async (rule, limits) => {
    await using it = await openDelegated(store, { ...both, when_two_steer: [{ parties: ['NL*MSP', 'NL*SCS'], rule }] });
    await it.sessionAtScsp();
    await (await it.scsp.set(it.session, upTo(10))).later;
    expect((await it.emsp.clear(it.session)).result).toBe('REJECTED');
    expect(await (await it.emsp.set(it.session, upTo(16))).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsAt(it.station)).toEqual(limits);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsAt(it.station)).toEqual(rule === 'replace' ? [] : [10]);
  });

  test('CP-36: with the rule replace the newer profile applies', async () => {
    await using it = await openDelegated(store, { ...both, when_two_steer: [{ parties: ['NL*MSP', 'NL*SCS'], rule: 'replace' }] });
    await (await it.emsp.set(it.session, upTo(16))).later;
    expect(await (await it.scsp.set(it.session, upTo(10))).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsAt(it.station)).toEqual([10]);
    expect((await it.emsp.clear(it.session)).result).toBe('REJECTED');
    const { items } = await it.world.node().sessions();
    expect(items[0]?.inputs).toMatchObject([{ by: 'NL*SCS' }]);
  });

  test('CP-36: with the rule strictest the lower limit applies; the session shows both profiles, and each party clears its own', async () => {
    await using it = await openDelegated(store, { ...both, when_two_steer: [{ parties: ['NL*SCS', 'NL*MSP'], rule: 'strictest' }] });
    await (await it.emsp.set(it.session, upTo(12))).later;
    expect(
      await (
        await it.scsp.set(it.session, {
          ...upTo(8),
          charging_profile_period: [
            { start_period: 0, limit: 8 },
            { start_period: 3600, limit: 16 },
          ],
        })
      ).later,
    ).toEqual({ result: 'ACCEPTED' });
    expect(limitsAt(it.station)).toEqual([8, 12]);
    const { items } = await it.world.node().sessions();
    expect(items[0]?.inputs).toMatchObject([{ by: 'NL*MSP' }, { by: 'NL*SCS' }]);
    expect(await (await it.scsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsAt(it.station)).toEqual([12]);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.installed()).toEqual([]);
  });
});

describe.each(stores)('rate limits of a party (%s)', (store) => {
  test('CP-09, SEC-29: twenty requests at once and one in ten seconds, for every spelling of the session id, also after a restart', async () => {
    await using it = await openDelegated(store);
    const spelling = (n: number) => (n % 2 === 0 ? it.session.toUpperCase() : it.session);
    const results = [];
    for (let n = 0; n < 20; n++) {
      const sent = await it.scsp.clear(spelling(n));
      results.push(sent.result);
      await sent.later;
    }
    expect(new Set(results)).toEqual(new Set(['ACCEPTED']));
    const tooOften = await it.scsp.clear(it.session);
    expect([tooOften.result, messageOf(tooOften)]).toEqual(['TOO_OFTEN', 'this session: too many requests, the next in 10 s']);
    expect((await it.emsp.get(it.session, 60)).result).toBe('ACCEPTED');
    await it.world.restart();
    await it.station.reconnect();
    expect((await it.scsp.clear(it.session.toUpperCase())).result).toBe('TOO_OFTEN');
    await it.clock.advance(10_000);
    expect((await it.scsp.clear(it.session)).result).toBe('ACCEPTED');
  });

  test('SEC-34: an interval between profiles, and a security event when a party stops many sessions', async () => {
    const limits = limitsWith({ session_interval: 30, cuts_alarm: 1 });
    await using it = await openDelegated(store, { ...both, limits });
    expect(await (await it.scsp.set(it.session, upTo(0))).later).toEqual({ result: 'ACCEPTED' });
    expect((await it.scsp.set(it.session, upTo(16))).result).toBe('TOO_OFTEN');
    await it.clock.advance(30_000);
    expect((await it.scsp.set(it.session, upTo(16))).result).toBe('ACCEPTED');
    expect(it.securityEvents('many-sessions-stopped')).toMatchObject([{ party: 'NL*SCS' }]);
  });
});

describe.each(stores)('the kill switch (%s)', (store) => {
  test('SEC-34: withdraws all profiles of a party, also of an owner, and rejects its sets until it is resumed', async () => {
    await using it = await openDelegated(store);
    await (await it.emsp.set(it.session, upTo(16))).later;
    await using agreements = await openAgreementChanges(it.world.settings());
    expect(await agreements.halt('NL*MSP')).toEqual([asPartyKey('NL*MSP')]);
    const cleared = it.station.next('ClearChargingProfile');
    await it.clock.advance(10_000);
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    const refused = await it.emsp.set(it.session, upTo(16));
    expect([refused.result, messageOf(refused)]).toEqual(['REJECTED', 'the operator has taken the right to steer from NL*MSP']);
    await agreements.resume('NL*MSP');
    const resumed = await untilNotRejected(it, () => it.emsp.set(it.session, upTo(16)));
    expect(await resumed.later).toEqual({ result: 'ACCEPTED' });
  });

  test('CON-X04: tells a halted party that its profile is gone, and sends it the active profile and the session once more when it is resumed', async () => {
    await using it = await openDelegated(store);
    const api = await openApiClient(it.world.node());
    await it.sessionAtScsp();
    expect(await it.until((await it.scsp.set(it.session, upTo(10))).later)).toEqual({ result: 'ACCEPTED' });
    await it.until(it.scsp.nextPush(it.session));
    await it.clock.advance(11_000);
    const toldOfHalt = it.scsp.nextPush(it.session);
    await api.request('POST parties/NL*SCS/halt');
    expect(limitsIn(await it.until(toldOfHalt))).toEqual([32]);
    const { limit, inputs } = (await api.request(`GET sessions/${it.session}`)).body;
    expect(limit).toMatchObject({ limit: 32, unit: 'A', origin: { kind: 'evse' } });
    expect(inputs).toEqual([]);
    await it.clock.advance(16 * 60_000);
    const sessionsBefore = sessionPuts(it.scsp).length;
    const toldOfResume = it.scsp.nextPush(it.session);
    await api.request('POST parties/NL*SCS/resume');
    expect(limitsIn(await it.until(toldOfResume))).toEqual([32]);
    await it.clock.advance(2_000);
    expect(sessionPuts(it.scsp).slice(sessionsBefore)).toHaveLength(1);
    expect((await it.scsp.set(it.session, upTo(10))).result).toBe('ACCEPTED');
  });
});

const limitsIn = (active: unknown) => [...JSON.stringify(active).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const sessionPuts = (party: Delegated['scsp']) => party.requests.filter(({ module, method }) => module === 'sessions' && method === 'PUT');
