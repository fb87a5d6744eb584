import { describe, expect, test } from 'vitest';
import type { Cpo, SentProfileRequest } from '../../sim/partner.ts';
import type { Config } from '../../src/node/config/config.ts';
import { upTo } from '../profile-requests.ts';
import { limitsWith } from '../usual-limits.ts';
import { type StoreKind, stores } from '../world.ts';
import { consent, contract, openDelegated } from './delegated.fixture.ts';
import { openRelayed } from './relay.fixture.ts';

const both = { contracts: [contract()], consents: [consent()] };
const noLimit = { burst: 1, every: 0 };
const unlimited = limitsWith({ party_and_session: noLimit, station: noLimit, party: noLimit, cuts_alarm: 1_000 });
const ROUNDS = 15;
const messageOf = ({ answer }: SentProfileRequest) => String(answer.envelope.status_message);

describe.each(stores)('two parties that send requests at the same moment (%s)', (store) => {
  test('R-06: of two SETs without sharing one is ACCEPTED, the other REJECTED, and what was accepted is installed', async () => {
    await using it = await openDelegated(store, { ...both, limits: unlimited });
    await it.sessionAtScsp();
    for (let round = 0; round < ROUNDS; round++) {
      const sets = await Promise.all([it.emsp.set(it.session, upTo(16)), it.scsp.set(it.session, upTo(10))]);
      expect(sets.map(({ result }) => result).toSorted(), `round ${round}`).toEqual(['ACCEPTED', 'REJECTED']);
      const first = sets[0].result === 'ACCEPTED';
      expect(messageOf(first ? sets[1] : sets[0])).toBe('this session is steered already');
      expect(await (first ? sets[0] : sets[1]).later).toEqual({ result: 'ACCEPTED' });
      expect(it.station.installed().map(({ schedule }) => schedule.periods[0]?.limit)).toEqual([first ? 16 : 10]);
      await (await (first ? it.emsp : it.scsp).clear(it.session)).later;
    }
  });

  test('R-06: under strictest both SETs are ACCEPTED, the charge point has the lowest of both, and the record has both', async () => {
    await using it = await openDelegated(store, { ...both, limits: unlimited, when_two_steer: [{ parties: ['NL*MSP', 'NL*SCS'], rule: 'strictest' }] });
    await it.sessionAtScsp();
    const half = {
      charging_rate_unit: 'A',
      charging_profile_period: [
        { start_period: 0, limit: 8 },
        { start_period: 3600, limit: 16 },
      ],
    };
    for (let round = 0; round < 5; round++) {
      const sets = await Promise.all([it.emsp.set(it.session, upTo(12)), it.scsp.set(it.session, half)]);
      expect(sets.map(({ result }) => result)).toEqual(['ACCEPTED', 'ACCEPTED']);
      expect(await Promise.all(sets.map(({ later }) => later))).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
      expect(
        it.station.installed().flatMap(({ schedule }) => schedule.periods.map(({ limit }) => limit)),
        `round ${round}`,
      ).toEqual([8, 12]);
      const { items } = await it.world.node().sessions();
      expect(items[0]?.inputs?.map(({ by }) => by).toSorted()).toEqual(['NL*MSP', 'NL*SCS']);
      for (const party of [it.emsp, it.scsp]) await (await party.clear(it.session)).later;
    }
  });
});

const relayingBoth = { contracts: [contract(), contract({ party: 'NL*OTH' })], consents: [consent(), consent({ party: 'NL*OTH' })], limits: unlimited };

