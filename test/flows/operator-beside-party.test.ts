import { describe, expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { type ApiClient, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitsIn = (message: unknown) => [...JSON.stringify(message ?? null).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const installedAt = ({ station }: Steered) => station.installed().flatMap(({ schedule }) => schedule.periods.map(({ limit }) => limit));

/** A session that its eMSP limits to 16 A, and the operator's client. */
async function steeredByParty(it: Steered): Promise<ApiClient> {
  expect(await it.until((await it.emsp.set(it.session, upTo(16))).later)).toEqual({ result: 'ACCEPTED' });
  await it.until(it.emsp.nextPush(it.session));
  await it.clock.advance(11_000);
  return openApiClient(it.world.node());
}
/** Sets a limit with a query such as `mode=replace`. */
const set = (it: Steered, api: ApiClient, { limit, query = '' }: { limit: number; query?: string }) =>
  it.until(api.request(`PUT sessions/${it.session}/charging-profile?wait=60&${query}`, { limit, unit: 'A' }));
const combinationOf = async (it: Steered, api: ApiClient) => (await api.request(`GET sessions/${it.session}`)).body.combination;

describe.each(stores)('a set of the operator on a session that a party steers (%s)', (store) => {
  test('CON-X06: is refused until it says what becomes of the profile of the party; replace drops it, and the party is told', async () => {
    await using it = await openSteered(store);
    const api = await steeredByParty(it);
    expect(await combinationOf(it, api)).toEqual({ rule: 'one', says: 'the profile of NL*MSP applies alone', replaces: ['NL*MSP'] });
    const undecided = await set(it, api, { limit: 16 });
    expect([undecided.status, undecided.body]).toMatchObject([409, { error: { code: 'MODE_NEEDED', field: 'mode', allowed: 'replace, lower-only' } }]);
    const command = await it.until(runCommand('set', it.session, '--limit', '16A', '--url', it.world.node().publicUrl, '--key', api.key));
    expect([command.code, command.stderr]).toEqual([
      1,
      expect.stringMatching(/^evenkeel: NL\*MSP has a profile on this session: .*: give --mode replace or --mode lower-only\n$/),
    ]);
    expect(String(Object(undecided.body.error).message)).toContain('NL*MSP');
    const told = it.emsp.nextPush(it.session);
    expect((await set(it, api, { limit: 16, query: 'mode=replace' })).body).toMatchObject({ outcome: 'ACCEPTED' });
    // The limit is the same, and still the party is told.
    expect(limitsIn(await it.until(told))).toEqual([16]);
    expect(await combinationOf(it, api)).toEqual({ rule: 'one', says: expect.stringContaining('other parties are refused'), replaces: [] });
    expect((await it.emsp.set(it.session, upTo(10))).result).toBe('REJECTED');
    await it.clock.advance(11_000);
    const toldAgain = it.emsp.nextPush(it.session);
    expect((await set(it, api, { limit: 20 })).body).toMatchObject({ outcome: 'ACCEPTED' });
    expect(limitsIn(await it.until(toldAgain))).toEqual([20]);
  });

  test('CON-X06: lower-only keeps the profile of the party, which may go on; the lowest limit applies until the operator clears its own', async () => {
    await using it = await openSteered(store);
    const api = await steeredByParty(it);
    expect((await set(it, api, { limit: 20, query: 'mode=lower-only' })).body).toMatchObject({ outcome: 'ACCEPTED' });
    expect(installedAt(it)).toEqual([16]);
    await it.clock.advance(11_000);
    const told = it.emsp.nextPush(it.session);
    expect((await set(it, api, { limit: 10, query: 'mode=lower-only' })).body).toMatchObject({ outcome: 'ACCEPTED' });
    expect(installedAt(it)).toEqual([10]);
    expect(limitsIn(await it.until(told))).toEqual([10]);
    expect(await combinationOf(it, api)).toEqual({ rule: 'lowest', says: expect.stringContaining('NL*MSP and the operator'), replaces: ['NL*MSP'] });
    await it.clock.advance(11_000);
    expect(await it.until((await it.emsp.set(it.session, upTo(8))).later)).toEqual({ result: 'ACCEPTED' });
    expect(installedAt(it)).toEqual([8]);
    expect(await it.until((await it.emsp.set(it.session, upTo(13))).later)).toEqual({ result: 'ACCEPTED' });
    expect(installedAt(it)).toEqual([10]);
    await it.clock.advance(11_000);
    const cleared = await it.until(api.request(`DELETE sessions/${it.session}/charging-profile?wait=60&profiles=own`));
    expect(cleared.body).toMatchObject({ outcome: 'ACCEPTED' });
    expect(installedAt(it)).toEqual([13]);
    expect(await combinationOf(it, api)).toMatchObject({ rule: 'one', replaces: ['NL*MSP'] });
  });

  test('CON-X06: the operator alone stays when the party clears its profile, or is halted', async () => {
    await using it = await openSteered(store);
    const api = await steeredByParty(it);
    await set(it, api, { limit: 10, query: 'mode=lower-only' });
    await it.clock.advance(11_000);
    const restored = it.station.next('SetChargingProfile');
    await api.request('POST parties/NL*MSP/halt');
    await it.until(restored);
    await it.clock.advance(11_000);
    expect(installedAt(it)).toEqual([10]);
    expect(await combinationOf(it, api)).toMatchObject({ rule: 'one', replaces: [] });
  });
});
