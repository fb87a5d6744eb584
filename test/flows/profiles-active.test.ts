import { describe, expect, test } from 'vitest';
import { fieldsOf } from '../../sim/partner/wire.ts';
import { amperes, seconds } from '../../src/domain/units.ts';
import { upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitOf = (pushed: unknown) => JSON.stringify(pushed).match(/"limit":([\d.]+)/)?.[1];
/** Sends a set that the charge point accepts; resolves with the first push that follows. */
async function entitle(it: Steered, limit = 16): Promise<unknown> {
  expect(await (await it.emsp.set(it.session, upTo(limit))).later).toEqual({ result: 'ACCEPTED' });
  const pushed = await it.until(it.emsp.nextPush(it.session));
  await it.clock.advance(11_000);
  return pushed;
}
/** Waits for a push of another session; a push of this session would have arrived before it. */
async function otherPush(it: Steered): Promise<void> {
  const station = await it.world.station('CP-21');
  const other = await it.world.charging(it.emsp, station);
  await (await it.emsp.set(other, upTo(9))).later;
  await it.until(it.emsp.nextPush(other));
}
const pushedFor = ({ emsp, session }: Steered) => emsp.pushed.filter(({ sessionId }) => sessionId === session);

describe.each(stores)('pushes of the active profile (%s)', (store) => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)('CP-18, CP-22: go to the sender of an accepted set, and cover half an hour, from %s', async (at) => {
    await using it = await openSteered(store, { at });
    const pushed = await entitle(it, 10);
    expect(pushed).toMatchObject({ charging_profile: { charging_rate_unit: 'A', duration: 1_800, charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    const [put] = it.emsp.requests.filter(({ method, module }) => method === 'PUT' && module === 'chargingprofiles');
    expect(put?.url).toMatch(new RegExp(`/chargingprofiles/${it.session}$`));
    expect(put?.headers).toMatchObject({ 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'MSP' });
  });

  test('CP-20: do not go to the sender of a get, a clear, a rejected set, or a set without an answer of the charge point', async () => {
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

  test('CP-20: go to no party but the sender', async () => {
    await using it = await openSteered(store);
    const other = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    await entitle(it);
    expect(other.requests.filter(({ module }) => module === 'chargingprofiles' || module === 'sessions')).toEqual([]);
  });

  test('CP-19, CP-25: report a local limit when it is set and when it is removed', async () => {
    await using it = await openSteered(store);
    expect(limitOf(await entitle(it, 16))).toBe('16');
    await it.station.localLimit(1, 7);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('7');
    await it.clock.advance(11_000);
    await it.station.localLimit(1, undefined);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('16');
  });

  test('CP-25: report a limit of the whole charge point', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    await it.station.localLimit(0, 8);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('8');
  });

  test('CP-21: are not repeated after a limit that does not change the active profile', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    const scheduleRead = it.station.next('GetCompositeSchedule');
    await it.station.localLimit(1, 20);
    await it.until(scheduleRead);
    await otherPush(it);
    expect(pushedFor(it)).toHaveLength(1);
  });

  test('CP-23: report the maximum of the EVSE when the profile is cleared', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
  });

  test('CP-23: report the maximum also when the charge point rejects GetCompositeSchedule without a profile', async () => {
    await using it = await openSteered(store, { composite: ['rejected-when-no-profile'] });
    await entitle(it, 10);
    expect(await (await it.emsp.clear(it.session)).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
  });

  test('CP-23: report the maximum before the profile ends', async () => {
    await using it = await openSteered(store, { at: 'CP-16' });
    expect(await (await it.emsp.set(it.session, upTo(10, { start_date_time: '2026-01-31T09:00:00Z', duration: 2_400 }))).later).toEqual({ result: 'ACCEPTED' });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('10');
    const pushed = it.emsp.nextPush(it.session);
    await it.clock.advance(1_380_000);
    const second = await it.until(pushed);
    expect(second).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }, { limit: 32 }] } });
    expect(Date.parse(String(fieldsOf(second).start_date_time))).toBeLessThan(Date.UTC(2026, 0, 31, 9, 40));
  });

  test('CP-24, CP-26: report a profile of the operator when it is set and when it is cleared; meanwhile a set of the sender is REJECTED', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    const own = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(6) }] } as const;
    expect(await it.world.node().ask(it.session, { kind: 'set', profile: own }, { mode: 'replace' })).toMatchObject({ ok: true });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('6');
    expect((await it.emsp.set(it.session, upTo(16))).result).toBe('REJECTED');
    await it.clock.advance(11_000);
    expect(await it.world.node().ask(it.session, { kind: 'clear' })).toMatchObject({ ok: true });
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('32');
    expect((await it.emsp.set(it.session, upTo(16))).result).toBe('ACCEPTED');
  });

  test('CP-18: are retried after a failure with the current value', async () => {
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

  test('CP-18: continue after a restart of the node', async () => {
    await using it = await openSteered(store);
    await entitle(it, 16);
    await it.world.restart();
    await it.station.reconnect();
    await it.station.localLimit(1, 7);
    expect(limitOf(await it.until(it.emsp.nextPush(it.session)))).toBe('7');
  });
});

describe.each(stores)('a party that unregisters (%s)', (store) => {
  test('CP-20, CRE-16: its open exchanges are CANCELLED, its profiles are cleared at the charge points, and it receives nothing more', async () => {
    await using it = await openSteered(store);
    await entitle(it, 10);
    it.station.behave({ answers: { GetCompositeSchedule: [{ is: 'never' }] } });
    const arrives = it.station.next('GetCompositeSchedule');
    const open = await it.emsp.get(it.session, 60);
    await arrives;
    await it.clock.advance(5_000);
    const requestsBefore = it.emsp.requests.length;
    const cleared = it.station.next('ClearChargingProfile');
    await it.emsp.unregister();
    expect(await it.firstOutcome({ kind: 'get' })).toMatchObject({ state: 'CANCELLED', reason: 'credentials_deleted' });
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    await it.clock.advance(60_000);
    expect(it.emsp.callbacks(open.responseUrl)).toEqual([]);
    expect(it.emsp.requests.length).toBe(requestsBefore);
  });

  test('CP-20, CRE-16: its profile that is under way is withdrawn as well', async () => {
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
