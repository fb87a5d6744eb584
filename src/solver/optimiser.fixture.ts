import type { SitePlan } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { loadHighs } from './load-highs.ts';
import { SiteOptimiser } from './optimise-site.ts';

const highs = await loadHighs();

/** The optimised plan of a problem, by an optimiser that has not planned before, in the same thread. */
export function optimise(problem: SiteProblem): SitePlan {
  using optimiser = new SiteOptimiser(highs);
  return optimiser.plan(problem, { deadline: 60_000, elapsed: () => 0 });
}

/** One optimiser for many plans. */
export const newOptimiser = (): SiteOptimiser => new SiteOptimiser(highs);
