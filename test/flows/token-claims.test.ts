import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import { type EmspOptions, openEmsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { runCommand, startCommand } from '../command.ts';
import { moment } from '../emsp-world.ts';
import { writeNodeFile } from '../node-file.ts';
import { apiClient } from '../operator-api.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { openWorld, type StoreKind, stores, type World } from '../world.ts';
import { codeOf } from './platform.fixture.ts';
import { cdrTokenOfCard, openEmspAt, presentCard, remoteToken } from './tokens.fixture.ts';

const other = { country_code: 'NL', party_id: 'TNM' };
const claimed = remoteToken({ ...other, contract_id: 'NL-TNM-C1' });
const cdrTokenOfClaim = { ...cdrTokenOfCard, ...other, contract_id: 'NL-TNM-C1' };

/** A CPO node, the eMSP NL*MSP that has sent a card, and a second eMSP that may claim it. */
async function openTwoEmsps(store: StoreKind, second: Partial<EmspOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ store, clock }));
  const first = await openEmspAt(world);
  expect(codeOf(await first.tokens.put(remoteToken()))).toBe('201 1000');
  const claimant = await openEmspAt(world, { party: other, ...second });
  const kept = stack.move();
  return { world, first, claimant, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const isActive = ({ status }: { status?: unknown }) => status === 'ACTIVE';
const eventsOf = (world: World) => world.steps.filter((it) => it.step === 'security' && it.kind === 'token-claimed');
async function adminOf(world: World) {
  const { key } = await world.node().keys.add({ name: 'a test', scope: 'admin' });
  return apiClient(world.node().publicUrl, key);
}

describe.each(stores)('a token that two eMSPs send (%s)', (store) => {
  test('R-10: the first keeps it; the second gets the answer that a free token gets, and changes nothing', async () => {
    await using it = await openTwoEmsps(store);
    expect(codeOf(await it.claimant.tokens.put(claimed))).toBe('201 1000');
    expect(codeOf(await it.claimant.tokens.put({ ...claimed, valid: false, last_updated: moment(60) }))).toBe('200 1000');
    expect(codeOf(await it.claimant.tokens.patch('CAFE01', { valid: true, last_updated: moment(120) }))).toBe('200 1000');
    expect(codeOf(await it.claimant.tokens.put({ ...claimed, type: 'APP_USER' }))).toBe('201 1000');
    expect((await it.claimant.tokens.readBack('CAFE01')).data).toEqual({ ...claimed, last_updated: moment(120) });
    expect((await it.first.tokens.readBack('CAFE01')).data).toEqual(remoteToken());

    expect(await presentCard(await it.world.station('CP-16'))).toBe(true);
    expect(await it.first.session(isActive)).toMatchObject({ cdr_token: cdrTokenOfCard });
    await it.world.restart();
    expect(await presentCard(await it.world.station('CP-201'))).toBe(true);
    expect(await it.first.session(({ evse_uid, status }) => evse_uid === 'CP-201-1' && status === 'ACTIVE')).toMatchObject({ cdr_token: cdrTokenOfCard });
    expect(it.claimant.sessions.size).toBe(0);
  });

  test('R-10: the first keeps it when the second is pulled, and when the first makes it invalid', async () => {
    await using it = await openTwoEmsps(store, { tokens: [claimed] });
    await it.world.firstStep('token-received', ({ by }) => by === 'pull');
    const station = await it.world.station('CP-201');
    expect(await presentCard(station)).toBe(true);
    expect(await it.first.session(isActive)).toMatchObject({ cdr_token: cdrTokenOfCard });
    await station.unplug(1);
    await it.first.tokens.patch('CAFE01', { valid: false, last_updated: moment(60) });
    expect(await presentCard(station)).toBe(false);
    expect(it.claimant.sessions.size).toBe(0);
  });

  test('R-10: of two that send it at the same time exactly one keeps it', async () => {
    await using it = await openTwoEmsps(store);
    const same = (more: object) => remoteToken({ uid: 'BEEF01', ...more });
    await Promise.all([it.first.tokens.put(same({})), it.claimant.tokens.put(same({ party_id: 'TNM' }))]);
    const { items } = (await (await adminOf(it.world)).request('GET tokens/claims')).body;
    expect(items).toHaveLength(1);
    expect(await presentCard(await it.world.station('CP-201'), 'BEEF01')).toBe(true);
  });

  test('R-10: the claim is a security event and shown without the uid; the operator can approve it, and approve the other way round again', async () => {
    await using it = await openTwoEmsps(store);
    await it.claimant.tokens.put(claimed);
    await it.claimant.tokens.put({ ...claimed, last_updated: moment(60) });
    const admin = await adminOf(it.world);
    const { items } = (await admin.request('GET tokens/claims')).body;
    expect(items).toEqual([{ id: expect.any(Number), party: 'NL*TNM', uid: '****E01', type: 'RFID', valid: true, owner: 'NL*MSP' }]);
    const [claim] = Array.isArray(items) ? items : [];
    expect(eventsOf(it.world)).toMatchObject([
      { peer: 'NL*TNM', party: 'NL*TNM', says: `NL*TNM sent a token that another party sent first: held until evenkeel tokens approve --claim ${claim.id}` },
    ]);
    expect(await (await fetch(`${it.world.node().publicUrl}/metrics`)).text()).toContain('evenkeel_security_events_total{kind="token-claimed"} 1');

    const refused = async (id: string) => (await admin.request(`POST tokens/claims/${id}/approve`)).status;
    expect([await refused('x'), await refused('0'), await refused(String(claim.id + 1))]).toEqual([404, 404, 409]);
    const station = await it.world.station('CP-201');
    expect((await admin.request(`POST tokens/claims/${claim.id}/approve`)).body).toMatchObject({ id: claim.id, party: 'NL*TNM' });
    expect(await presentCard(station)).toBe(true);
    expect(await it.claimant.session(isActive)).toMatchObject({ cdr_token: cdrTokenOfClaim });
    expect(it.first.sessions.size).toBe(0);

    const held = (await admin.request('GET tokens/claims')).body.items;
    expect(held).toMatchObject([{ party: 'NL*MSP', owner: 'NL*TNM' }]);
    await admin.request(`POST tokens/claims/${Array.isArray(held) ? held[0].id : ''}/approve`);
    expect(await presentCard(await it.world.station('CP-16'))).toBe(true);
    expect(await it.first.session(isActive)).toMatchObject({ cdr_token: cdrTokenOfCard });
  });

  test('R-10: doctor counts the claims of a party; tokens claims lists them, tokens approve accepts one', { timeout: 60_000 }, async () => {
    await using file = await writeNodeFile(store === 'postgres' ? await freshPostgres() : undefined);
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    for (const party_id of ['MSP', 'TNM']) {
      const role = ['--role', 'EMSP', '--country-code', 'NL', '--party-id', party_id];
      const invited = await runCommand('invite', '--json', '--config', file.path, ...role);
      await using emsp = await openEmsp({ clock: realClock(), party: { country_code: 'NL', party_id }, tokens: [] });
      await emsp.register(JSON.parse(invited.stdout));
      expect(codeOf(await emsp.tokens.put(remoteToken({ party_id })))).toMatch(/^20[01] 1000$/); // 200: a pull brought it before
    }
    const { stdout } = await runCommand('doctor', '--config', file.path);
    expect(stdout).toContain('! claims: NL*TNM claims 1 token that another party sent first, which are held: run evenkeel tokens claims');
    const claim = JSON.parse((await runCommand('tokens', 'claims', '--json', '--config', file.path)).stdout);
    expect(claim).toEqual({ id: expect.any(Number), party: 'NL*TNM', uid: '****E01', type: 'RFID', valid: true, owner: 'NL*MSP' });
    const approved = await runCommand('tokens', 'approve', '--json', '--config', file.path, '--claim', String(claim.id));
    expect([approved.code, JSON.parse(approved.stdout)]).toEqual([0, claim]);
    const again = await runCommand('tokens', 'approve', '--json', '--config', file.path, '--claim', String(claim.id));
    expect([again.code, again.stderr]).toEqual([1, `evenkeel: no token claim ${claim.id}: evenkeel tokens claims shows all\n`]);
    expect((await runCommand('tokens', 'claims', '--json', '--config', file.path)).stdout).toContain('"party":"NL*MSP"');
  });
});
