import { describe, expect, test } from 'vitest';
import { epochSeconds, wattHours, watts } from '../domain/units.ts';
import { planWith } from '../planner/baselines/baseline.ts';
import { always, car, siteProblem, threePhase } from '../planner/site-day.fixture.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { at, hourly } from '../planner/synthetic-site.ts';
import { faultsOf } from './check-plan.fixture.ts';
import { optimise } from './optimiser.fixture.ts';

const NOT = Number.NaN;
const { prices: _none, ...withoutPrices } = siteProblem([car(1)]);

/** Each case: what is wrong, and what the certificate says of it. */
const cases: readonly [string, SiteProblem, RegExp | undefined][] = [
  ['no prices', withoutPrices, /no price is known/],
  ['prices with a gap', siteProblem([car(1)], { prices: hourly([0.2, 0.3, 0.1]) }), /price is unknown for a part of the plan/],
  ['a price that is no number', siteProblem([car(1)], { prices: hourly([0.2, NOT, 0.1]) }), /1 of 3 prices were left out/],
  ['negative prices', siteProblem([car(1)], { prices: hourly([0.2, -0.3, -0.1, ...Array(21).fill(0.2)]) }), undefined],
  ['prices in the wrong order', siteProblem([car(1)], { prices: [...hourly(Array(24).fill(0.2))].reverse() }), undefined],
  ['a need beyond reach', siteProblem([car(1, { departure: at(1), need: wattHours(50_000) })]), /at most 11 kWh to this car/],
  ['a departure in the past', siteProblem([car(1, { departure: at(-2) })]), /departure is in the past/],
  ['a window without length', siteProblem([car(1, { arrival: at(3), departure: at(3) })]), /departs before it arrives/],
  ['a departure that is no number', siteProblem([car(1, { departure: epochSeconds(NOT) })]), /departure is no number/],
  ['no departure', siteProblem([(({ departure: _, ...rest }) => rest)(car(1))]), /no departure to plan with/],
  ['no need', siteProblem([(({ need: _, ...rest }) => rest)(car(1))]), /energy need is not known/],
  ['a need that is no number', siteProblem([car(1, { need: wattHours(NOT) })]), /energy need is no number/],
  ['a negative need', siteProblem([car(1, { need: wattHours(-5) })]), /energy need is no number/],
  ['a limit of 0', siteProblem([car(1)], { limits: [always({ amperes: 0 })] }), /the limit grid is full/],
  ['a limit below the minimum of a car', siteProblem([car(1)], { limits: [always({ amperes: 5 })] }), /the limit grid is full/],
  ['a limit that is no number', siteProblem([car(1)], { limits: [always({ amperes: NOT })] }), /the limit grid is full/],
  ['a negative limit', siteProblem([car(1)], { limits: [always({ watts: -4 })] }), /the limit grid is full/],
  ['a limit below itself', siteProblem([car(1)], { limits: [always({ amperes: 32 }, 'a', 'b'), always({ amperes: 32 }, 'b', 'a')] }), /is below itself/],
  ['a limit below nothing', siteProblem([car(1)], { limits: [always({ amperes: 32 }, 'a', 'nowhere')] }), /which does not exist/],
  ['no limits at all', siteProblem([car(1)], { limits: [] }), undefined],
  ['no sessions', siteProblem([]), undefined],
  ['one session twice', siteProblem([car(1), car(1)]), /more than once/],
  ['GREEN without carbon', siteProblem([car(1, { profileType: 'GREEN' })]), /GREEN, but no carbon intensity/],
  ['CHEAP without prices', withoutPrices, /CHEAP, but no price is known/],
  ['FAST that may be discharged', siteProblem([car(1, { profileType: 'FAST', dischargeAllowed: true })]), /it is not discharged/],
  ['a maximum below the minimum', siteProblem([car(1, { evse: { ...threePhase, max: 4 } })]), /below its minimum of 6/],
  ['an EVSE without phases', siteProblem([car(1, { evse: { ...threePhase, phases: [] } })]), /no voltage or no phases/],
  ['a maximum that is no number', siteProblem([car(1, { evse: { ...threePhase, max: NOT } })]), /no maximum above 0/],
  ['a horizon in the past', siteProblem([car(1)], { horizonEnd: at(-1) }), /horizon ends before/],
  ['a clock that is no number', siteProblem([car(1)], { now: epochSeconds(NOT) }), /moment of planning is no number/],
  ['a clock that jumped ahead', siteProblem([car(1)], { now: at(40), horizonEnd: at(64) }), /departure is in the past/],
  [
    'a clock that jumped back',
    siteProblem([car(1)], { now: at(-20), horizonEnd: at(4), sent: [{ key: car(1).key, steps: [{ from: at(0), to: at(4), value: 16 }] }] }),
    undefined,
  ],
  ['a demand charge that is no number', siteProblem([car(1)], { demandCharge: { perKilowatt: NOT, peakSoFar: watts(0) } }), /demand charge is not usable/],
];

describe('PLN-C04: a problem that is wrong', () => {
  test.each(cases)('%s: has a plan all the same, with the reason in its certificate', (name, problem, says) => {
    for (const plan of [optimise(problem), planWith('LLF', problem), planWith('EQUAL_SHARE', problem)]) {
      const { notes, unserved, objective } = plan.certificate;
      expect(plan.schedules).toHaveLength(new Set(problem.sessions.map(({ key }) => key)).size);
      expect(Number.isFinite(objective), name).toBe(true);
      if (Number.isFinite(problem.now)) expect(faultsOf(problem, plan)).toEqual([]);
      if (says) expect([...notes, ...unserved].map((it) => it.says).join('\n')).toMatch(says);
      else expect(unserved).toEqual([]);
    }
    expect(optimise(problem).certificate.method).toBe('OPTIMISED');
  });
  test('a session that accepts no profile has its maximum reserved, and gets no schedule', () => {
    const problem = siteProblem([car(1, { steerable: false }), car(2, { need: wattHours(60_000) })], { limits: [always({ amperes: 26 })] });
    const plan = optimise(problem);
    expect(plan.schedules.map(({ key }) => key)).toEqual([car(2).key]);
    expect(Math.max(...(plan.schedules[0]?.steps ?? []).filter(({ from }) => from < at(8)).map(({ value }) => value))).toBe(10);
  });
});
