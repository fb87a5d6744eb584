import { availableParallelism } from 'node:os';
import type { Clock } from '../domain/clock.ts';
import { planWith } from '../planner/baselines/baseline.ts';
import type { SitePlan, SitePlanner } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { SolverThread } from './solver-thread.ts';

/** What an optimising planner uses. */
export interface PlannerOptions {
  /** Time and timers. */
  clock: Clock;
  /** Worker threads; the default is one for each core, two at most. */
  threads?: number;
  /** ms within which the solver must answer; the default is 2,000. */
  deadline?: number;
}

const MOST_THREADS = 2;
const DEADLINE_MS = 2_000;

/** A planner with threads that must be stopped. */
export interface OptimisingPlanner extends SitePlanner, AsyncDisposable {}

/**
 * A planner that solves each site in a worker thread, so that the event loop stays free. When the solver fails or is late, LLF
 * answers, and the certificate says why. All plans of a site are made in one thread, which keeps its model warm.
 */
export function openPlanner({ clock, threads = Math.min(MOST_THREADS, availableParallelism()), deadline = DEADLINE_MS }: PlannerOptions): OptimisingPlanner {
  const pool = Array.from({ length: Math.max(1, threads) }, () => new SolverThread(clock));
  return {
    async plan(problem: SiteProblem): Promise<SitePlan> {
      const solved = await threadFor(pool, problem.site).solve(problem, deadline);
      return 'plan' in solved ? solved.plan : planWith('LLF', problem, solved.failed);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(pool.map((thread) => thread.close()));
    },
  };
}

function threadFor(pool: readonly SolverThread[], site: string): SolverThread {
  let sum = 0;
  for (const letter of site) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return pool[sum % pool.length] as SolverThread;
}
