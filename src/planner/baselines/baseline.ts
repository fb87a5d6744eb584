import { makePlan } from '../finish/make-plan.ts';
import { prepare } from '../prepare/prepare.ts';
import type { SitePlan, SitePlanner } from '../site-plan.ts';
import type { SiteProblem } from '../site-problem.ts';
import { type FillSlot, fillSlots } from './fill-slots.ts';
import { earliestDeadline, equalShare, firstCome, leastLaxity, uncontrolled } from './rules.ts';

/** A simple way to plan: to compare with, and to fall back on. */
export type Baseline = 'UNCONTROLLED' | 'EQUAL_SHARE' | 'EDF' | 'LLF' | 'FCFS';

const RULES: Readonly<Record<Baseline, FillSlot>> = {
  UNCONTROLLED: uncontrolled,
  EQUAL_SHARE: equalShare,
  EDF: earliestDeadline,
  LLF: leastLaxity,
  FCFS: firstCome,
};

/** s: how often the order of the sessions is decided again. */
const DECIDE_S = 900;

/** The plan of a baseline. `fallback`: why it answers instead of another planner. */
export function planWith(baseline: Baseline, problem: SiteProblem, fallback?: string): SitePlan {
  const prepared = prepare(problem, { longest: DECIDE_S });
  return makePlan(prepared, fillSlots(prepared, RULES[baseline]), { method: baseline, ...(fallback !== undefined && { fallback }) });
}

/** A baseline as a planner. */
export const baselinePlanner = (baseline: Baseline): SitePlanner => ({ plan: async (problem) => planWith(baseline, problem) });
