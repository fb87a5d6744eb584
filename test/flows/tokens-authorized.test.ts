import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { openWorld, type StationName, type StoreKind, stores } from '../world.ts';
import { cdrTokenOfCard, presentCard, remoteToken } from './tokens.fixture.ts';

/** A CPO node that was told of a card, and a charge point to show it at. */
async function openAsking(store: StoreKind, token: object, at: StationName = 'CP-201') {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ store, clock }));
  const emsp = await world.emsp({ tokens: [remoteToken({ ...token })] });
  await world.firstStep('token-received');
  const station = await world.station(at);
  const kept = stack.move();
  return { world, emsp, clock, station, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

describe.each(stores)('whether a token may charge (%s)', (store) => {
  test.each(['CP-16', 'CP-201'] as const)(
    'TOK-03, TOK-08, TOK-11, F-34: the eMSP of a token with whitelist NEVER is asked in real time, with the location and EVSE; ALLOWED charges, and the session has the reference, at %s',
    async (at) => {
      await using it = await openAsking(store, { whitelist: 'NEVER' }, at);
      it.emsp.tokens.answer = { allowed: 'ALLOWED', authorization_reference: 'REF-1' };
      expect(await presentCard(it.station)).toBe(true);
      const session = await it.emsp.session(({ status }) => status === 'ACTIVE');
      expect(session).toMatchObject({ cdr_token: cdrTokenOfCard, auth_method: 'AUTH_REQUEST', authorization_reference: 'REF-1' });
      expect(it.emsp.tokens.authorizationRequests[0]).toEqual({ uid: 'CAFE01', type: 'RFID', body: { location_id: 'LOC1', evse_uids: [`${at}-1`] } });
      expect(JSON.stringify(it.world.steps)).not.toMatch(/REF-1/);
    },
  );

  test('OCPI 2.2.1 §12.4.1: with whitelist NEVER it may not charge after BLOCKED, EXPIRED, NO_CREDIT or NOT_ALLOWED', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER' });
    for (const allowed of ['BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']) {
      it.emsp.tokens.answer = { allowed };
      expect([allowed, await presentCard(it.station)]).toEqual([allowed, false]);
      await it.world.firstStep('token-checked', ({ answer }) => answer === allowed);
    }
    expect((await it.world.node().sessions()).items).toEqual([]);
  });

  test('TOK-03: the eMSP is asked again for each use', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER' });
    expect(await presentCard(it.station)).toBe(true);
    await it.station.unplug(1);
    it.emsp.tokens.answer = { allowed: 'BLOCKED' };
    expect(await presentCard(it.station)).toBe(false);
  });

  test('with whitelist NEVER it may not charge when its eMSP does not know it any more', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER' });
    it.emsp.tokens.list.length = 0;
    expect(await presentCard(it.station)).toBe(false);
    await it.world.firstStep('token-checked', ({ answer }) => answer === 'UNKNOWN_TOKEN');
  });

  test.each([
    ['NEVER', false],
    ['ALLOWED_OFFLINE', true],
  ] as const)('%s, and five seconds of silence: may charge is %s', async (whitelist, may) => {
    await using it = await openAsking(store, { whitelist });
    it.emsp.behave({ tokens: { is: 'hang' } });
    const shown = presentCard(it.station);
    await it.emsp.waitForRequest(({ method, module }) => method === 'POST' && module === 'tokens');
    await it.clock.advance(4_999);
    expect(it.world.steps.some(({ step }) => step === 'token-checked')).toBe(false);
    await it.clock.advance(1);
    await it.world.firstStep('token-checked', ({ answer }) => answer === 'SILENT');
    it.emsp.behave({ tokens: { is: 'answer', http: 503 } }); // what follows is not waited for
    expect(await shown).toBe(may);
  });

  test('with whitelist NEVER it may not charge without a valid answer', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER' });
    for (const fault of [{ is: 'garbage' }, { is: 'reset' }, { is: 'ocpi', code: 3000 }, { is: 'redirect', to: 'http://127.0.0.1:1/' }] as const) {
      it.emsp.behave({ tokens: fault });
      expect([fault, await presentCard(it.station)]).toEqual([fault, false]);
    }
  });

  test('OCPI 2.2.1 §12.4.5: ALLOWED_OFFLINE is asked while its eMSP can be reached, and that decides', async () => {
    await using it = await openAsking(store, { whitelist: 'ALLOWED_OFFLINE' });
    it.emsp.tokens.answer = { allowed: 'BLOCKED' };
    expect(await presentCard(it.station)).toBe(false);
    it.emsp.tokens.answer = { allowed: 'ALLOWED' };
    expect(await presentCard(it.station)).toBe(true);
  });

  test.each(['ALWAYS', 'ALLOWED'])('with whitelist %s it charges without a request to its eMSP, and does not when it is invalid', async (whitelist) => {
    await using it = await openAsking(store, { whitelist });
    expect(await presentCard(it.station)).toBe(true);
    await it.station.unplug(1);
    await it.emsp.tokens.put(remoteToken({ whitelist, valid: false, last_updated: '2026-01-31T09:30:00Z' }));
    expect(await presentCard(it.station)).toBe(false);
    expect(it.emsp.tokens.authorizationRequests).toEqual([]);
  });

  test('TOK-03: the eMSP is also asked for an invalid token with whitelist NEVER, and its new state is stored', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER', valid: false });
    it.emsp.tokens.list.splice(0, 1, remoteToken({ whitelist: 'NEVER', last_updated: '2026-01-31T09:30:00Z' }));
    expect(await presentCard(it.station)).toBe(true);
    expect(await it.emsp.session(({ status }) => status === 'ACTIVE')).toMatchObject({ cdr_token: cdrTokenOfCard });
  });

  test('an answer for another location does not let it charge', async () => {
    await using it = await openAsking(store, { whitelist: 'NEVER' });
    it.emsp.tokens.answer = { allowed: 'ALLOWED', location: { location_id: 'ELSEWHERE' } };
    expect(await presentCard(it.station)).toBe(false);
  });
});

test('the operator’s list can block a token, and can have its eMSP asked', async () => {
  const listed = { type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C1' } as const;
  await using world = await openWorld({
    config: {
      tokens: [
        { ...listed, uid: 'AAAA', valid: false, whitelist: 'ALWAYS' },
        { ...listed, uid: 'CAFE01', valid: true, whitelist: 'NEVER' },
      ],
    },
  });
  const emsp = await world.emsp({ tokens: [remoteToken(), remoteToken({ uid: 'AAAA' })] });
  await emsp.waitForRequest(({ module }) => module === 'tokens');
  const station = await world.station('CP-201');
  expect(await presentCard(station, 'AAAA')).toBe(false);
  expect(await presentCard(station)).toBe(true);
  expect(emsp.tokens.authorizationRequests.map(({ uid }) => uid)).toContain('CAFE01');
});
