import { epochSeconds, wattHours } from '../../domain/units.ts';
import { reachOf } from '../prepare/charge-early.ts';
import type { Prepared, PreparedSession } from '../prepare/prepared.ts';
import type { Blame, Unserved } from '../site-plan.ts';
import type { Draft } from './draft.ts';
import type { Evaluation } from './evaluate.ts';

/** kWh and part of the need: less does not count as missing. */
const SMALL = 0.1;
const SMALL_PART = 0.01;
const TOLERANCE = 1e-6;

/** The sessions that miss energy, each with what is to blame. */
export function unservedOf(prepared: Prepared, draft: Draft, evaluation: Evaluation): readonly Unserved[] {
  return prepared.sessions.flatMap((session, n): Unserved[] => {
    const missing = session.need - (evaluation.energy[n] ?? 0);
    if (missing <= Math.max(SMALL, SMALL_PART * session.need)) return [];
    const blame = blameFor({ prepared, draft, evaluation }, n, session);
    return [{ key: session.problem.key, energy: wattHours(Math.round(missing * 1000)), blame, says: sentence({ session, missing, blame }) }];
  });
}

interface Planned {
  prepared: Prepared;
  draft: Draft;
  evaluation: Evaluation;
}

function blameFor(planned: Planned, n: number, session: PreparedSession): Blame {
  if (reachOf(session) < session.need - SMALL) return { kind: session.end === session.first || session.problem.ceiling?.length ? 'EVSE' : 'WINDOW' };
  return fullestLimit(planned, n, session) ?? { kind: session.min > 0 ? 'MINIMUM' : 'WISH' };
}

/** The limit that holds the session below its maximum for the longest time; also one that has less left than the minimum of the car. */
function fullestLimit({ prepared, draft, evaluation }: Planned, n: number, session: PreparedSession): Blame | undefined {
  const found = prepared.capacities.map(({ name, members, loads, ceiling }, c) => {
    const span = { name, hours: 0, from: Infinity, to: -Infinity };
    const load = loads[members.indexOf(n)] ?? 0;
    if (load <= 0) return span;
    const step = load * Math.max(session.min - 0, session.kwPerUnit * 0.1);
    for (let slot = session.first; slot < session.end; slot++) {
      const room = (ceiling[slot] ?? Infinity) - (evaluation.loads[c]?.[slot] ?? 0);
      const own = draft.kw[n]?.[slot] ?? 0;
      if (own >= (session.most[slot] ?? 0) - TOLERANCE || room >= (own > 0 ? load * session.kwPerUnit * 0.1 : step) - TOLERANCE) continue;
      span.hours += session.hours[slot] ?? 0;
      span.from = Math.min(span.from, prepared.slots[slot]?.from ?? Infinity);
      span.to = Math.max(span.to, prepared.slots[slot]?.to ?? -Infinity);
    }
    return span;
  });
  const worst = found.reduce((a, b) => (b.hours > a.hours ? b : a), { name: '', hours: 0, from: 0, to: 0 });
  return worst.hours > 0 ? { kind: 'LIMIT', name: worst.name, from: epochSeconds(worst.from), to: epochSeconds(worst.to) } : undefined;
}

function sentence({ session, missing, blame }: { session: PreparedSession; missing: number; blame: Blame }): string {
  const short = `${print(missing)} of ${print(session.need)} kWh cannot be delivered`;
  switch (blame.kind) {
    case 'WINDOW':
      return `${short}: until ${moment(session.deadline)} this charge point can give at most ${print(reachOf(session))} kWh to this car.`;
    case 'EVSE':
      return `${short}: a limit of this charge point allows at most ${print(reachOf(session))} kWh until ${moment(session.deadline)}.`;
    case 'LIMIT':
      return `${short}: the limit ${blame.name} is full from ${moment(blame.from)} to ${moment(blame.to)}.`;
    case 'MINIMUM':
      return `${short}: less than the minimum of this car is left beside the other cars.`;
    case 'WISH':
      return `${short} in this plan.`;
  }
}

/** One decimal at most. */
export const print = (value: number): string => String(Math.round(value * 10) / 10);
/** `2026-11-24 18:00Z`. */
export const moment = (at: number): string => `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z`;
