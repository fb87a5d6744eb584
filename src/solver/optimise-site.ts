import type { Highs } from 'highs';
import { planWith } from '../planner/baselines/baseline.ts';
import { evaluate } from '../planner/finish/evaluate.ts';
import { makePlan } from '../planner/finish/make-plan.ts';
import { roundDraft } from '../planner/finish/round-draft.ts';
import { keepSent } from '../planner/finish/sent-plan.ts';
import { Dive, PART } from '../planner/linear/dive.ts';
import { buildLinearModel, type Layout, type LinearModel } from '../planner/linear/linear-model.ts';
import { type Basis, mapBasis } from '../planner/linear/map-basis.ts';
import { chargeEarly, isShortOfPower } from '../planner/prepare/charge-early.ts';
import { prepare } from '../planner/prepare/prepare.ts';
import type { Prepared } from '../planner/prepare/prepared.ts';
import type { SitePlan } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { HighsModel, type Optimum } from './highs-model.ts';

/** Rounds of the dive; after them the solver only switches slots off. */
const ROUNDS = 8;
/** The note of a plan that ignores prices and carbon intensity for the most part. */
const EARLY = { says: 'the site is short of power, or more cars are expected than it can serve later: everybody charges as early as the limits allow' };
/** kWh: less is a rounding error of the solver. */
const NOTHING = 1e-6;

/** A linear model and its optimum. */
interface Relaxed {
  model: LinearModel;
  optimum: Optimum;
}

/** The optimiser of one site: it keeps its model and the basis of its last optimum, so that the next plan starts from there. */
export class SiteOptimiser implements Disposable {
  readonly #model: HighsModel;
  #last: { layout: Layout; basis: Basis } | undefined;
  /** The last plan had a shortfall: the next model has all tranches at once. */
  #wasShort = false;

  constructor(highs: Highs) {
    this.#model = new HighsModel(highs);
  }

  /** Plans within a number of milliseconds; `elapsed` says how many have passed. LLF answers when the solver is late. */
  plan(problem: SiteProblem, { deadline, elapsed }: { deadline: number; elapsed: () => number }): SitePlan {
    const left = () => (deadline - elapsed()) / 1000;
    const late = (where: string) => planWith('LLF', problem, `the solver did not finish ${where} within ${Math.round(deadline)} ms`);
    const asked = prepare(problem);
    const relaxed = this.#solveRelaxed(asked, left);
    if (!relaxed) return late('the plan');
    const making = { method: 'OPTIMISED' as const, bound: relaxed.optimum.objective };
    const early = isShortOfPower(asked, shortfalls(relaxed.model, relaxed.optimum.values));
    const honest = early ? { ...asked, notes: [...asked.notes, EARLY] } : asked;
    const prepared = early ? chargeEarly(honest) : asked;
    const found = early ? this.#solve(prepared, { oneTranche: false, left }) : relaxed;
    if (!found) return late('the plan');
    const kept = keepSent(prepared, found.optimum.objective, { honest, making });
    if (kept) return kept;
    const dive = new Dive(prepared, found.model);
    const values = this.#dive(dive, found, left);
    const draft = roundDraft(prepared, { kw: powers(prepared, found.model, values), isPart: (n, slot) => dive.uses[n]?.[slot] === PART });
    const keptInstead = keepSent(prepared, evaluate(prepared, draft).objective, { honest, making });
    if (keptInstead) return keptInstead;
    const plan = makePlan(honest, draft, making);
    if (plan.certificate.exceeded.length > 0) return planWith('LLF', problem, 'the optimised plan exceeded a limit');
    return early ? better(plan, planWith('LLF', problem, 'the site is short of power, and LLF serves it better than the rounded optimum')) : plan;
  }

  /** The optimum without the minimum of the cars. */
  #solveRelaxed(prepared: Prepared, left: () => number): Relaxed | undefined {
    if (!this.#wasShort) {
      const solved = this.#solve(prepared, { oneTranche: true, left });
      if (!solved || !isShort(solved)) return solved;
      this.#wasShort = true;
    }
    const solved = this.#solve(prepared, { oneTranche: false, left });
    this.#wasShort = solved !== undefined && isShort(solved);
    return solved;
  }

  #solve(prepared: Prepared, { oneTranche, left }: { oneTranche: boolean; left: () => number }): Relaxed | undefined {
    const model = buildLinearModel(prepared, { oneTranche });
    if (model.costs.length === 0) return { model, optimum: { objective: 0, values: new Float64Array() } };
    this.#model.pass(model, this.#last && mapBasis(this.#last, model));
    const optimum = this.#model.run(left());
    this.#last = optimum && { layout: model.layout, basis: this.#model.basis };
    return optimum && { model, optimum };
  }

  /** Solves again with fixed slots until no slot is below a minimum and the minima cost no energy. A late round keeps the values of the one before. */
  #dive(dive: Dive, { model, optimum }: Relaxed, left: () => number): Float64Array {
    let { values } = optimum;
    const relaxed = shortfalls(model, values);
    for (let round = 0; round < ROUNDS; round++) {
      const missing = shortfalls(model, values).map((kwh, n) => kwh - (relaxed[n] ?? 0));
      const changes = dive.next(values, missing, round === ROUNDS - 1);
      if (!changes) break;
      this.#model.change(changes);
      const next = this.#model.run(left());
      if (!next) break;
      values = next.values;
    }
    return values;
  }

  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }
}

/** The other plan when it is better by more than the differences of two grids of slots. */
const better = (plan: SitePlan, other: SitePlan): SitePlan => {
  const [own, others] = [plan.certificate.objective, other.certificate.objective];
  return others < own - 0.005 * Math.abs(own) ? other : plan;
};

const isShort = ({ model, optimum }: Relaxed): boolean => shortfalls(model, optimum.values).some((missing) => missing > NOTHING);

/** kWh that each session misses. */
const shortfalls = ({ layout }: LinearModel, values: Float64Array): Float64Array =>
  Float64Array.from(layout.sessions, ({ shortfall, shortfallEnd }) => values.subarray(shortfall, shortfallEnd).reduce((sum, missing) => sum + missing, 0));

/** The kW of each session and slot, discharging negative. */
function powers({ sessions, slots }: Prepared, { layout }: LinearModel, values: Float64Array): readonly Float64Array[] {
  return sessions.map((_, n) => {
    const kw = new Float64Array(slots.length);
    const { first = 0, end = 0, power = 0, discharge = -1 } = layout.sessions[n] ?? {};
    for (let slot = first; slot < end; slot++) kw[slot] = (values[power + slot - first] ?? 0) - (discharge < 0 ? 0 : (values[discharge + slot - first] ?? 0));
    return kw;
  });
}
