import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import { type Emsp, openEmsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { moment } from '../emsp-world.ts';
import { openWorld, type StoreKind, stores, type World } from '../world.ts';
import { codeOf, inviteAt, openPlatform, statusMessageOf } from './platform.fixture.ts';
import { cdrTokenOfCard, presentCard, remoteToken } from './tokens.fixture.ts';

async function openReceiver(store: StoreKind, config: Partial<Config> = {}) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ store, clock, config }));
  const emsp = await world.emsp({ tokens: [] });
  await emsp.waitForRequest(pull);
  const kept = stack.move();
  return { world, emsp, clock, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const pull = ({ method, module }: { method: string; module: string | undefined }) => method === 'GET' && module === 'tokens';
const heldBy = async (emsp: Emsp, uid = 'CAFE01', type?: string) => (await emsp.tokens.readBack(uid, type)).data;
/** What a node said of itself must not name a driver. */
const said = (world: World) => JSON.stringify(world.steps.filter(({ step }) => step.startsWith('token-')));

describe.each(stores)('what a CPO node makes of a token that it is told (%s)', (store) => {
  test.each(['CP-16', 'CP-201'] as const)('CP-35: its eMSP owns the next session that it starts, at %s', async (at) => {
    await using it = await openReceiver(store);
    const station = await it.world.station(at);
    expect(await presentCard(station)).toBe(false);
    expect(codeOf(await it.emsp.tokens.put(remoteToken()))).toBe('201 1000');
    expect(await presentCard(station)).toBe(true);
    expect(await it.emsp.session(({ status }) => status === 'ACTIVE')).toMatchObject({ cdr_token: cdrTokenOfCard, auth_method: 'WHITELIST' });
    expect(said(it.world)).not.toMatch(/CAFE01|NL-MSP-C7/);
  });

  test('TRN-31, TRN-32: PUT creates or replaces it, PATCH changes the given fields, GET returns it', async () => {
    await using it = await openReceiver(store);
    const { tokens } = it.emsp;
    expect(codeOf(await tokens.readBack('CAFE01'))).toBe('404 2000');
    const first = await tokens.put(remoteToken({ group_id: 'G1' }));
    expect([codeOf(first), 'data' in first.envelope]).toEqual(['201 1000', false]);
    expect(codeOf(await tokens.patch('CAFE01', { visual_number: 'V1', last_updated: moment(60) }))).toBe('200 1000');
    expect(await heldBy(it.emsp)).toEqual(remoteToken({ group_id: 'G1', visual_number: 'V1', last_updated: moment(60) }));
    expect(codeOf(await tokens.put(remoteToken({ last_updated: moment(120) })))).toBe('200 1000');
    expect(await heldBy(it.emsp, 'cafe01')).toEqual(remoteToken({ last_updated: moment(120) }));
  });

  test('POST and DELETE are not allowed; an invalid token may not charge', async () => {
    await using it = await openReceiver(store);
    await it.emsp.tokens.put(remoteToken());
    for (const method of ['POST', 'DELETE']) {
      const answer = await it.emsp.send({ method, url: it.emsp.tokens.urlOf('CAFE01') });
      expect([answer.http, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['GET', 'PATCH', 'PUT']]);
    }
    await it.emsp.tokens.patch('CAFE01', { valid: false, last_updated: moment(60) });
    expect(await presentCard(await it.world.station('CP-201'))).toBe(false);
  });

  test('TOK-09, F-53: tokens of one uid differ by their type; without a type in the URL a body counts by its own, else RFID or the only token is meant', async () => {
    await using it = await openReceiver(store);
    const app = remoteToken({ type: 'APP_USER', contract_id: 'NL-MSP-C8' });
    expect(codeOf(await it.emsp.tokens.put(app, {}))).toBe('201 1000');
    expect((await it.emsp.tokens.readBack('CAFE01')).data).toEqual(app);
    expect(codeOf(await it.emsp.tokens.put(remoteToken(), {}))).toBe('201 1000');
    expect(codeOf(await it.emsp.tokens.put(app))).toBe('200 1000');
    expect(await heldBy(it.emsp)).toEqual(remoteToken());
    expect(await heldBy(it.emsp, 'CAFE01', 'APP_USER')).toEqual(app);
  });

  test('TRN-35, SEC-16: only its eMSP may read and change it; another peer gets 404, and nothing is stored', async () => {
    await using it = await openReceiver(store);
    const other = await it.world.emsp({ tokens: [], party: { country_code: 'NL', party_id: 'TNM' } });
    await it.emsp.tokens.put(remoteToken());
    const wrong = { valid: false, last_updated: moment(60) };
    for (const ask of [{ method: 'PUT', body: remoteToken(wrong) }, { method: 'PATCH', body: wrong }, { method: 'GET' }])
      for (const uid of ['CAFE01', 'CAFE02']) {
        const body = 'body' in ask ? { ...ask.body, ...(ask.method === 'PUT' && { uid }) } : undefined;
        const answer = await other.send({ method: ask.method, url: it.emsp.tokens.urlOf(uid), ...(body && { body }) });
        expect([ask.method, uid, codeOf(answer)]).toEqual([ask.method, uid, '404 2000']);
      }
    expect(await heldBy(it.emsp)).toEqual(remoteToken());
    expect((await it.emsp.tokens.readBack('CAFE02')).http).toBe(404);
  });

  test('SEC-16: an SCSP may send no tokens, also not under its own party', async () => {
    await using it = await openReceiver(store);
    const scsp = await it.world.emsp({ role: 'SCSP' });
    const base = it.emsp.tokens.urlOf('CAFE01').replace('/NL/MSP/', '/NL/SCS/');
    expect(codeOf(await scsp.send({ method: 'PUT', url: base, body: remoteToken({ party_id: 'SCS' }) }))).toBe('404 2000');
    expect(await presentCard(await it.world.station('CP-201'))).toBe(false);
  });

  test('TRN-36: a body that differs from its URL is 2001, and the answer does not repeat the uid', async () => {
    await using it = await openReceiver(store);
    for (const wrong of [{ country_code: 'DE' }, { party_id: 'XYZ' }, { uid: 'BEEF01' }, { type: 'OTHER' }]) {
      const answer = await it.emsp.send({ method: 'PUT', url: it.emsp.tokens.urlOf('CAFE01', 'RFID'), body: remoteToken(wrong) });
      expect([codeOf(answer), statusMessageOf(answer)]).toEqual(['200 2001', expect.not.stringMatching(/CAFE01|BEEF01/)]);
    }
    expect((await it.emsp.tokens.readBack('CAFE01')).http).toBe(404);
  });

  test('an older update changes nothing; after an update out of order the tokens are pulled', async () => {
    await using it = await openReceiver(store);
    const { tokens } = it.emsp;
    await tokens.put(remoteToken({ valid: false, last_updated: moment(60) }));
    expect(codeOf(await it.emsp.send({ method: 'PUT', url: tokens.urlOf('CAFE01'), body: remoteToken() }))).toBe('200 1000');
    expect(codeOf(await tokens.patch('CAFE01', { valid: true, last_updated: moment(30) }))).toBe('200 1000');
    expect(await heldBy(it.emsp)).toEqual(remoteToken({ valid: false, last_updated: moment(60) }));
    tokens.list.splice(0, 1, remoteToken({ language: 'nl', last_updated: moment(90) }));
    await it.clock.advance(30_000);
    await it.world.firstStep('token-received', ({ by }) => by === 'pull');
    expect(await heldBy(it.emsp)).toEqual(remoteToken({ language: 'nl', last_updated: moment(90) }));
  });

  test('G-13: a PATCH of an unknown token is 404, and starts a pull', async () => {
    await using it = await openReceiver(store);
    it.emsp.tokens.list.push(remoteToken());
    expect(codeOf(await it.emsp.tokens.patch('CAFE01', { valid: false, last_updated: moment(60) }))).toBe('404 2000');
    await it.clock.advance(30_000);
    await it.world.firstStep('token-received', ({ by }) => by === 'pull');
    expect(await heldBy(it.emsp)).toEqual(remoteToken());
  });

  test('concurrent changes are all stored', async () => {
    await using it = await openReceiver(store);
    await it.emsp.tokens.put(remoteToken());
    const changes = [{ group_id: 'G1' }, { visual_number: 'V1' }, { language: 'nl' }, { contract_id: 'C9' }];
    await Promise.all(changes.map((change) => it.emsp.tokens.patch('CAFE01', { ...change, last_updated: moment(60) })));
    expect(await heldBy(it.emsp)).toEqual(Object.assign(remoteToken({ last_updated: moment(60) }), ...changes));
  });

  test('the operator’s own list takes precedence over every eMSP', async () => {
    await using it = await openReceiver(store);
    await it.emsp.tokens.put(remoteToken({ uid: 'C0FFEE', contract_id: 'STOLEN' }));
    const owner = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    expect(await presentCard(await it.world.station('CP-201'), 'C0FFEE')).toBe(true);
    expect(await owner.session(({ status }) => status === 'ACTIVE')).toMatchObject({ cdr_token: { party_id: 'TNM', contract_id: 'NL-TNM-C0001' } });
    expect(it.emsp.sessions.size).toBe(0);
  });

  test('TOK-02: a PATCH without last_updated is taken with the time of its receipt; of a strict peer it is 2001', async () => {
    await using it = await openReceiver(store, { strict_peers: ['NL*TNM'] });
    await it.emsp.tokens.put(remoteToken());
    const received = new Date(it.clock.now()).toISOString();
    expect(codeOf(await it.emsp.tokens.patch('CAFE01', { language: 'nl' }))).toBe('200 1000');
    expect(await heldBy(it.emsp)).toEqual(remoteToken({ language: 'nl', last_updated: received }));
    const strict = await it.world.emsp({ tokens: [], party: { country_code: 'NL', party_id: 'TNM' } });
    await strict.tokens.put(remoteToken({ party_id: 'TNM', uid: 'CAFE09' }));
    expect(codeOf(await strict.tokens.patch('CAFE09', { language: 'nl' }))).toBe('200 2001');
  });

  test('CRE-16: the tokens of an eMSP that unregistered are deleted', async () => {
    await using it = await openReceiver(store);
    await it.emsp.tokens.put(remoteToken());
    const station = await it.world.station('CP-201');
    await it.emsp.unregister();
    expect(await presentCard(station)).toBe(false);
  });

  test('the token type EMAID exists in OCPI 2.3.0 only: a strict peer may not send it in 2.2.1, of others it is read as OTHER', async () => {
    await using it = await openReceiver(store, { strict_peers: ['NL*STR'] });
    const strict = await it.world.emsp({ tokens: [], party: { country_code: 'NL', party_id: 'STR' } });
    const newer = await it.world.emsp({ edition: '2.3.0', tokens: [], party: { country_code: 'NL', party_id: 'TNM' } });
    await newer.waitForRequest(pull);
    const car = (party_id: string) => remoteToken({ type: 'EMAID', party_id });
    expect(codeOf(await strict.tokens.put(car('STR')))).toBe('200 2001');
    expect(codeOf(await it.emsp.tokens.put({ ...car('MSP'), uid: 'CAFE02' }))).toBe('201 1000');
    expect(await heldBy(it.emsp, 'CAFE02', 'EMAID')).toMatchObject({ type: 'OTHER' });
    expect(codeOf(await newer.tokens.put(car('TNM')))).toBe('201 1000');
    expect(await heldBy(newer, 'CAFE01', 'EMAID')).toEqual(car('TNM'));
  });

  test('SEC-18, TYP-14: hostile tokens of a strict peer are refused, and the node goes on', async () => {
    await using it = await openReceiver(store, { strict_peers: ['NL*MSP'] });
    const { tokens } = it.emsp;
    const hostile: [object | string, string][] = [
      [{ uid: "'; DROP TABLE token; --" }, '200 2001'],
      [{ whitelist: 'ALWAYS ' }, '200 2001'],
      [{ valid: 1 }, '200 2001'],
      [{ contract_id: 'C\u0000' }, '200 2001'],
      [{ issuer: 'x'.repeat(65) }, '200 2001'],
      [{ last_updated: '2026-02-31T00:00:00Z' }, '200 2001'],
      ['[]', '200 2001'],
      ['null', '200 2001'],
      ['{"__proto__":{"valid":true}}', '400 2001'],
      ['{', '400 2000'],
      ['', '400 2000'],
    ];
    for (const [wrong, code] of hostile) {
      const body = typeof wrong === 'string' ? wrong : remoteToken({ ...wrong });
      expect([wrong, codeOf(await it.emsp.send({ method: 'PUT', url: tokens.urlOf('CAFE01'), body }))]).toEqual([wrong, code]);
    }
    for (const path of ['%00', 'x'.repeat(37), 'CAFE01?type=', 'CAFE01?type=EMAID', 'CAFE01?type=RFID&type=OTHER']) {
      const answer = await it.emsp.send({ method: 'GET', url: tokens.urlOf('CAFE01').replace('CAFE01', path) });
      expect([path, codeOf(answer), statusMessageOf(answer)]).toEqual([path, '200 2001', expect.not.stringContaining('xxxx')]);
    }
    expect(codeOf(await it.emsp.send({ method: 'GET', url: tokens.urlOf('CAFE01').replace('CAFE01', '%E0%A4%A') }))).toBe('400 2000');
    const strange = remoteToken({ uid: 'a/b?c%20#' });
    expect(codeOf(await tokens.put(strange))).toBe('201 1000');
    expect(await heldBy(it.emsp, strange.uid)).toEqual(strange);
  });
});

test('a node that is an eMSP itself accepts no tokens of its own party', async () => {
  const parties: Config['parties'] = [
    { role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'CPO' },
    { role: 'EMSP', country_code: 'NL', party_id: 'MSP', name: 'eMSP' },
  ];
  await using world = await openWorld({ config: { parties } });
  const emsp = await world.emsp({ tokens: [] });
  expect(codeOf(await emsp.tokens.put(remoteToken()))).toBe('404 2000');
  expect(await presentCard(await world.station('CP-201'))).toBe(false);
});

test('R-10: a token that two eMSPs send stays with the first, and the log names both parties and not the token', async () => {
  await using platform = await openPlatform();
  const clock = realClock();
  for (const party_id of ['AAA', 'BBB']) {
    await using emsp = await openEmsp({ clock, party: { country_code: 'NL', party_id } });
    expect(codeOf(await emsp.register(await inviteAt(platform, party_id)))).toBe('200 1000');
    expect(codeOf(await emsp.tokens.put(remoteToken({ party_id })))).toBe('201 1000');
    const key = await platform.node().reserve({ evseUid: 'E1', tokenUid: 'cafe01' });
    expect(key).toBeDefined();
    if (key) await platform.node().endReservation(key);
  }
  expect(platform.steps.filter((it) => it.step === 'security')).toMatchObject([{ kind: 'token-claimed', party: 'NL*BBB' }]);
  expect(JSON.stringify(platform.log)).not.toMatch(/CAFE01|NL-MSP-C7/i);
});
