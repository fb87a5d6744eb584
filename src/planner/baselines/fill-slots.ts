import { type Draft, emptyDraft } from '../finish/draft.ts';
import { tenthDown, tenthUp } from '../finish/round-draft.ts';
import type { Prepared } from '../prepare/prepared.ts';

const NOTHING = 1e-6;

/** The state of a simple planner at the begin of a slot. */
export interface SlotState {
  prepared: Prepared;
  slot: number;
  /** kWh that each session still needs. */
  left: Float64Array;
  /** The load on each capacity in this slot. */
  loads: Float64Array;
  /** kW of each session in this slot. */
  kw: Float64Array;
}

/** Decides the kW of each session that may charge in one slot; `waiting`: their numbers. */
export type FillSlot = (state: SlotState, waiting: readonly number[]) => void;

/** Plans slot after slot with one rule, as planners do that do not look ahead. */
export function fillSlots(prepared: Prepared, fill: FillSlot): Draft {
  const draft = emptyDraft(prepared);
  const left = Float64Array.from(prepared.sessions, ({ need }) => need);
  for (let slot = 0; slot < prepared.slots.length; slot++) {
    const waiting = [...left.keys()].filter((n) => (left[n] ?? 0) > NOTHING && (prepared.sessions[n]?.most[slot] ?? 0) > 0);
    const state: SlotState = { prepared, slot, left, loads: new Float64Array(prepared.capacities.length), kw: new Float64Array(left.length) };
    if (waiting.length > 0) fill(state, waiting);
    for (const n of waiting) take(draft, state, n);
  }
  return draft;
}

/** Takes over the kW of a session; it charges for a part of the slot when it needs less. */
function take({ kw, part }: Draft, { prepared, slot, left, kw: decided }: SlotState, n: number): void {
  const [power, hours, need] = [decided[n] ?? 0, prepared.sessions[n]?.hours[slot] ?? 0, left[n] ?? 0];
  kw[n]?.fill(power, slot, slot + 1);
  if (power * hours > need) part[n]?.fill(need / (power * hours), slot, slot + 1);
  left[n] = Math.max(0, need - power * hours);
}

/** kW that a session can use in the slot: its maximum, or what its need takes, but its minimum at least. */
export function usable({ prepared, slot, left }: SlotState, n: number): number {
  const session = prepared.sessions[n];
  if (!session) return 0;
  const { most, hours, min, kwPerUnit } = session;
  const wanted = Math.max(min, tenthUp((left[n] ?? 0) / (hours[slot] || 1) / kwPerUnit) * kwPerUnit);
  return Math.min(most[slot] ?? 0, wanted);
}

/** kW that still fit below every limit above a session. */
export function roomFor({ prepared, slot, loads }: SlotState, n: number): number {
  let room = Infinity;
  for (const { capacity, perKw } of prepared.above[n] ?? [])
    if (perKw > 0) room = Math.min(room, ((prepared.capacities[capacity]?.ceiling[slot] ?? Infinity) - (loads[capacity] ?? 0)) / perKw);
  return Math.max(0, room);
}

/** Sets the kW of a session, rounded down to a tenth of its unit; below its minimum it gets nothing. */
export function give(state: SlotState, n: number, power: number): void {
  const session = state.prepared.sessions[n];
  if (!session) return;
  const rounded = tenthDown(power / session.kwPerUnit) * session.kwPerUnit;
  const kw = rounded < session.min - NOTHING ? 0 : rounded;
  const by = kw - (state.kw[n] ?? 0);
  state.kw[n] = kw;
  for (const { capacity, perKw } of state.prepared.above[n] ?? []) state.loads[capacity] = (state.loads[capacity] ?? 0) + by * perKw;
}
