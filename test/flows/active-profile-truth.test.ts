import { describe, expect, test } from 'vitest';
import { fieldsOf } from '../../sim/partner/wire.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

const limitsOf = (message: unknown) => [...JSON.stringify(message ?? null).matchAll(/"limit":([\d.]+)/g)].map(([, limit]) => Number(limit));
const ACCEPTED = { result: 'ACCEPTED' };
const notImplemented = { is: 'call-error', code: 'NotImplemented' } as const;

async function steer(it: Steered, limit: number): Promise<unknown> {
  expect(await (await it.emsp.set(it.session, upTo(limit))).later).toEqual(ACCEPTED);
  const pushed = await it.until(it.emsp.nextPush(it.session));
  await it.clock.advance(11_000);
  return pushed;
}

describe('the active profile of a charge point that reports little', () => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)('CP-69, F-60: begins now when the schedule begins in ten minutes, at %s', async (at) => {
    await using it = await openSteered('sqlite', { at, composite: ['begins-with-profile'] });
    const pushed = it.emsp.nextPush(it.session);
    expect(await (await it.emsp.set(it.session, upTo(10, { start_date_time: '2026-01-31T09:10:00Z', duration: 600 }))).later).toEqual(ACCEPTED);
    const { charging_profile: told } = fieldsOf(await it.until(pushed));
    expect(told).toMatchObject({ charging_profile_period: [{ start_period: 0, limit: 32 }, { limit: 10 }, { limit: 32 }] });
    const begins = Date.parse(String(fieldsOf(await it.until(lastPush(it))).start_date_time));
    expect(begins).toBeLessThanOrEqual(it.clock.now());
    const asked = it.clock.now();
    const { profile } = fieldsOf(await (await it.emsp.get(it.session, 900)).later);
    expect(profile).toMatchObject({ charging_profile: { duration: 900 } });
    expect(Date.parse(String(fieldsOf(profile).start_date_time))).toBe(asked - (asked % 1000));
    expect(limitsOf(profile)).toEqual([32, 10]);
  });

  test('F-61: is told as computed when the last push no longer holds and the schedule is empty', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16' });
    await steer(it, 16);
    it.station.behave({ composite: ['empty-periods'] });
    expect(await (await it.emsp.clear(it.session)).later).toEqual(ACCEPTED);
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([32]);
    await it.clock.advance(11_000);
    expect(limitsOf(await steer(it, 9))).toEqual([9]);
    const system = await openApiClient(it.world.node(), 'view');
    expect((await system.request(`GET sessions/${it.session}`)).body).toMatchObject({ active_charging_profile_computed: true });
  });

  test('F-61: is not known when a set has no answer and the schedule is empty: the operator is told, the eMSP is not', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16' });
    await steer(it, 16);
    it.station.behave({ composite: ['empty-periods'], answers: { SetChargingProfile: { is: 'never' } } });
    const arrives = it.station.next('SetChargingProfile');
    await it.emsp.set(it.session, upTo(9));
    await arrives;
    expect(await it.until(it.world.firstStep('active-profile-unknown'))).toMatchObject({ station: 'CP-16', why: expect.stringContaining('0 periods') });
    expect(it.emsp.pushed.flatMap(({ body }) => limitsOf(body))).toEqual([16]);
  });

  test.each(['CP-201', 'CP-21'] as const)('F-62: counts limits that the charge point announces, where it has no composite schedules, at %s', async (at) => {
    await using it = await openSteered('sqlite', { at, limitWithSchedules: true, answers: { GetCompositeSchedule: notImplemented } });
    await steer(it, 16);
    for (const [evse, limit, told] of [
      [1, 8, 8],
      [0, 7, 7],
      [0, undefined, 8],
      [1, undefined, 16],
    ] as const) {
      await it.station.localLimit(evse, limit);
      expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([told]);
      expect(limitsOf(await (await it.emsp.get(it.session, 900)).later)).toEqual([told]);
      await it.clock.advance(11_000);
    }
  });

  test('F-62: the announced limit is still known after a restart of the node', async () => {
    await using it = await openSteered('sqlite', { limitWithSchedules: true, answers: { GetCompositeSchedule: notImplemented } });
    await steer(it, 16);
    await it.station.localLimit(1, 8);
    expect(limitsOf(await it.until(it.emsp.nextPush(it.session)))).toEqual([8]);
    await it.world.restart();
    await it.station.reconnect();
    expect(limitsOf(await it.until((await it.emsp.get(it.session, 900)).later))).toEqual([8]);
  });
});

const lastPush = async ({ emsp, session }: Steered) => emsp.pushed.findLast(({ sessionId }) => sessionId === session)?.body;
