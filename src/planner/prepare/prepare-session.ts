import type { ProfileType } from '../../domain/preferences.ts';
import type { EvseData, SessionProblem, SiteProblem } from '../site-problem.ts';
import { type GridSlot, kwh, type PreparedDischarge, type PreparedSession } from './prepared.ts';
import { cleanSeries } from './read-series.ts';
import { type CostScale, weighCosts } from './weigh-costs.ts';

/** kWh that a session with an unknown need is planned with. */
const USUAL_NEED = 30;

/** s: how soon a session without a departure must be ready, where sessions are ordered by their deadlines. */
const ASSUMED_STAY_S = 14_400;

/** The slots and the scale of the costs of a plan. */
export interface SessionContext {
  slots: readonly GridSlot[];
  scale: CostScale;
  problem: SiteProblem;
}

/** kW for each unit of a limit; an EVSE without phases or voltage has none. */
export function kwPerUnit({ unit, voltage, phases, energyPhases }: EvseData): number {
  const factor = unit === 'W' ? 1 : voltage * (energyPhases ?? phases.length);
  return Number.isFinite(factor) && factor > 0 ? factor / 1000 : 0;
}

/** A session in numbers, and a note for each value of it that was missing or wrong. */
export function prepareSession(session: SessionProblem, context: SessionContext): { prepared: PreparedSession; notes: readonly string[] } {
  const notes: string[] = [];
  const perUnit = kwPerUnit(session.evse);
  if (perUnit === 0) notes.push('its EVSE has no voltage or no phases: it gets nothing');
  const window = windowOf(session, context, notes);
  const { most, hours, max } = powerIn(session, { ...window, perUnit, slots: context.slots }, notes);
  const reach = most.reduce((sum, kw, n) => sum + kw * (hours[n] ?? 0), 0);
  const discharge = dischargeOf(session, perUnit, notes);
  const wanted = needOf(session, reach, notes);
  const need = Math.min(wanted, discharge?.room ?? wanted);
  if (need < wanted) notes.push(`its battery has room for ${Math.round(need * 10) / 10} kWh: no more is planned`);
  const sent = sentTo(session, perUnit, context);
  const { type, wish } = typeOf(session, window.known, context);
  if (wish) notes.push(wish);
  const laxity = max > 0 ? Math.max(0, (window.known ? window.to - window.from : 0) / 3_600 - need / max) : 0;
  const usualDeparture = session.likelyDeparture ?? Infinity;
  const used = [...most.keys()].filter((n) => (most[n] ?? 0) > 0);
  const prepared: PreparedSession = {
    problem: session,
    deadline: window.known ? window.to : window.from + ASSUMED_STAY_S,
    kwPerUnit: perUnit,
    min: (Math.ceil(Math.max(0, session.evse.min || 0) * 10 - 1e-5) / 10) * perUnit, // limits are sent in tenths
    first: used[0] ?? 0,
    end: (used.at(-1) ?? -1) + 1,
    most,
    hours,
    cost: weighCosts(context.slots, context.scale, { type, laxity, usualDeparture, sent: sent?.mean, begins: window.from }),
    need,
    delivered: Math.max(0, kwh(session.delivered) || 0),
    promised: Math.min(need, Math.max(0, (session.promised ?? 0) / 1000 || 0)),
    discharge,
    sent,
    wish,
  };
  return { prepared, notes };
}

interface Window {
  from: number;
  to: number;
  /** False: the departure is not known, so the session charges as soon as possible. */
  known: boolean;
}

function windowOf({ arrival, departure }: SessionProblem, { slots }: SessionContext, notes: string[]): Window {
  const [start, end] = [slots[0]?.from ?? 0, slots.at(-1)?.to ?? 0];
  const from = Number.isFinite(arrival) ? Math.max(start, arrival) : start;
  if (departure === undefined || !Number.isFinite(departure)) {
    if (departure !== undefined) notes.push('its departure is no number: it charges as soon as possible');
    return { from, to: end, known: false };
  }
  if (departure > from) return { from, to: Math.min(end, departure), known: true };
  notes.push(
    departure <= start ? 'its departure is in the past: it charges as soon as possible' : 'it departs before it arrives: it charges as soon as possible',
  );
  return { from, to: end, known: false };
}

