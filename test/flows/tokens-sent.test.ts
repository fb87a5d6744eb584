import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { type Fields, fieldsOf, listOf } from '../../sim/partner/wire.ts';
import { type Cpo, type CpoOptions, openCpo, openEmsp, openHub } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { problemWith } from '../../src/ocpi/problem.ts';
import { AuthorizationInfo, Token } from '../../src/ocpi/tokens/token.ts';
import { locationUrl, moment, remoteEvse, remoteLocation } from '../emsp-world.ts';
import { type StoreKind, stores } from '../world.ts';
import { codeOf, inviteAt, openPlatform, type Platform } from './platform.fixture.ts';

type Entry = Config['tokens'][number];
const entry = (uid: string, more: Partial<Entry> = {}): Entry => ({
  uid,
  type: 'RFID',
  country_code: 'NL',
  party_id: 'MSP',
  contract_id: `NL-MSP-${uid}`,
  valid: true,
  whitelist: 'ALWAYS',
  ...more,
});
/** The same card as CPOs see it. */
const told = (uid: string, at: number, more: object = {}) => ({ ...entry(uid), issuer: 'MSP', last_updated: moment(at), ...more });

/** An eMSP node with a list of tokens, at nine o'clock of a clock that stands still. */
async function openSender(store: StoreKind, tokens: Entry[]) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.parse(moment(0))));
  const emsp = stack.use(await openPlatform({ store, role: 'EMSP', clock, config: { tokens } }));
  const kept = stack.move();
  return {
    emsp,
    clock,
    /** A foreign CPO, registered at the node. */
    cpo: async (options: Partial<CpoOptions> = {}): Promise<Cpo> => {
      const cpo = kept.use(await openCpo({ clock, ...options }));
      expect(codeOf(await cpo.register(await inviteAt(emsp, cpo.role.party_id, 'CPO')))).toBe('200 1000');
      return cpo;
    },
    add: (cpo: Cpo) => kept.use(cpo),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
const pushes = (cpo: Cpo) =>
  cpo.requests
    .filter(({ module }) => module === 'tokens')
    .map(({ method, url, body }) => [method, new URL(url).pathname.split('/').at(-1), JSON.parse(body || 'null')] as const);
/** Resolves when so many messages about tokens have reached peers or failed to. */
const toldOf = (emsp: Platform, count: number) =>
  emsp.firstStep('token-pushed', () => emsp.steps.filter(({ step }) => step === 'token-pushed').length >= count);
const listed = async (cpo: Cpo) => listOf((await cpo.tokens.pull()).data);

describe.each(stores)('what an eMSP node tells of its tokens (%s)', (store) => {
  test('F-43: each connected CPO behind a hub gets them, and one that was away when it is back', async () => {
    await using it = await openSender(store, [entry('A1')]);
    await using hub = await openHub({ clock: it.clock, tokens: true });
    const cpos: Cpo[] = [];
    for (const party_id of ['CP1', 'CP2', 'CP3']) {
      const cpo = it.add(await openCpo({ clock: it.clock, tokens: true, party: { country_code: 'NL', party_id } }));
      await hub.connect(cpo, party_id === 'CP3' ? 'OFFLINE' : 'CONNECTED');
      cpos.push(cpo);
    }
    const invitation = await inviteAt(it.emsp, 'HUB', 'HUB');
    expect(codeOf(await hub.register(invitation))).toBe('200 1000');
    const received = () => cpos.map((cpo) => pushes(cpo).map(([method, uid]) => `${method} ${uid}`));
    await toldOf(it.emsp, 2);
    expect(received()).toEqual([['PUT A1'], ['PUT A1'], []]);
    await hub.announce({ role: 'CPO', country_code: 'NL', party_id: 'CP3', business_details: { name: 'back' } }, 'CONNECTED');
    await toldOf(it.emsp, 3);
    expect(received()).toEqual([['PUT A1'], ['PUT A1'], ['PUT A1']]);
  });

  test('TRN-17, TRN-25: its own tokens are listed in pages, and by time', async () => {
    const mine = ['A1', 'A2', 'A3', 'A4', 'A5'];
    await using it = await openSender(store, [...mine.map((uid) => entry(uid)), entry('B1', { party_id: 'TNM' }), entry('C1', { type: 'EMAID' })]);
    const cpo = await it.cpo();
    const seen: Fields[] = [];
    let page = await cpo.tokens.pull({ limit: '2' });
    for (;;) {
      expect([codeOf(page), page.headers.get('x-total-count')]).toEqual(['200 1000', '5']);
      seen.push(...listOf(page.data));
      const next = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1];
      if (next === undefined) break;
      page = await cpo.send({ method: 'GET', url: next });
    }
    expect(seen).toEqual(mine.map((uid) => told(uid, 0)));
    for (const token of seen) expect(problemWith(Token['2.2.1'], token)).toBeUndefined();
    expect(listOf((await cpo.tokens.pull({ date_to: moment(0) })).data)).toEqual([]);
    expect(listOf((await cpo.tokens.pull({ date_from: moment(0), limit: '1', offset: '4' })).data)).toEqual([told('A5', 0)]);
    expect(codeOf(await cpo.tokens.pull({ limit: '0' }))).toBe('200 2001');
  });

  test('last_updated of a token moves only when its entry changes; a token that is no longer in the list is invalid', async () => {
    await using it = await openSender(store, [entry('A1'), entry('A2'), entry('A3')]);
    const cpo = await it.cpo();
    await it.clock.advance(60_000);
    await it.emsp.restart();
    expect(await listed(cpo)).toEqual([told('A1', 0), told('A2', 0), told('A3', 0)]);
    await it.emsp.restart({ tokens: [entry('A3'), entry('A1', { visual_number: 'V1', issuer: 'Cards' })] });
    const after = [told('A1', 60, { visual_number: 'V1', issuer: 'Cards' }), told('A2', 60, { valid: false }), told('A3', 0)];
    expect(await listed(cpo)).toEqual(after);
    await it.clock.advance(60_000);
    await it.emsp.restart();
    expect(await listed(cpo)).toEqual(after);
  });

  test('TOK-05, TOK-07: a real-time authorization is ALLOWED, with the location and EVSEs that were named, or BLOCKED, or 404 with 2004 for a token that is not its own', async () => {
    await using it = await openSender(store, [entry('A1'), entry('A2', { valid: false }), entry('A3', { type: 'APP_USER' }), entry('B1', { party_id: 'TNM' })]);
    const cpo = await it.cpo();
    const location = { location_id: 'LOC1', evse_uids: ['E1'] };
    const yes = await cpo.tokens.authorize('a1', { location });
    expect([codeOf(yes), yes.data]).toEqual(['200 1000', { allowed: 'ALLOWED', token: told('A1', 0), location }]);
    expect(problemWith(AuthorizationInfo['2.2.1'], yes.data)).toBeUndefined();
    expect((await cpo.tokens.authorize('A1')).data).toEqual({ allowed: 'ALLOWED', token: told('A1', 0) });
    expect((await cpo.tokens.authorize('A2', { type: 'RFID' })).data).toEqual({ allowed: 'BLOCKED', token: told('A2', 0, { valid: false }) });
    expect(fieldsOf((await cpo.tokens.authorize('A3', { type: 'APP_USER' })).data).allowed).toBe('ALLOWED');
    for (const [uid, type] of [['A3'], ['B1'], ['ZZ'], ['A1', 'OTHER']] as const) {
      const no = await cpo.tokens.authorize(uid, type === undefined ? {} : { type });
      expect([uid, codeOf(no), 'data' in no.envelope]).toEqual([uid, '404 2004', false]);
    }
  });

  test('TOK-06, TOK-07: a token that may charge at some places only: 2002 without a location, ALLOWED there, NOT_ALLOWED elsewhere, and its places stand in no token', async () => {
    await using it = await openSender(store, [entry('A1', { only_at: [{ location_id: 'LOC1', evse_uids: ['E1'] }] })]);
    const cpo = await it.cpo();
    const none = await cpo.tokens.authorize('A1');
    expect([codeOf(none), 'data' in none.envelope]).toEqual(['200 2002', false]);
    const [there, elsewhere] = [
      await cpo.tokens.authorize('A1', { location: { location_id: 'LOC1' } }),
      await cpo.tokens.authorize('A1', { location: { location_id: 'LOC2' } }),
    ];
    expect(there.data).toEqual({ allowed: 'ALLOWED', token: told('A1', 0), location: { location_id: 'LOC1', evse_uids: ['E1'] } });
    expect(elsewhere.data).toEqual({ allowed: 'NOT_ALLOWED', token: told('A1', 0) });
  });

  test('TOK-04: a closed location with an EVSE that is charging is still ALLOWED', async () => {
    await using it = await openSender(store, [entry('A1')]);
    const cpo = await it.cpo();
    const closed = { opening_times: { twentyfourseven: false, exceptional_closings: [{ period_begin: moment(-3_600), period_end: moment(3_600) }] } };
    const body = remoteLocation('LOC1', { ...closed, evses: [remoteEvse('E1', { status: 'CHARGING' })] });
    expect(codeOf(await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body }))).toBe('201 1000');
    const answer = await cpo.tokens.authorize('A1', { location: { location_id: 'LOC1', evse_uids: ['E1'] } });
    expect(fieldsOf(answer.data).allowed).toBe('ALLOWED');
  });

  test('TRN-36, SEC-18: an invalid request for an authorization is refused, and the answer names no token', async () => {
    await using it = await openSender(store, [entry('A1')]);
    const cpo = await it.cpo();
    expect(codeOf(await cpo.tokens.authorize('A1', { location: {} }))).toBe('200 2001');
    expect(codeOf(await cpo.tokens.authorize('A1', { location: { location_id: 'x'.repeat(37) } }))).toBe('200 2001');
    expect(codeOf(await cpo.tokens.authorize('A1', { type: 'PIGEON' }))).toBe('404 2004'); // read as OTHER, which this token is not
    const long = await cpo.tokens.authorize('DRIVER'.repeat(7));
    expect([codeOf(long), long.text]).toEqual(['200 2001', expect.not.stringContaining('DRIVER')]);
  });

  test('TOK-01, TOK-02, TRN-31, TRN-32: it PUTs its tokens to CPOs with a receiver, under its own party, and later PATCHes the changed fields with last_updated', async () => {
    await using it = await openSender(store, [entry('A1'), entry('A2', { group_id: 'G1' }), entry('A3')]);
    const cpo = await it.cpo({ tokens: true });
    const silent = await it.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await toldOf(it.emsp, 3);
    expect(pushes(cpo)).toEqual([
      ['PUT', 'A1', told('A1', 0)],
      ['PUT', 'A2', told('A2', 0, { group_id: 'G1' })],
      ['PUT', 'A3', told('A3', 0)],
    ]);
    await it.clock.advance(60_000);
    await it.emsp.restart({ tokens: [entry('A1', { valid: false }), entry('A2'), entry('A3'), entry('A4')] });
    await toldOf(it.emsp, 6);
    expect(pushes(cpo).slice(3)).toEqual([
      ['PATCH', 'A1', { valid: false, last_updated: moment(60) }],
      ['PUT', 'A2', told('A2', 60)],
      ['PUT', 'A4', told('A4', 60)],
    ]);
    expect(cpo.requests.filter(({ module }) => module === 'tokens').every(({ url }) => url.includes('/NL/MSP/') && url.endsWith('?type=RFID'))).toBe(true);
    await it.emsp.restart();
    await it.clock.advance(120_000);
    expect([pushes(cpo).length, pushes(silent).length]).toEqual([6, 0]);
    expect(JSON.stringify(it.emsp.log)).not.toMatch(/NL-MSP-A\d/);
  });

  test('TRN-33: a CPO that has lost a token gets it by PUT', async () => {
    await using it = await openSender(store, [entry('A1')]);
    const cpo = await it.cpo({ tokens: true });
    await toldOf(it.emsp, 1);
    cpo.tokens.held.clear();
    await it.clock.advance(1_000);
    await it.emsp.restart({ tokens: [entry('A1', { language: 'nl' })] });
    await toldOf(it.emsp, 2);
    expect(pushes(cpo).map(([method]) => method)).toEqual(['PUT', 'PATCH', 'PUT']);
    expect(cpo.tokens.held.get('A1')).toEqual(told('A1', 1, { language: 'nl' }));
  });

  test('TRN-33: after a failed push the current value is sent later; a refused token holds up no other', async () => {
    await using it = await openSender(store, [entry('A1'), entry('A2')]);
    const cpo = await it.cpo({
      tokens: true,
      faults: {
        tokens: [
          { is: 'answer', http: 500 },
          { is: 'ocpi', code: 2001 },
        ],
      },
    });
    await toldOf(it.emsp, 1);
    await it.emsp.restart({ tokens: [entry('A1', { valid: false }), entry('A2')] });
    await toldOf(it.emsp, 3);
    expect(pushes(cpo).map(([, uid]) => uid)).toEqual(['A1', 'A1', 'A2']);
    await it.clock.advance(60_000);
    await toldOf(it.emsp, 4);
    expect(pushes(cpo)[3]).toEqual(['PUT', 'A1', told('A1', 0, { valid: false, last_updated: '2026-01-31T09:00:00.001Z' })]);
  });

  test('SEC-16: an SCSP can list and authorize no token, and none is sent to it', async () => {
    await using it = await openSender(store, [entry('A1')]);
    await using bystander = await openCpo({ clock: it.clock });
    const url = bystander.versionsUrl.replace('/versions', '/cpo/2.2.1/tokens');
    await using scsp = await openEmsp({ clock: it.clock, role: 'SCSP', extraEndpoints: [{ identifier: 'tokens', role: 'RECEIVER', url }] });
    expect(codeOf(await scsp.register(await inviteAt(it.emsp, 'SCS', 'SCSP')))).toBe('200 1000');
    const base = scsp.peer().endpoints.find(({ identifier }) => identifier === 'tokens')?.url ?? '';
    const list = await scsp.send({ method: 'GET', url: base });
    expect([codeOf(list), list.data, list.headers.get('x-total-count')]).toEqual(['200 1000', [], '0']);
    expect(codeOf(await scsp.send({ method: 'POST', url: `${base}/A1/authorize` }))).toBe('404 2004');
    const cpo = await it.cpo({ tokens: true });
    await toldOf(it.emsp, 1);
    await it.clock.advance(60_000);
    expect([pushes(cpo).length, bystander.requests]).toEqual([1, []]);
  });
});

test.each(stores)('in OCPI 2.3.0 a token that one node sends to another decides who owns the next session there (%s)', async (store) => {
  await using emsp = await openPlatform({ store, role: 'EMSP', config: { tokens: [entry('CAFE01', { whitelist: 'NEVER' })] } });
  await using cpo = await openPlatform({ store, role: 'CPO' });
  const { token, versions_url } = await inviteAt(emsp, 'EVK', 'CPO');
  expect(await cpo.node().registration.register(versions_url, token)).toMatchObject({ ok: true, value: { edition: '2.3.0' } });
  expect(await cpo.firstStep('token-received')).toMatchObject({ party: 'NL*MSP', valid: true, whitelist: 'NEVER' });
  const key = await cpo.node().reserve({ evseUid: 'E1', tokenUid: 'cafe01' });
  expect(await emsp.firstStep('session-received', ({ session }) => session === key)).toMatchObject({ by: 'PUT' });
});
