import type { NodeLimit, NodeStep, Phase } from '../planner/index.ts';
import type { PastCharge, Scenario } from './scenario.ts';

/** What is more than a limit by less than this part is a rounding error. */
const ROUNDING = 1e-6;

/** W that a car draws at a limit in the unit of its EVSE. */
export const wattsAt = ({ electric }: PastCharge, limit: number): number =>
  electric.unit === 'W' ? limit : limit * electric.voltage * (electric.energyPhases ?? electric.phases.length);

/** The names of the limits that these currents or powers of cars exceed at a moment. */
export function exceededBy(scenario: Scenario, at: number, loads: ReadonlyMap<PastCharge, number>): string[] {
  const parents = new Map(scenario.limits.map(({ name, parent }) => [name, parent]));
  const root = scenario.limits.find(({ parent }) => parent === undefined)?.name;
  const exceeded = scenario.limits.filter((limit) => isOver(limit, at, below(limit.name, { parents, root, loads }))).map(({ name }) => name);
  const sums = (scenario.sums ?? []).filter(({ weightOf, ceiling }) => {
    let sum = 0;
    for (const [charge, load] of loads) sum += weightOf(charge) * load;
    return sum > ceiling * (1 + ROUNDING) + ROUNDING;
  });
  return [...exceeded, ...sums.map(({ name }) => name), ...(scenario.exceeds?.(loads) ? ['the real limit'] : [])];
}

interface Tree {
  parents: ReadonlyMap<string, string | undefined>;
  root: string | undefined;
  loads: ReadonlyMap<PastCharge, number>;
}

/** The cars below a limit. */
function below(name: string, { parents, root, loads }: Tree): [PastCharge, number][] {
  return [...loads].filter(([{ node }]) => {
    for (let at = node ?? root; at !== undefined; at = parents.get(at)) if (at === name) return true;
    return false;
  });
}

function isOver({ steps }: NodeLimit, at: number, cars: readonly [PastCharge, number][]): boolean {
  const step = steps.find(({ from, to }) => from <= at && at < to);
  if (!step) return false;
  const total = cars.reduce((sum, [charge, load]) => sum + wattsAt(charge, load), 0);
  if (step.watts !== undefined && total > step.watts * (1 + ROUNDING)) return true;
  return ([1, 2, 3] as const).some((phase) => onPhase(phase, cars) > ceilingOf(step, phase) * (1 + ROUNDING));
}

const ceilingOf = ({ amperes = Number.POSITIVE_INFINITY }: NodeStep, phase: Phase): number =>
  typeof amperes === 'number' ? amperes : (amperes[phase - 1] ?? Number.POSITIVE_INFINITY);

function onPhase(phase: Phase, cars: readonly [PastCharge, number][]): number {
  return cars.reduce((sum, [{ electric }, load]) => {
    if (electric.unit === 'W') return sum + load / (3 * electric.voltage);
    return sum + (electric.phases.includes(phase) ? load : 0);
  }, 0);
}
