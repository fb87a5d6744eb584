import { epochSeconds, type WattHours, wattHours, watts } from '../../domain/units.ts';
import type { Prepared, PreparedSession } from '../prepare/prepared.ts';
import type { Certificate, Method, SessionSchedule, SitePlan } from '../site-plan.ts';
import type { ValueStep } from '../site-problem.ts';
import { type Draft, energyIn } from './draft.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { moment, print, unservedOf } from './find-blame.ts';

/** How a plan was made, for its certificate. */
export interface Making {
  method: Method;
  fallback?: string;
  /** The optimum of the relaxed problem. */
  bound?: number;
}

/** A plan for people and charge points from a plan in numbers. */
export function makePlan(prepared: Prepared, draft: Draft, making: Making): SitePlan {
  const evaluation = evaluate(prepared, draft);
  const schedules = prepared.sessions.map((session, n) => scheduleOf(prepared, { draft, evaluation, n }, session));
  return { site: prepared.problem.site, schedules, certificate: certify(prepared, { draft, evaluation, making }) };
}

function certify(prepared: Prepared, { draft, evaluation, making }: { draft: Draft; evaluation: Evaluation; making: Making }): Certificate {
  const { method, fallback, bound } = making;
  const { objective, cost, carbon, peak, exceeded } = evaluation;
  return {
    method,
    ...(fallback !== undefined && { fallback }),
    objective,
    ...(bound !== undefined && { bound, gap: Math.max(0, objective - bound) / Math.max(1, Math.abs(bound)) }),
    cost,
    ...(prepared.problem.carbon?.length && { carbon }),
    peak: watts(Math.round(peak * 1000)),
    unserved: unservedOf(prepared, draft, evaluation),
    notes: prepared.notes,
    exceeded,
  };
}

interface Place {
  draft: Draft;
  evaluation: Evaluation;
  n: number;
}

function scheduleOf(prepared: Prepared, place: Place, session: PreparedSession): SessionSchedule {
  const { key, evse } = session.problem;
  const energy = place.evaluation.energy[place.n] ?? 0;
  return { key, unit: evse.unit, steps: stepsOf(prepared, place, session), energy: toWattHours(energy), why: reasonFor(prepared, place, session) };
}

const toWattHours = (energy: number): WattHours => wattHours(Math.round(energy * 1000));

function stepsOf({ slots }: Prepared, { draft, n }: Place, session: PreparedSession): readonly ValueStep[] {
  const steps: ValueStep[] = [];
  const add = (from: number, to: number, value: number) => {
    const last = steps.at(-1);
    if (to <= from) return;
    if (last?.value === value) last.to = epochSeconds(to);
    else steps.push({ from: epochSeconds(from), to: epochSeconds(to), value });
  };
  for (const [slot, { from, to }] of slots.entries()) {
    const kw = draft.kw[n]?.[slot] ?? 0;
    const value = kw === 0 || session.kwPerUnit === 0 ? 0 : Math.round((kw / session.kwPerUnit) * 10) / 10;
    const part = draft.part[n]?.[slot] ?? 1;
    const begins = Math.max(from, session.first === slot ? Math.floor(Math.max(from, session.problem.arrival)) : from);
    const ends = part < 1 ? Math.min(to, Math.ceil(begins + part * (session.hours[slot] ?? 0) * 3_600)) : to;
    if (value !== 0 && part < 1) {
      add(from, ends, value);
      add(ends, to, 0);
    } else add(from, to, value);
  }
  return steps;
}

/** Why a session charges when it does. */
function reasonFor(prepared: Prepared, { draft, n }: Place, session: PreparedSession): string {
  const used: number[] = [];
  for (let slot = session.first; slot < session.end; slot++) if (energyIn(prepared, draft, [n, slot]) > 1e-6) used.push(slot);
  const { profileType: type, departure } = session.problem;
  const [first, last] = [prepared.slots[used[0] ?? -1], prepared.slots[used.at(-1) ?? -1]];
  if (!first || !last) return session.need <= 0 ? 'It needs no energy.' : 'It gets nothing in this plan.';
  const until = departure !== undefined && departure === session.deadline ? ` before ${moment(departure)}` : '';
  const when = `between ${moment(first.from)} and ${moment(last.to)}`;
  const choice = { CHEAP: 'in the cheapest hours that the limits leave', GREEN: 'in the hours with the least carbon that the limits leave' };
  const how = session.wish === undefined && (type === 'CHEAP' || type === 'GREEN') ? choice[type] : 'as early as the limits and the other cars allow';
  return `${print(session.need)} kWh${until}: charges ${when}, ${how}.`;
}
