import type { SitePlan } from '../planner/site-plan.ts';
import type { NodeStep, SessionProblem, SiteProblem, ValueStep } from '../planner/site-problem.ts';

const valueAt = (steps: readonly ValueStep[], at: number) => steps.find(({ from, to }) => from <= at && at < to)?.value;

/** The names of a node and of all above it. */
function pathOf({ limits }: SiteProblem, session: SessionProblem): string[] {
  const path: string[] = [];
  let at = session.node ?? limits.find(({ parent }) => parent === undefined)?.name;
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    const name: string = at;
    at = limits.find((node) => node.name === name)?.parent;
  }
  return path;
}

/** What a limit of a session adds: A on L1, L2 and L3, and W. */
function loadOf({ evse: { unit, voltage, phases } }: SessionProblem, limit: number): number[] {
  const on = (phase: number) => (phases.some((it) => it === phase) ? 1 : 0);
  if (unit === 'A') return [1, 2, 3].map((phase) => limit * on(phase)).concat(limit * voltage * phases.length);
  return [1, 2, 3].map((phase) => (limit * on(phase)) / (voltage * phases.length)).concat(limit);
}

const ceilings = ({ amperes, watts }: NodeStep) => [...[0, 1, 2].map((n) => (typeof amperes === 'number' ? amperes : amperes?.[n])), watts];

/**
 * Everything that is wrong with a plan, found without the planner's own numbers: at every moment at which anything changes it adds up
 * what the sessions may draw and compares it with every limit on every phase.
 */
export function faultsOf(problem: SiteProblem, plan: SitePlan): string[] {
  const faults = plan.schedules.flatMap(({ key, steps }) => faultsOfSteps(problem, key, steps));
  const moments = new Set<number>();
  for (const { steps } of plan.schedules) for (const { from } of steps) moments.add(from);
  for (const { steps } of problem.limits) for (const { from } of steps) if (from >= problem.now && from < problem.horizonEnd) moments.add(from);
  const paths = new Map(problem.sessions.map((session) => [session.key, pathOf(problem, session)]));
  for (const at of moments)
    for (const node of problem.limits) {
      const step = node.steps.find(({ from, to }) => from <= at && at < to);
      if (!step) continue;
      const sum = [0, 0, 0, 0];
      for (const session of problem.sessions.filter(({ key }) => paths.get(key)?.includes(node.name))) {
        const steps = plan.schedules.find(({ key }) => key === session.key)?.steps;
        for (const [n, load] of loadOf(session, (steps && valueAt(steps, at)) ?? 0).entries()) sum[n] = (sum[n] ?? 0) + load;
      }
      for (const [n, limit] of ceilings(step).entries())
        if (limit !== undefined && (sum[n] ?? 0) > Math.max(0, limit) + 1e-6)
          faults.push(`${node.name} ${n === 3 ? 'W' : `L${n + 1}`}: ${sum[n]} > ${limit} at ${at}`);
    }
  return faults;
}

function faultsOfSteps(problem: SiteProblem, key: string, steps: readonly ValueStep[]): string[] {
  const session = problem.sessions.find((it) => it.key === key);
  if (!session) return [`${key} is not in the problem`];
  const { min, max } = session.evse;
  return steps.flatMap(({ from, to, value }, n) => {
    const found: string[] = [];
    if (Math.abs(value * 10 - Math.round(value * 10)) > 1e-9) found.push(`${key}: ${value} is no tenth`);
    if (value > max + 1e-9 || (value > 0 && value < min)) found.push(`${key}: ${value} is not 0 and not between ${min} and ${max}`);
    if (value < 0 && !session.dischargeAllowed) found.push(`${key}: discharges`);
    if (to <= from || (n > 0 && steps[n - 1]?.to !== from) || (n === 0 && from !== problem.now)) found.push(`${key}: a gap at ${from}`);
    if (n > 0 && steps[n - 1]?.value === value) found.push(`${key}: ${value} twice`);
    return found;
  });
}
