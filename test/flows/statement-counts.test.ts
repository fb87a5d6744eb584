import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Emsp, openEmsp } from '../../sim/partner.ts';
import { driverId, fold, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { epochMicros, epochMillis } from '../../src/domain/units.ts';
import { newPeerRecord } from '../../src/node/peers/peer-record.ts';
import { giveConsent } from '../../src/store/sql/consent.ts';
import { savePeer } from '../../src/store/sql/peer.ts';
import { saveSession } from '../../src/store/sql/session.ts';
import { moment, remoteSession } from '../emsp-world.ts';
import { letNodesWork } from '../let-time-pass.ts';
import { observeStatements } from '../observe-statements.ts';
import { openApiClient } from '../operator-api.ts';
import { stores } from '../world.ts';
import { consent, contract } from './delegated.fixture.ts';
import { manualClock } from './manual-clock.fixture.ts';
import { BADGE, codeOf, DEAD_STATION, inviteAt, openPlatform, type Platform } from './platform.fixture.ts';

/** A store that counts its statements by name. */
function countStatements() {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const around = observeStatements(({ name }) => count(name));
  return {
    around,
    of: (name: string) => counts.get(name) ?? 0,
    total: () => [...counts.values()].reduce((sum, n) => sum + n, 0),
  };
}

async function registered(platform: Platform, stack: AsyncDisposableStack, role: 'EMSP' | 'SCSP'): Promise<Emsp> {
  const party_id = role === 'EMSP' ? 'MSP' : 'SCS';
  const peer = stack.use(await openEmsp({ clock: realClock(), role, party: { country_code: 'NL', party_id } }));
  expect(codeOf(await peer.register(await inviteAt(platform, party_id, role)))).toBe('200 1000');
  return peer;
}

const saved = (id: string) =>
  saveSession({
    key: sessionKey('NL', 'EVK', id),
    peer: undefined,
    foldedId: fold(id),
    tokenParty: partyKey('NL', 'MSP'),
    status: 'ACTIVE',
    lastUpdated: epochMicros(1_000_000),
    body: remoteSession(id, { party_id: 'EVK' }),
    station: stationId(DEAD_STATION),
    evseUid: 'E1',
    transactionId: `T${id}`,
    profileId: 1,
    progress: undefined,
    driver: undefined,
    receiver: undefined,
    locationId: 'LOC1',
  });

describe.each(stores)('how many statements a message costs (%s)', (store) => {
  test('a change of a session does not read the peers', async () => {
    await using stack = new AsyncDisposableStack();
    const statements = countStatements();
    const clock = manualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    const platform = stack.use(await openPlatform({ store, clock, aroundStore: statements.around }));
    const emsp = await registered(platform, stack, 'EMSP');
    const reserve = async () => {
      const key = await platform.node().reserve({ evseUid: 'E1', tokenUid: BADGE });
      if (key === undefined) throw new Error('not reserved');
      const [, , id] = key.split('*');
      await emsp.session((it) => fold(String(it.id)) === id);
      await platform.node().endReservation(key);
      await emsp.session((it) => fold(String(it.id)) === id && it.status !== 'RESERVATION');
    };
    await reserve();
    const before = statements.of('all-peers');
    for (let n = 0; n < 5; n++) await reserve();
    expect(statements.of('all-peers')).toBe(before);
    // A new peer shows at once, because its registration drops the cache.
    const scsp = await registered(platform, stack, 'SCSP');
    await reserve();
    expect(statements.of('all-peers')).toBeGreaterThan(before);
    expect(scsp.sessions.size).toBe(0);
    // So does, within a second, what a command in another process changed.
    const after = statements.of('all-peers');
    await platform.store.commit([savePeer(newPeerRecord(peerId('NL*NEW'), 'INVITED'), clock.now())]);
    clock.moveTime(1_001);
    await reserve();
    expect(statements.of('all-peers')).toBe(after + 1);
  });

  test('a page of sessions costs as many statements as one session', async () => {
    await using stack = new AsyncDisposableStack();
    const statements = countStatements();
    const config = { contracts: [contract()], consents: [consent()] };
    const platform = stack.use(
      await openPlatform({ store, clock: manualClock(epochMillis(Date.UTC(2026, 0, 31, 9))), config, aroundStore: statements.around }),
    );
    const scsp = await registered(platform, stack, 'SCSP');
    await platform.store.commit(Array.from({ length: 120 }, (_, n) => saved(`S${n}`)));
    const costOf = async (limit: number) => {
      await letNodesWork(platform.node().publicUrl); // what a registration begins is not counted
      const before = statements.total();
      const url = scsp.peer().endpoints.find((it) => it.identifier === 'sessions' && it.role === 'SENDER')?.url;
      const { data } = await scsp.send({ method: 'GET', url: `${url}?limit=${limit}` });
      expect(data).toHaveLength(limit);
      expect(JSON.stringify(data)).not.toContain('DEADBEEF');
      return statements.total() - before;
    };
    await platform.firstStep('location-pushed');
    await costOf(1);
    expect(await costOf(100)).toBe(await costOf(1));
  });

  test('the page of a peer, and the list of contracts, do not read the consents to count them', async () => {
    await using stack = new AsyncDisposableStack();
    const statements = countStatements();
    const platform = stack.use(await openPlatform({ store, config: { contracts: [contract()], consents: [consent()] }, aroundStore: statements.around }));
    await registered(platform, stack, 'SCSP');
    const given = (n: number, party: string) => ({
      party: partyKey('NL', party),
      driver: driverId(String(n).padStart(36, '0')),
      purpose: 'smart_charging',
      textVersion: '1',
      givenAt: epochMillis(Date.parse(moment(0))),
    });
    await platform.store.commit(Array.from({ length: 30 }, (_, n) => giveConsent(given(n, n < 20 ? 'SCS' : 'OTH'), 'command')));
    const client = await openApiClient(platform.node(), 'view');
    expect((await client.request('GET peers/NL*SCS')).body).toMatchObject({ consents: 21, contracts: [{ party: 'NL*SCS', consented: true }] });
    expect((await client.request('GET contracts')).body).toMatchObject({ items: [{ consented: true }] });
    expect(statements.of('all-consents')).toBe(0);
  });
});
