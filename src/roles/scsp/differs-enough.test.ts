import { describe, expect, test } from 'vitest';
import type { ChargingPreferences } from '../../domain/preferences.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { seconds, toSeconds, wattHours, watts } from '../../domain/units.ts';
import { differsEnough } from './differs-enough.ts';
import { inHours, limits, now, session, upTo } from './steered-session.fixture.ts';

const differs = (sent: ChargingProfile | undefined, planned: ChargingProfile, who = session(1)) =>
  differsEnough(sent, planned, { session: who, now: toSeconds(now) });
const inWatts = (limit: number): ChargingProfile => ({ unit: 'W', start: toSeconds(now), periods: [{ start: seconds(0), limit: watts(limit) }] });

describe('a plan is worth a message', () => {
  test('when nothing was sent, or the sent profile has another unit', () => {
    expect([differs(undefined, upTo(16)), differs(inWatts(11_000), upTo(16)), differs(inWatts(16), upTo(16))]).toEqual([true, true, true]);
  });

  test.each<[string, [number, number], boolean]>([
    ['1 A is not enough', [16, 17], false],
    ['1.1 A is', [16, 17.1], true],
    ['at higher limits 5 % is not enough', [40, 42], false],
    ['more than 5 % is', [40, 42.1], true],
    ['down as well as up', [17.1, 16], true],
  ])('when the limits differ soon: %s', (_, [sent, planned], is) => {
    expect(differs(upTo(sent), upTo(planned))).toBe(is);
  });

  test('not when they differ only after 15 minutes', () => {
    expect(differs(upTo(16), limits([0, 16], [900, 0]))).toBe(false);
    expect(differs(upTo(16), limits([0, 16], [899, 0]))).toBe(true);
  });

  test('when only one of them has a limit soon', () => {
    const ending = { ...upTo(16), duration: seconds(600) };
    expect([differs(ending, upTo(16)), differs(upTo(16), ending), differs(ending, ending)]).toEqual([true, true, false]);
  });

  test('not for the energy of a session without a departure or without a need', () => {
    const [sent, later] = [limits([0, 16], [3_600, 0]), limits([0, 16], [3_600, 0], [7_200, 16], [9_000, 0])];
    const wants = (more: Partial<ChargingPreferences>) => session(1, { preferences: { profileType: 'CHEAP', dischargeAllowed: false, ...more } });
    expect([differs(sent, later, wants({ energyNeed: wattHours(30_000) })), differs(sent, later, wants({ departure: inHours(4) }))]).toEqual([false, false]);
  });

  test('not when the energy at the departure differs by exactly 0.5 kWh', () => {
    const fast = session(1, {
      evse: { current: 'DC', power: watts(50_000) },
      preferences: { profileType: 'CHEAP', departure: inHours(4), energyNeed: wattHours(30_000), dischargeAllowed: false },
    });
    const until = (end: number): ChargingProfile => ({
      unit: 'W',
      start: toSeconds(now),
      periods: [0, 3_600, end].map((start, n) => ({ start: seconds(start), limit: watts(n === 1 ? 2_000 : 0) })),
    });
    expect([differs(until(7_200), until(8_100), fast), differs(until(7_200), until(8_101), fast)]).toEqual([false, true]);
  });

  test('when the needed energy at the departure differs by more than 0.5 kWh', () => {
    const cheap = (need: number) =>
      session(1, { preferences: { profileType: 'CHEAP', departure: inHours(4), energyNeed: wattHours(need), dischargeAllowed: false } });
    const [sent, later] = [limits([0, 16], [3_600, 0]), limits([0, 16], [3_600, 0], [7_200, 16], [9_000, 0])];
    expect([differs(sent, later, cheap(30_000)), differs(sent, later, cheap(11_000)), differs(sent, later)]).toEqual([true, false, false]);
  });

  test('when the sent profile ends within half an hour and the plan ends later', () => {
    expect(differs(limits([0, 16], [1_700, 0]), limits([0, 16], [1_700, 0], [3_600, 16]))).toBe(true);
    expect(differs(limits([0, 16], [1_800, 0]), limits([0, 16], [1_800, 0], [3_600, 16]))).toBe(false);
    expect(differs(limits([0, 16], [1_900, 0]), limits([0, 16], [1_900, 0], [3_600, 16]))).toBe(false);
    expect(differs(limits([0, 16], [1_700, 0]), limits([0, 16], [1_700, 0]))).toBe(false);
  });
});
