import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { moment } from '../emsp-world.ts';
import { openWorld, stores } from '../world.ts';
import { cdrTokenOfCard, presentCard, remoteToken } from './tokens.fixture.ts';

const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
/** The window that each pull of a first page asked for, in order. */
const pulls = (emsp: Emsp) =>
  emsp.requests
    .filter(({ method, module, url }) => method === 'GET' && module === 'tokens' && !url.includes('offset='))
    .map(({ url }) => new URL(url).searchParams.get('date_from'));
const card = (n: number, more: object = {}) => remoteToken({ uid: `CAFE0${n}`, last_updated: moment(n), ...more });

describe.each(stores)('what a CPO node pulls of tokens (%s)', (store) => {
  test('TRN-54: all tokens from before the registration, page by page; one of them decides who owns the next session', async () => {
    await using world = await openWorld({ store, clock: clockAtTen() });
    const list = [2, 3, 4, 5].map((n) => card(n));
    const emsp = await world.emsp({ tokens: [remoteToken(), ...list], pageSize: 2 });
    for (let n = 0; n < 5; n++)
      await world.firstStep('token-received', (step) => step.by === 'pull' && world.steps.filter((it) => it.step === 'token-received').length > n);
    for (const token of list) expect((await emsp.tokens.readBack(token.uid)).data).toEqual(token);
    expect(await presentCard(await world.station('CP-201'))).toBe(true);
    expect(await emsp.session(({ status }) => status === 'ACTIVE')).toMatchObject({ cdr_token: cdrTokenOfCard });
  });

  test('TRN-11, TRN-12: every `token_pull` seconds, and after a restart, only what changed since shortly before the last pull', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock, config: { token_pull: 600 } });
    const emsp = await world.emsp({ tokens: [remoteToken({ last_updated: moment(600) })] });
    await world.firstStep('token-received');
    const again = emsp.waitForRequest(({ module, url }) => module === 'tokens' && new URL(url).searchParams.get('date_from') === moment(300));
    await clock.advance(1.2 * 600_000);
    await again;
    const before = pulls(emsp).length;
    await world.restart(async () => {
      emsp.tokens.list.push(remoteToken({ uid: 'CAFE02', valid: false, last_updated: moment(900) }));
    });
    await world.firstStep('token-received', ({ valid }) => !valid);
    expect(pulls(emsp).slice(before)).toEqual([moment(300)]);
    expect(pulls(emsp)[0]).toBe('1970-01-01T00:00:00.000Z');
  });

  test('TRN-16: an invalid token and one of another party are left out; the others are stored', async () => {
    await using world = await openWorld({ store, clock: clockAtTen() });
    const { valid: _, ...broken } = card(2);
    const emsp = await world.emsp({ tokens: [{ ...broken, uid: 'CAFE02', type: 'RFID' }, card(3, { party_id: 'TNM' }), card(4)] });
    await world.firstStep('token-received');
    for (const [uid, http] of [
      ['CAFE02', 404],
      ['CAFE03', 404],
      ['CAFE04', 200],
    ] as const)
      expect([uid, (await emsp.tokens.readBack(uid)).http]).toEqual([uid, http]);
    expect(await presentCard(await world.station('CP-201'), 'CAFE03')).toBe(false);
  });

  test('a list that breaks off is pulled again from its begin', async () => {
    const clock = clockAtTen();
    await using world = await openWorld({ store, clock });
    const emsp = await world.emsp({ tokens: [card(1), card(2)], pageSize: 1, faults: { tokens: [{ is: 'answer', http: 500 }] } });
    await emsp.waitForRequest(({ module }) => module === 'tokens');
    await world.restart();
    await world.firstStep('token-received', () => world.steps.filter((it) => it.step === 'token-received').length === 2);
    expect(pulls(emsp)).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z']);
  });
});
