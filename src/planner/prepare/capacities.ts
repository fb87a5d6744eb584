import type { NodeLimit, Phase, SessionProblem, SiteProblem } from '../site-problem.ts';
import { kwPerUnit } from './prepare-session.ts';
import type { Capacity, GridSlot } from './prepared.ts';

/** The sessions of a plan: steerable ones by their number, and the others. */
export interface Members {
  steerable: readonly SessionProblem[];
  uncontrolled: readonly SessionProblem[];
  slots: readonly GridSlot[];
}

type LoadOf = (session: SessionProblem) => number;

const PHASES: readonly Phase[] = [1, 2, 3];

/** All ceilings of a site over time, and what was wrong with them. Ceilings that are always equal appear once. */
export function capacitiesOf(problem: SiteProblem, members: Members): { capacities: readonly Capacity[]; notes: readonly string[] } {
  const { pathOf, notes } = readTree(problem);
  const below = (node: NodeLimit) => (session: SessionProblem) => pathOf(session).includes(node.name);
  const rows = problem.limits.flatMap((node) => [...phaseRows(node, members, below(node)), ...powerRows(node, members, below(node))]);
  const sums = (problem.sums ?? []).flatMap(({ name, weights, steps }) => {
    const ceiling = ceilingOf(steps, members.slots, ({ value }) => value);
    return row({ name, unit: '', ceiling, load: (session) => (weights[session.key] ?? 0) / kwPerUnit(session.evse) }, members);
  });
  return { capacities: withoutEqual([...rows, ...sums]), notes };
}

/** For each session the names of the limits above it. Faults of the tree become notes. */
function readTree({ limits }: SiteProblem): { pathOf: (session: SessionProblem) => readonly string[]; notes: readonly string[] } {
  const notes: string[] = [];
  const byName = new Map(limits.map((node) => [node.name, node]));
  const paths = new Map<string, readonly string[]>();
  for (const { name } of limits) {
    const path: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = byName.get(at)?.parent) {
      if (path.includes(at)) notes.push(`the limit ${name} is below itself: the limits on the way count once`);
      else if (!byName.has(at)) notes.push(`the limit ${path.at(-1)} is below ${at}, which does not exist: it counts as a root`);
      if (path.includes(at) || !byName.has(at)) break;
      path.push(at);
    }
    paths.set(name, path);
  }
  const root = limits.find(({ parent }) => parent === undefined || !byName.has(parent))?.name ?? limits[0]?.name ?? '';
  return { pathOf: ({ node = root }) => paths.get(node) ?? paths.get(root) ?? [], notes: [...new Set(notes)] };
}

function phaseRows(node: NodeLimit, members: Members, isBelow: (session: SessionProblem) => boolean): readonly Capacity[] {
  return PHASES.flatMap((phase) => {
    const ceiling = ceilingOf(node.steps, members.slots, ({ amperes }) => (typeof amperes === 'number' ? amperes : amperes?.[phase - 1]));
    return row({ name: `${node.name} on L${phase}`, unit: 'A', ceiling, load: (session) => (isBelow(session) ? amperesPerKw(session, phase) : 0) }, members);
  });
}

function powerRows(node: NodeLimit, members: Members, isBelow: (session: SessionProblem) => boolean): readonly Capacity[] {
  const ceiling = ceilingOf(node.steps, members.slots, ({ watts }) => watts);
  return row({ name: node.name, unit: 'W', ceiling, load: (session) => (isBelow(session) ? wattsPerKw(session) : 0) }, members);
}

/** A on one phase for each kW of the plan. DC takes its power from three phases. */
function amperesPerKw({ evse }: SessionProblem, phase: Phase): number {
  if (!evse.phases.includes(phase)) return 0;
  return evse.unit === 'A' ? 1 / kwPerUnit(evse) : 1000 / (evse.voltage * evse.phases.length);
}

/** W for each kW of the plan: more than 1,000 when more phases may charge than surely do. */
const wattsPerKw = ({ evse }: SessionProblem): number => (evse.unit === 'A' ? (1000 * evse.phases.length) / (evse.energyPhases ?? evse.phases.length) : 1000);

interface RowInput {
  name: string;
  unit: Capacity['unit'];
  ceiling: Float64Array;
  load: LoadOf;
}

/** One capacity, or none when nobody loads it or it is never limited. The maximum of uncontrolled sessions is taken off. */
function row({ name, unit, ceiling, load }: RowInput, { steerable, uncontrolled, slots }: Members): readonly Capacity[] {
  if (!ceiling.some(Number.isFinite)) return [];
  for (const session of uncontrolled) {
    const reserved = load(session) * session.evse.max * kwPerUnit(session.evse);
    if (!Number.isFinite(reserved)) continue;
    for (const [n, slot] of slots.entries())
      if (slot.to > session.arrival && slot.from < (session.departure ?? Infinity)) ceiling[n] = Math.max(0, (ceiling[n] ?? 0) - reserved);
  }
  const loads = steerable.map(load);
  const members = [...loads.keys()].filter((n) => Number.isFinite(loads[n]) && loads[n] !== 0);
  return members.length === 0 ? [] : [{ name, unit, members, loads: Float64Array.from(members, (n) => loads[n] ?? 0), ceiling }];
}

/** The lowest ceiling within each slot. A value that is no number from 0 on counts as 0: no limit would be dangerous. */
function ceilingOf<S extends { from: number; to: number }>(
  steps: readonly S[],
  slots: readonly GridSlot[],
  read: (step: S) => number | undefined,
): Float64Array {
  const ceiling = new Float64Array(slots.length).fill(Infinity);
  for (const step of steps) {
    const value = read(step);
    if (value === undefined) continue;
    const limit = value >= 0 ? value : 0;
    for (const [n, slot] of slots.entries()) if (step.from < slot.to && step.to > slot.from) ceiling[n] = Math.min(ceiling[n] ?? Infinity, limit);
  }
  return ceiling;
}

/** Of rows with the same members, loads and ceilings the first, named without its phase. */
function withoutEqual(rows: readonly Capacity[]): readonly Capacity[] {
  const known = new Map<string, Capacity>();
  for (const row of rows) {
    const id = `${row.members.join()} ${row.loads.join()} ${row.ceiling.join()}`;
    const first = known.get(id);
    known.set(id, first ? { ...first, name: first.name.replace(/ on L\d$/, '') } : row);
  }
  return [...known.values()];
}