/** Two SCSPs that may steer the same session of our customer at a CPO. */
async function openRelayedToTwo(store: StoreKind, config: Partial<Config> = {}) {
  await using stack = new AsyncDisposableStack();
  const relayed = stack.use(await openRelayed({ store, config: { ...relayingBoth, ...config } }));
  const other = await relayed.world.scsp({ party: { country_code: 'NL', party_id: 'OTH' } });
  const known = await relayed.until(other.session(({ status }) => status === 'ACTIVE'));
  const kept = stack.move();
  return { ...relayed, other, otherSession: String(known.id), [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const forwarded = ({ cpo }: { cpo: Cpo }) => cpo.profileRequests.filter(({ method }) => method === 'PUT');

describe.each(stores)('two SCSPs that send requests through one eMSP (%s)', (store) => {
  test('R-06: of two SETs at the same moment one is forwarded, the other REJECTED, also while the first waits for its result', async () => {
    await using it = await openRelayedToTwo(store);
    for (let round = 0; round < ROUNDS; round++) {
      const before = forwarded(it).length;
      const sets = await Promise.all([it.scsp.set(it.session, upTo(10)), it.other.set(it.otherSession, upTo(6))]);
      expect(sets.map(({ result }) => result).toSorted(), `round ${round}`).toEqual(['ACCEPTED', 'REJECTED']);
      const first = sets[0].result === 'ACCEPTED';
      expect(messageOf(first ? sets[1] : sets[0])).toBe('another party steers this session');
      expect((await (first ? it.other.set(it.otherSession, upTo(6)) : it.scsp.set(it.session, upTo(10)))).result).toBe('REJECTED');
      expect(forwarded(it)).toHaveLength(before + 1);
      await it.postResult({ result: 'REJECTED' });
      await (first ? sets[0] : sets[1]).later;
    }
  });

  test('R-06: under strictest a SET goes to the CPO as the lowest of all, also of one that has no result yet', async () => {
    await using it = await openRelayedToTwo(store, { when_two_steer: [{ parties: ['NL*SCS', 'NL*OTH'], rule: 'strictest' }] });
    const first = await it.scsp.set(it.session, upTo(6));
    const second = await it.other.set(it.otherSession, upTo(10));
    expect([first.result, second.result]).toEqual(['ACCEPTED', 'ACCEPTED']);
    const limits = forwarded(it).map(({ body }) => JSON.stringify(body).match(/"limit":([\d.]+)/)?.[1]);
    expect(limits).toEqual(['6', '6']);
  });

  test('R-06: two results at the same moment, of parties that do not share by the lowest: one profile is on record', async () => {
    await using it = await openRelayedToTwo(store, { when_two_steer: [{ parties: ['NL*SCS', 'NL*OTH'], rule: 'replace' }] });
    for (let round = 0; round < 5; round++) {
      await it.scsp.set(it.session, upTo(6));
      const one = it.lastForwarded().responseUrl;
      await it.other.set(it.otherSession, upTo(10));
      const another = it.lastForwarded().responseUrl;
      await Promise.all([one, another].map((url) => it.cpo.post(url, { result: 'ACCEPTED' })));
      const { items } = await it.world.node().sessions();
      expect(items[0]?.inputs, `round ${round}`).toHaveLength(1);
    }
  });

  test('R-06: two results for one request at the same moment: one counts, and the profiles on record follow from it', async () => {
    await using it = await openRelayedToTwo(store);
    for (let round = 0; round < 6; round++) {
      await it.scsp.set(it.session, upTo(6));
      const results = round % 2 === 0 ? ['REJECTED', 'ACCEPTED'] : ['ACCEPTED', 'REJECTED'];
      const posted = await Promise.all(results.map((result) => it.postResult({ result })));
      expect(posted.map(({ http }) => http).toSorted(), `round ${round}`).toEqual([200, 404]);
      const counted = (await it.exchanges()).at(-1)?.result;
      const { items } = await it.world.node().sessions();
      expect(items[0]?.inputs ?? [], `round ${round}`).toHaveLength(counted === 'ACCEPTED' ? 1 : 0);
      if (counted === 'ACCEPTED') {
        await it.scsp.clear(it.session);
        await it.postResult({ result: 'ACCEPTED' });
      }
    }
  });
});