/** The highest power and the usable hours of each slot. Below the minimum of the car it is 0. */
function powerIn(session: SessionProblem, { from, to, perUnit, slots }: Window & { perUnit: number; slots: readonly GridSlot[] }, notes: string[]) {
  const { min, max: limit } = session.evse;
  const max = Number.isFinite(limit) && limit > 0 ? limit : 0;
  if (max === 0) notes.push('its EVSE has no maximum above 0: it gets nothing');
  else if (min > max) notes.push(`its maximum of ${max} ${session.evse.unit} is below its minimum of ${min}: it gets nothing`);
  const { steps, faults } = cleanSeries('ceilings', session.ceiling);
  notes.push(...faults);
  const hours = Float64Array.from(slots, (slot) => Math.max(0, Math.min(slot.to, to) - Math.max(slot.from, from)) / 3_600);
  const most = Float64Array.from(slots, (slot, n) => {
    if ((hours[n] ?? 0) <= 0) return 0;
    const lowest = steps.reduce((low, step) => (step.from < slot.to && step.to > slot.from ? Math.min(low, Math.max(0, step.value)) : low), max);
    return lowest < min ? 0 : lowest * perUnit;
  });
  return { most, hours, max: max * perUnit };
}

function needOf({ need }: SessionProblem, reach: number, notes: string[]): number {
  if (need === undefined) {
    notes.push(`its energy need is not known: ${USUAL_NEED} kWh are planned`);
    return Math.min(USUAL_NEED, reach);
  }
  if (Number.isFinite(need) && need >= 0) return kwh(need);
  notes.push('its energy need is no number from 0 on: nothing is planned for it');
  return 0;
}

/** A session without a departure that can be planned with charges as soon as possible, whatever its type. */
function typeOf(
  { profileType: type, dischargeAllowed }: SessionProblem,
  known: boolean,
  { problem }: SessionContext,
): { type: ProfileType; wish: string | undefined } {
  const prices = (problem.prices?.length ?? 0) > 0;
  if (type === 'GREEN' && !problem.carbon?.length)
    return { type: known ? 'REGULAR' : 'FAST', wish: 'it wants GREEN, but no carbon intensity is known: planned as REGULAR' };
  if (type === 'CHEAP' && !prices) return { type: known ? 'REGULAR' : 'FAST', wish: 'it wants CHEAP, but no price is known: planned as REGULAR' };
  if (!known && type !== 'FAST')
    return { type: 'FAST', wish: type === 'REGULAR' ? undefined : `it wants ${type}, but has no departure to plan with: it charges as soon as possible` };
  return { type, wish: type === 'FAST' && dischargeAllowed ? 'it wants FAST and allows discharging: it is not discharged' : undefined };
}

function sentTo({ key }: SessionProblem, perUnit: number, { slots, problem }: SessionContext): PreparedSession['sent'] {
  const sent = problem.sent?.find((it) => it.key === key);
  if (!sent) return undefined;
  const { steps } = cleanSeries('limits', sent.steps);
  const mean = new Float64Array(slots.length);
  const most = new Float64Array(slots.length);
  for (const [n, slot] of slots.entries())
    for (const step of steps) {
      const overlap = Math.min(step.to, slot.to) - Math.max(step.from, slot.from);
      if (overlap <= 0) continue;
      mean[n] = (mean[n] ?? 0) + (step.value * perUnit * overlap) / (slot.to - slot.from);
      if (Math.abs(step.value * perUnit) > Math.abs(most[n] ?? 0)) most[n] = step.value * perUnit;
    }
  return { mean, most };
}

function dischargeOf({ discharge, dischargeAllowed, profileType, departure }: SessionProblem, perUnit: number, notes: string[]): PreparedDischarge | undefined {
  if (!dischargeAllowed || !discharge || profileType === 'FAST' || departure === undefined) return undefined;
  const { max, available, room, efficiency, wear } = discharge;
  const sound = [max, available, room, wear].every((value) => Number.isFinite(value) && value >= 0) && efficiency > 0 && efficiency <= 1;
  if (!sound) notes.push('its data for discharging are not usable: it is not discharged');
  return sound ? { max: max * perUnit, available: available / 1000, room: room / 1000, efficiency, wear } : undefined;
}
