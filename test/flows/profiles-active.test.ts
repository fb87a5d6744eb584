import { describe, expect, test } from 'vitest';
import { fieldsOf } from '../../sim/partner/wire.ts';
import { amperes, seconds } from '../../src/domain/units.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitOf = (pushed: unknown) => JSON.stringify(pushed).match(/"limit":([\d.]+)/)?.[1];
/** A set that the charge point takes, and the first push that follows from it. */
async function entitle(it: Steered, limit = 16): Promise<unknown> {
  expect(await (await it.emsp.set(it.session, upTo(limit))).later).toEqual({ result: 'ACCEPTED' });
  const pushed = await it.until(it.emsp.nextPush(it.session));
  await it.clock.advance(11_000);
  return pushed;
}
/** Another session of the same house gets its push: those of this one would have come before it. */
async function otherPush(it: Steered): Promise<void> {
  const station = await it.world.station('CP-21');
  const other = await it.world.charging(it.emsp, station);
  await (await it.emsp.set(other, upTo(9))).later;
  await it.until(it.emsp.nextPush(other));
}
const pushedFor = ({ emsp, session }: Steered) => emsp.pushed.filter(({ sessionId }) => sessionId === session);

describe.each(stores)('who is told of the active profile (%s)', (store) => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)('CP-18, CP-22: whoever set a profile with success, of half an hour, from %s', async (at) => {
    await using it = await openSteered(store, { at });
    const pushed = await entitle(it, 10);
    expect(pushed).toMatchObject({ charging_profile: { charging_rate_unit: 'A', duration: 1_800, charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    const [put] = it.emsp.requests.filter(({ method, module }) => method === 'PUT' && module === 'chargingprofiles');
    expect(put?.url).toMatch(new RegExp(`/chargingprofiles/${it.session}$`));
    expect(put?.headers).toMatchObject({ 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'MSP' });
  });

  test('CP-20: nobody who only asked, only cleared, was refused or got no word', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'answer', payload: { status: 'Rejected' } }, { is: 'never' }] } });
    await (await it.emsp.get(it.session, 60)).later;
    await (await it.emsp.clear(it.session)).later;
    expect(await (await it.emsp.set(it.session, upTo(10))).later).toEqual({ result: 'REJECTED' });
    const arrives = it.station.next('SetChargingProfile');
    await it.emsp.set(it.session, upTo(10));
    await arrives;
    await it.until(it.firstOutcome({ state: 'TIMED_OUT' }));
    await it.station.localLimit(1, 8);
    await it.clock.advance(60_000);
    await otherPush(it);
    expect(pushedFor(it)).toEqual([]);
  });

  test('CP-20: nobody but the sender itself', async () => {
    await using it = await openSteered(store);
    const other = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    await entitle(it);
    expect(other.requests.filter(({ module }) => module === 'chargingprofiles' || module === 'sessions')).toEqual([]);
  });

  test('CP-19, CP-25: is told of a local limit when it comes and when it goes', async () => {
    await using it = await openSteered(store);
    expect(limitOf(await entitle(it, 16))).toBe('16');
    await it.station.localLimit(1, 7);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('7');
    await it.clock.advance(11_000);
    await it.station.localLimit(1, undefined);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('16');
  });

  test('CP-25: is told of a limit for the whole charge point', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    await it.station.localLimit(0, 8);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('8');
  });

  test('CP-21: is not told again of what it knows: a limit that changes nothing', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    const asked = it.station.next('GetCompositeSchedule');
    await it.station.localLimit(1, 20);
    await it.until(asked);
    await otherPush(it);
    expect(pushedFor(it)).toHaveLength(1);
  });

  test('CP-23: is told the maximum of the EVSE when its profile is cleared', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
  });

  test('CP-23: is told the maximum also where the charge point has nothing to say without a profile', async () => {
    await using it = await openSteered(store, { composite: ['rejected-when-no-profile'] });
    await entitle(it, 10);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
  });

  test('CP-23: is told the maximum when its profile runs out', async () => {
    await using it = await openSteered(store, { at: 'CP-16' });
    expect(await (await it.emsp.set(it.session, upTo(10, { start_date_time: '2026-01-31T09:00:00Z', duration: 2_400 }))).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('10');
    const told = it.emsp.nextPush(it.session);
    await it.clock.advance(1_380_000);
    const second = await it.until(told);
    expect(second).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }, { limit: 32 }] } });
    expect(Date.parse(String(fieldsOf(second).start_date_time))).toBeLessThan(Date.UTC(2026, 0, 31, 9, 40));
  });

  test('CP-24, CP-26: is told when the operator puts its own profile in the place of it, or takes it away; it cannot set against that', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    const own = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(6) }] } as const;
    expect(await it.world.node().ask(it.session, { kind: 'set', profile: own })).toMatchObject({ ok: true });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('6');
    expect((await it.emsp.set(it.session, upTo(16))).result).toBe('REJECTED');
    await it.clock.advance(11_000);
    expect(await it.world.node().ask(it.session, { kind: 'clear' })).toMatchObject({ ok: true });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
    expect((await it.emsp.set(it.session, upTo(16))).result).toBe('ACCEPTED');
  });

  test('CP-18: a push that failed is made good with what holds by then, not with what was missed', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    it.emsp.behave({ chargingprofiles: { is: 'answer', http: 500 } });
    const [refused, failed] = [it.emsp.nextPush(it.session), it.world.firstStep('active-profile-pushed', ({ outcome }) => outcome.startsWith('UNDELIVERED'))];
    await it.station.localLimit(1, 7);
    await it.until(Promise.all([refused, failed]));
    it.emsp.behave({});
    const again = it.emsp.nextPush(it.session);
    await it.clock.advance(240_000);
    expect(limitOf(await it.until(again))).toBe('7');
    expect(pushedFor(it).map(({ body }) => limitOf(body))).toEqual(['16', '7', '7']);
  });

  test('CP-18: is told also after the node was started again', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    await it.world.restart();
    await it.station.reconnect();
    await it.station.localLimit(1, 7);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('7');
  });
});

describe.each(stores)('a party that leaves (%s)', (store) => {
  test('CP-20, CRE-16: its open requests are CANCELLED, its profiles leave the charge points, and it hears nothing more', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    it.station.behave({ answers: { GetCompositeSchedule: [{ is: 'never' }] } });
    const arrives = it.station.next('GetCompositeSchedule');
    const open = await it.emsp.get(it.session, 60);
    await arrives;
    await it.clock.advance(5_000);
    const told = it.emsp.requests.length;
    const cleared = it.station.next('ClearChargingProfile');
    await it.emsp.unregister();
    expect(await it.firstOutcome({ kind: 'get' })).toMatchObject({ state: 'CANCELLED', reason: 'credentials_deleted' });
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    await it.clock.advance(60_000);
    expect(it.emsp.callbacks(open.responseUrl)).toEqual([]);
    expect(it.emsp.requests.length).toBe(told);
  });

  test('CP-20, CRE-16: a profile that was on its way when it left is taken back as well', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 2_000 }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    const cleared = it.station.next('ClearChargingProfile');
    await it.emsp.unregister();
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'CANCELLED' });
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });
});
