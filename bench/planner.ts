import { monitorEventLoopDelay } from 'node:perf_hooks';
import { epochSeconds } from '../src/domain/units.ts';
import { machineClock } from '../src/node/core/machine-clock.ts';
import type { SitePlan } from '../src/planner/site-plan.ts';
import type { SiteProblem } from '../src/planner/site-problem.ts';
import { carPark } from '../src/planner/synthetic-site.ts';
import { type OptimisingPlanner, openPlanner } from '../src/solver/open-planner.ts';
import { atMost, type Benchmark, type Row } from './benchmark.ts';

const WARM_UP = 20;
const PLANS = 200;
const ROUNDS = 7;
/** s between two plans of one site. */
const STEP_S = 10;

/** Time from a problem to its plan, both in this thread, with the solver in worker threads: one large site, and many sites at once. */
export const planner: Benchmark = async ({ progress }) => {
  await using solver = openPlanner({ clock: machineClock, threads: 2, deadline: 5_000 });
  const rows: Row[] = [];
  for (const quarters of [false, true]) {
    const prices = quarters ? 'prices by quarter' : 'prices by hour';
    progress(`200 sessions, ${prices}, ${PLANS} plans`);
    rows.push(...(await largeSite(solver, quarters, `200 sessions, ${prices}`)));
  }
  progress(`2,000 sessions at 40 sites, ${ROUNDS} times`);
  rows.push(...(await manySites(solver)));
  return rows;
};

async function largeSite(solver: OptimisingPlanner, quarters: boolean, name: string): Promise<readonly Row[]> {
  const site = carPark(200, { seed: 1, tightness: 0.5, quarters });
  for (let n = 0; n < WARM_UP; n++) await solver.plan(at(site, n));
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const times: number[] = [];
  let gap = 0;
  for (let n = 0; n < PLANS; n++) {
    const began = performance.now();
    const plan = await solver.plan(at(site, WARM_UP + n));
    times.push(performance.now() - began);
    gap = Math.max(gap, optimised(plan).certificate.gap ?? Number.NaN);
  }
  loop.disable();
  times.sort((a, b) => a - b);
  const part = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return [
    { name: `${name}, plan again, median`, value: part(0.5), unit: 'ms' },
    atMost(`${name}, plan again, p99`, part(0.99), { unit: 'ms', aim: 50 }),
    atMost(`${name}, longest delay of the event loop`, loop.max / 1e6, { unit: 'ms', aim: 10 }),
    { name: `${name}, largest gap to the optimum`, value: gap * 100, unit: '%' },
  ];
}

async function manySites(solver: OptimisingPlanner): Promise<readonly Row[]> {
  const sites = Array.from({ length: 40 }, (_, n) => carPark(50, { seed: 100 + n, tightness: 0.5 }));
  await Promise.all(sites.map((site) => solver.plan(site)));
  const times: number[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const began = performance.now();
    for (const plan of await Promise.all(sites.map((site) => solver.plan(at(site, n))))) optimised(plan);
    times.push(performance.now() - began);
  }
  return [atMost('2,000 sessions at 40 sites, all planned again, slowest', Math.max(...times), { unit: 'ms', aim: 1_000 })];
}

/** The problem as it is a number of steps later. */
const at = (site: SiteProblem, steps: number): SiteProblem => ({ ...site, now: epochSeconds(site.now + STEP_S * steps) });

function optimised(plan: SitePlan): SitePlan {
  if (plan.certificate.method !== 'OPTIMISED') throw new Error(`${plan.site} was not optimised: ${plan.certificate.fallback}`);
  return plan;
}
