import type { SitePlan } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';

/** What a worker is asked: a plan within a number of milliseconds. */
export interface PlanOrder {
  id: number;
  problem: SiteProblem;
  /** ms. */
  deadline: number;
}

/** What a worker answers. */
export type PlanAnswer = { id: number; plan: SitePlan } | { id: number; failed: string };
