import { describe, expect, test } from 'vitest';
import { type ChargePoint, virtualClock } from '../../sim/index.ts';
import { fieldsOf } from '../../sim/partner/wire.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { openWorld, type StationName } from '../world.ts';
import { remoteToken } from './tokens.fixture.ts';

/** A CPO node that knows one card of an eMSP, and a charge point. */
async function openCard(token: Record<string, unknown>, at: StationName = 'CP-201') {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ clock }));
  const emsp = await world.emsp({ tokens: [remoteToken(token)] });
  await world.firstStep('token-received');
  const station = await world.station(at);
  const kept = stack.move();
  return { world, emsp, clock, station, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

type Version = '1.6' | '2.x';
/** What the node says about the card to an Authorize. */
async function decisionAt(station: ChargePoint, version: Version, uid = 'CAFE01'): Promise<unknown> {
  const payload = version === '1.6' ? { idTag: uid } : { idToken: { idToken: uid, type: 'ISO14443' } };
  const answer = await station.call('Authorize', payload);
  const fields = fieldsOf(answer.ok ? answer.payload : undefined);
  return version === '1.6' ? fields.idTagInfo : fields.idTokenInfo;
}

/** A start of a transaction with the card, whatever the node said about it before. */
const startAnyway = (station: ChargePoint, version: Version, idToken: object = { idToken: 'CAFE01', type: 'ISO14443' }) =>
  version === '1.6'
    ? station.call('StartTransaction', { connectorId: 1, idTag: 'CAFE01', meterStart: 0, timestamp: '2026-01-31T10:00:00Z' })
    : station.call('TransactionEvent', {
        eventType: 'Started',
        timestamp: '2026-01-31T10:00:00Z',
        triggerReason: 'Authorized',
        seqNo: 0,
        transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging' },
        evse: { id: 1, connectorId: 1 },
        idToken,
      });

const VERSIONS = [
  ['CP-16', '1.6'],
  ['CP-201', '2.x'],
] as const;

describe('what a charge point hears about a card', () => {
  test.each([
    ['BLOCKED', 'Blocked', 'Blocked'],
    ['EXPIRED', 'Expired', 'Expired'],
    ['NO_CREDIT', 'Blocked', 'NoCredit'],
    ['NOT_ALLOWED', 'Blocked', 'NotAtThisLocation'],
  ])('TOK-10, F-32: %s of the eMSP is %s in OCPP 1.6 and %s in OCPP 2.x', async (allowed, of16, of20) => {
    await using it = await openCard({ whitelist: 'NEVER' });
    it.emsp.tokens.answer = { allowed };
    expect(await decisionAt(await it.world.station('CP-16'), '1.6')).toEqual({ status: of16 });
    expect(await decisionAt(it.station, '2.x')).toEqual({ status: of20 });
  });

  test.each(VERSIONS)('F-32: a known card that is not valid is Blocked, and an unknown one Invalid, at %s', async (at, version) => {
    await using it = await openCard({ valid: false }, at);
    expect(await decisionAt(it.station, version)).toEqual({ status: 'Blocked' });
    expect(await decisionAt(it.station, version, 'UNKNOWN1')).toEqual({ status: 'Invalid' });
  });

  test('TOK-10, F-31: the group of the card, cut down to a digest where OCPP 1.6 has no room for it', async () => {
    await using it = await openCard({ group_id: 'FLEET-7' });
    const v16 = await it.world.station('CP-16');
    expect(await decisionAt(it.station, '2.x')).toEqual({ status: 'Accepted', groupIdToken: { idToken: 'FLEET-7', type: 'Central' } });
    expect(await decisionAt(v16, '1.6')).toEqual({ status: 'Accepted', parentIdTag: 'FLEET-7' });
    await it.emsp.tokens.put(remoteToken({ group_id: 'A-VERY-LONG-NAME-OF-A-FLEET', last_updated: '2026-01-31T09:30:00Z' }));
    expect(await decisionAt(v16, '1.6')).toEqual({ status: 'Accepted', parentIdTag: expect.stringMatching(/^[0-9a-f]{20}$/) });
  });

  test('F-30: NoAuthorization is Accepted, and the session is nobody’s', async () => {
    await using it = await openCard({});
    const idToken = { idToken: '', type: 'NoAuthorization' };
    const answers = [await it.station.call('Authorize', { idToken }), await startAnyway(it.station, '2.x', idToken)];
    expect(answers).toMatchObject([{ payload: { idTokenInfo: { status: 'Accepted' } } }, { payload: { idTokenInfo: { status: 'Accepted' } } }]);
    const [view] = (await it.world.node().sessions()).items;
    expect(view?.session).not.toHaveProperty('cdr_token');
    expect(view).not.toHaveProperty('unauthorised');
    expect(it.emsp.sessions.size).toBe(0);
  });

  test.each(VERSIONS)(
    'F-33: a session of a card that the eMSP refused is told to nobody, and the operator sees it as unauthorised, at %s',
    async (at, version) => {
      await using it = await openCard({ whitelist: 'NEVER' }, at);
      it.emsp.tokens.answer = { allowed: 'BLOCKED' };
      await startAnyway(it.station, version);
      await it.world.firstStep('session-changed');
      const [view] = (await it.world.node().sessions()).items;
      expect([view?.unauthorised, view?.session.status]).toEqual([true, 'PENDING']);
      await it.station.call('Heartbeat', {});
      expect(await it.emsp.pullSessions()).toEqual([]);
      expect(it.emsp.sessions.size).toBe(0);
    },
  );

  test('TOK-08, F-34: ALLOWED at another EVSE is refused at this one, and ALLOWED at this one accepted', async () => {
    await using it = await openCard({ whitelist: 'NEVER' });
    it.emsp.tokens.answer = { allowed: 'ALLOWED', location: { location_id: 'LOC1', evse_uids: ['CP-21-1'] } };
    expect(await decisionAt(it.station, '2.x')).toEqual({ status: 'NotAtThisLocation' });
    expect(it.emsp.tokens.authorizationRequests[0]?.body).toEqual({ location_id: 'LOC1', evse_uids: ['CP-201-1'] });
    it.emsp.tokens.answer = { allowed: 'ALLOWED', location: { location_id: 'LOC1', evse_uids: ['cp-201-1'] } };
    expect(await decisionAt(it.station, '2.x')).toEqual({ status: 'Accepted' });
  });
});
