import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, volts, watts } from '../../domain/units.ts';
import type { PlannedEvse, SiteLimit } from '../../planner/problem.ts';
import { drawUnder, type EvseAtSite, inSiteUnit, isAnywhereAbove, maximumDraw } from './load-schedules.ts';
import { inHours, limits, now, upTo } from './steered-session.fixture.ts';

const evse: PlannedEvse = { current: 'AC', phases: 3, voltage: volts(230), amperage: amperes(32) };
const inA = (value: number): SiteLimit => ({ unit: 'A', value: amperes(value) });
const inW = (value: number): SiteLimit => ({ unit: 'W', value: watts(value) });
const from = epochSeconds(now / 1000);
const at = (limit: SiteLimit = inA(100)): EvseAtSite => ({ evse, limit, span: { from, to: inHours(1) } });
const steps = (drawn: ReturnType<typeof drawUnder>) => drawn.map((it) => [it.from - from, it.to - from, it.limit]);

describe('the maximum draw of an EVSE', () => {
  test('is that of the EVSE, and at most the limit of its site', () => {
    expect([maximumDraw(at()), maximumDraw(at(inA(16)))]).toEqual([32, 16]);
  });

  test('is in the unit of the EVSE, also at a site in watts', () => {
    expect([maximumDraw(at(inW(6_900))), maximumDraw(at(inW(69_000)))]).toEqual([10, 32]);
  });
});

describe('the highest draw under a profile', () => {
  test('is the limit of the profile, and the maximum without one of our profiles', () => {
    expect(steps(drawUnder(upTo(16), at()))).toEqual([[0, 3_600, 16]]);
    expect(steps(drawUnder(upTo(63), at()))).toEqual([[0, 3_600, 32]]);
    expect(steps(drawUnder('maximum', at()))).toEqual([[0, 3_600, 32]]);
  });

  test('is the maximum where the profile has no limit: before its start and after its end', () => {
    const profile = { ...limits([600, 10]), duration: seconds(1_800) };
    expect(steps(drawUnder(profile, at()))).toEqual([
      [0, 600, 32],
      [600, 1_800, 10],
      [1_800, 3_600, 32],
    ]);
  });

  test('is the maximum under a profile in another unit', () => {
    expect(steps(drawUnder({ unit: 'W', periods: [{ start: seconds(0), limit: watts(10) }] }, at()))).toEqual([[0, 3_600, 32]]);
  });

  test('loads a site in watts with its power', () => {
    expect(steps(inSiteUnit(drawUnder(upTo(10), at(inW(69_000))), at(inW(69_000))))).toEqual([[0, 3_600, 6_900]]);
    expect(steps(inSiteUnit(drawUnder(upTo(10), at()), at()))).toEqual([[0, 3_600, 10]]);
  });
});

describe('a draw is above another one', () => {
  const draw = (limit: number) => [{ from, to: inHours(1), limit }];

  test('when it is at any moment, also where the other one has no limit', () => {
    expect(isAnywhereAbove([...draw(10), { from: inHours(1), to: inHours(2), limit: 12 }], draw(10))).toBe(true);
    expect(isAnywhereAbove(draw(9), draw(10))).toBe(false);
  });

  test('not by a millionth, which is a floating-point error', () => {
    expect([isAnywhereAbove(draw(1e-6), draw(0)), isAnywhereAbove(draw(2e-6), draw(0))]).toEqual([false, true]);
  });
});
