import { describe, expect, test } from 'vitest';
import { amperes, wattHours, watts } from '../domain/units.ts';
import { plan } from './plan.ts';
import { A, ac32, cheap, keyOf, limitIn, now, oneSite, problem, session } from './problem.fixture.ts';
import type { PlannedEvse, Problem } from './problem.ts';

/** The profile of a session as [hours from now, limit]. */
const planned = (it: Problem, n = 1) =>
  plan(it)
    .profiles.get(keyOf(n))
    ?.periods.map(({ start, limit }) => [start / 3_600, limit]);

describe('examples of plans', () => {
  test('one session at a site with a higher limit gets the maximum of its EVSE', () => {
    expect(plan(problem(oneSite(A(63), [session(1)]))).profiles.get(keyOf(1))).toEqual({ unit: 'A', start: now, periods: [{ start: 0, limit: 32 }] });
  });

  test('three sessions share 50 A, rounded down to 0.1', () => {
    const it = problem(oneSite(A(50), [session(1), session(2), session(3)]));
    expect([1, 2, 3].map((n) => planned(it, n))).toEqual([[[0, 16.6]], [[0, 16.6]], [[0, 16.6]]]);
  });

  test('the others get what one EVSE cannot use', () => {
    const small = { ...ac32, amperage: amperes(10) };
    const it = problem(oneSite(A(50), [session(1, { evse: small }), session(2), session(3)]));
    expect([1, 2, 3].map((n) => planned(it, n))).toEqual([[[0, 10]], [[0, 20]], [[0, 20]]]);
  });

  test('the others get what a car does not take, as it was measured; it keeps what a car needs to charge', () => {
    const it = problem(oneSite(A(50), [session(1, { takesAtMost: 10 }), session(2), session(3, { takesAtMost: 0 })]));
    expect([1, 2, 3].map((n) => planned(it, n))).toEqual([[[0, 10]], [[0, 32]], [[0, 6]]]);
  });

  test('when the limit is below 6 A for each, the sessions pause in turn, by quarters of an hour', () => {
    const it = problem(oneSite(A(16), [session(1), session(2), session(3)]), undefined, 0.75);
    const limits = [1, 2, 3].map((n) => [0, 0.25, 0.5].map((hour) => limitIn(plan(it).profiles.get(keyOf(n)), now + hour * 3_600)));
    expect(limits.map((quarters) => quarters.toSorted())).toEqual([
      [0, 8, 8],
      [0, 8, 8],
      [0, 8, 8],
    ]);
  });

  test('when that takes all day, the periods beyond the maximum number get the lowest limit, so that the site stays below its limit', () => {
    const { profiles } = plan(problem(oneSite(A(16), [session(1), session(2), session(3)])));
    for (const { periods } of profiles.values()) expect(periods.length).toBeGreaterThan(20);
    for (let quarter = 0; quarter < 96; quarter += 1)
      expect([1, 2, 3].reduce((sum, n) => sum + limitIn(profiles.get(keyOf(n)), now + quarter * 900), 0)).toBeLessThanOrEqual(16);
    expect([1, 2, 3].map((n) => planned(problem(oneSite(A(16), [session(1), session(2), session(3)])), n)?.at(-1)?.[1])).toEqual([0, 0, 0]);
  });

  test('a site in watts counts three phases when their number is unknown', () => {
    const unknown: PlannedEvse = { current: 'AC' };
    const it = problem(oneSite({ unit: 'W', value: watts(22_080) }, [session(1, { evse: unknown }), session(2, { evse: unknown })]));
    expect([planned(it, 1), planned(it, 2)]).toEqual([[[0, 16]], [[0, 16]]]);
  });

  test('a DC session has a limit in watts, and at a site in amperes it loads three phases', () => {
    const dc: PlannedEvse = { current: 'DC', power: watts(50_000) };
    const it = plan(problem(oneSite(A(100), [session(1, { evse: dc })])));
    expect(it.profiles.get(keyOf(1))).toMatchObject({ unit: 'W', periods: [{ start: 0, limit: 50_000 }] });
  });

  test('an uncontrolled session gets no profile, and counts with the maximum of its EVSE', () => {
    const it = plan(problem(oneSite(A(40), [session(1, { state: 'uncontrolled' }), session(2)])));
    expect([...it.profiles].map(([key, { periods }]) => [key, periods])).toEqual([[keyOf(2), [{ start: 0, limit: 8 }]]]);
  });

  test('CHEAP charges in the cheapest hours before its departure, and gets its share after it', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(5, 22.08 * 2))]), [5, 1, 4, 1, 3, 2]);
    expect(planned(it)).toEqual([
      [0, 0],
      [1, 32],
      [2, 0],
      [3, 32],
      [4, 0],
      [5, 32],
    ]);
    expect(plan(it).why.get(keyOf(1))).toMatch(/^CHEAP: 44.16 kWh until 2026-11-24T23:00Z, in the cheapest/);
  });

  test('at equal prices CHEAP charges in the earlier hours, only as much as needed, and with at least 6 A', () => {
    expect(planned(problem(oneSite(A(32), [session(1, cheap(3, 23))]), [1, 1, 1]))).toEqual([
      [0, 32],
      [1, 6],
      [1.25, 0],
      [3, 32],
    ]);
  });

  test('CHEAP charges from now on when its need cannot be met', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(2, 100))]), [5, 1, 4]);
    expect(planned(it)).toEqual([[0, 32]]);
    expect(plan(it).why.get(keyOf(1))).toContain('cannot be reached');
  });

  test('CHEAP subtracts the energy that the session already has', () => {
    expect(planned(problem(oneSite(A(32), [session(1, { ...cheap(5, 30), given: wattHours(30_000) })]), [1, 2]))).toEqual([
      [0, 0],
      [5, 32],
    ]);
  });

  test('the other sessions get what CHEAP leaves', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(4, 11.04)), session(2)]), [5, 5, 1, 5]);
    expect(planned(it, 2)).toEqual([
      [0, 32],
      [2, 16],
      [3, 32],
      [4, 16],
    ]);
  });

  test('CHEAP without a need gets its share from its departure on, also within a quarter of an hour', () => {
    expect(planned(problem(oneSite(A(32), [session(1, cheap(1.1, 0))]), [1, 2]))).toEqual([
      [0, 0],
      [1.1, 32],
    ]);
  });

  test('CHEAP without prices is planned like REGULAR', () => {
    expect(planned(problem(oneSite(A(20), [session(1, cheap(5, 30)), session(2)])))).toEqual([[0, 10]]);
  });

  test('the CHEAP session that leaves first takes the cheapest slots first, and the next one what it leaves', () => {
    const it = problem(oneSite(A(20), [session(1, cheap(4, 9.66)), session(2, cheap(2, 4.14))]), [1, 2, 3, 4, 5]);
    expect(planned(it, 2)).toEqual([
      [0, 10],
      [0.5, 6],
      [0.75, 0],
      [2, 10],
    ]);
    expect(planned(it, 1)).toEqual([
      [0, 10],
      [0.5, 14],
      [0.75, 20],
      [1, 6],
      [1.25, 0],
      [4, 10],
    ]);
  });

  test('CHEAP in many separate hours gets its energy and its share after them, within the periods that a charge point stores', () => {
    const prices = [...Array(24).keys()].map((n) => (n % 2 === 0 ? 1 : 9));
    const profile = plan(problem(oneSite(A(32), [session(1, cheap(23.75, 264))]), prices)).profiles.get(keyOf(1));
    const limits = [...Array(95).keys()].map((quarter) => limitIn(profile, now + quarter * 900));
    expect(limits.reduce<number>((sum, limit) => sum + (limit * 690) / 4, 0)).toBeGreaterThanOrEqual(264_000);
    expect(limitIn(profile, now + 23.75 * 3_600)).toBe(32);
  });

  test('another type than CHEAP charges at once, also with prices, a departure and a need', () => {
    const { preferences } = cheap(5, 22);
    expect(planned(problem(oneSite(A(32), [session(1, { preferences: { ...preferences, profileType: 'FAST' } })]), [5, 1]))).toEqual([[0, 32]]);
  });

  test('the turn of the quarter decides which session pauses, in the order of the keys, so that a plan made again does not change it', () => {
    const { profiles } = plan(problem(oneSite(A(16), [session(3), session(1), session(2)]), undefined, 0.75));
    const pausing = [0, 1, 2].map((quarter) => [1, 2, 3].find((n) => limitIn(profiles.get(keyOf(n)), now + quarter * 900) === 0));
    const turn = now / 900;
    expect(pausing).toEqual([turn + 2, turn + 3, turn + 4].map((n) => 1 + (n % 3)));
  });

  test('a horizon in the past does not fail', () => {
    expect(planned(problem(oneSite(A(20), [session(1)]), undefined, -1))).toEqual([[0, 20]]);
  });
});

describe('the reason of a plan, for people', () => {
  const reason = (it: Problem) => plan(it).why.get(keyOf(1));
  const { preferences } = cheap(5, 10);

  test('names the type, the limit that is shared, and the location', () => {
    expect(reason(problem(oneSite(A(50), [session(1)])))).toBe('REGULAR: an equal share of 50 A per phase at LOC1');
    const fast = session(1, { preferences: { ...preferences, profileType: 'FAST' } });
    expect(reason(problem(oneSite({ unit: 'W', value: watts(22_080) }, [fast])))).toBe('FAST: an equal share of 22080 W at LOC1');
  });

  test('names the need of CHEAP, its departure, and how many slots it uses', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(5, 22.08 * 2))]), [5, 1, 4, 1, 3, 2]);
    expect(reason(it)).toBe('CHEAP: 44.16 kWh until 2026-11-24T23:00Z, in the cheapest 8 of 20 slots');
  });

  test.each([0, -1])('is an equal share for CHEAP whose departure is over: %s h from now', (departure) => {
    expect(reason(problem(oneSite(A(32), [session(1, cheap(departure, 10))]), [1, 2]))).toBe('CHEAP: an equal share of 32 A per phase at LOC1');
  });
});
