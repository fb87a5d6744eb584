import type { SessionKey } from '../../domain/ids.ts';
import type { ProblemNote } from '../site-plan.ts';
import type { SessionProblem, SiteProblem } from '../site-problem.ts';
import { capacitiesOf } from './capacities.ts';
import { type GridOptions, layGrid } from './lay-grid.ts';
import { prepareSession } from './prepare-session.ts';
import type { Above, Capacity, Prepared, PreparedSession } from './prepared.ts';
import { tranchesOf } from './tranches.ts';
import { costScale } from './weigh-costs.ts';

/**
 * Turns a problem into numbers. Whatever is missing or wrong in it gets a safe reading and a note; every problem has a plan.
 */
export function prepare(problem: SiteProblem, options: GridOptions = {}): Prepared {
  const notes: ProblemNote[] = [];
  const all = distinct(problem.sessions, notes);
  const steerable = all.filter((session) => session.steerable).sort((a, b) => (a.key < b.key ? -1 : 1));
  const grid = layGrid(problem, all, options);
  const { slots } = grid;
  const scale = costScale(slots);
  const sessions = steerable.map((session): PreparedSession => {
    const { prepared, notes: found } = prepareSession(session, { slots, scale, problem });
    notes.push(...found.map((says) => ({ key: session.key, says })));
    return prepared;
  });
  const { capacities, notes: tree } = capacitiesOf(problem, { steerable, uncontrolled: all.filter((session) => !session.steerable), slots });
  const { perKilowatt = 0, peakSoFar = 0 } = problem.demandCharge ?? {};
  const sound = Number.isFinite(perKilowatt) && perKilowatt > 0 && Number.isFinite(peakSoFar);
  const faults = perKilowatt === 0 || sound ? [] : ['the demand charge is not usable: it is left out'];
  const peakPrice = sound ? perKilowatt / scale.price : 0;
  return {
    problem,
    slots,
    sessions,
    capacities,
    above: aboveOf(sessions.length, capacities),
    tranches: sessions.map((session) => tranchesOf(session, { sessions, peakPrice })),
    priceScale: scale.price,
    peakPrice,
    peakSoFar: sound ? Math.max(0, peakSoFar / 1000) : 0,
    notes: [...[...grid.notes, ...tree, ...faults].map((says) => ({ says })), ...notes],
  };
}

/** Of two sessions with one key the first counts. */
function distinct(sessions: readonly SessionProblem[], notes: ProblemNote[]): readonly SessionProblem[] {
  const known = new Map<SessionKey, SessionProblem>();
  for (const session of sessions) {
    if (known.has(session.key)) notes.push({ key: session.key, says: 'it is in the problem more than once: the first one counts' });
    else known.set(session.key, session);
  }
  return [...known.values()];
}

function aboveOf(count: number, capacities: readonly Capacity[]): readonly (readonly Above[])[] {
  const above = Array.from({ length: count }, (): Above[] => []);
  for (const [capacity, { members, loads }] of capacities.entries()) for (const [k, n] of members.entries()) above[n]?.push({ capacity, perKw: loads[k] ?? 0 });
  return above;
}
