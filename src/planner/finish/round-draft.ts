import type { Prepared, PreparedSession } from '../prepare/prepared.ts';
import { type Draft, emptyDraft, energyOf, loadsOf } from './draft.ts';

/** A unit of load: less above a ceiling is a floating-point error. */
const NOTHING = 1e-7;
/** kWh: less is not worth another change. */
const SMALL = 0.005;
/** kWh: less is not worth a higher peak. */
const WORTH_A_PEAK = 0.05;

/** What a solver found: kW for each session and slot, and where a session uses only a part of the slot. */
export interface RawPlan {
  kw: readonly Float64Array[];
  isPart: (session: number, slot: number) => boolean;
}

/**
 * Makes limits that can be sent: tenths of a unit, 0 below the minimum of a car, never above a ceiling. Then each session gets back
 * what it lost by the rounding, where there is room.
 */
export function roundDraft(prepared: Prepared, raw: RawPlan): Draft {
  const draft = emptyDraft(prepared);
  for (const [n, session] of prepared.sessions.entries())
    for (let slot = session.first; slot < session.end; slot++) roundSlot(draft, { raw, n, slot }, session);
  const loads = loadsOf(prepared, draft);
  lowerExceeded(prepared, draft, loads);
  const filling = { draft, loads, power: powerOf(draft.kw, prepared), peak: peakOf(prepared, raw) };
  topUp(prepared, filling, SMALL);
  if (prepared.early) useSpareRoom(prepared, filling);
  if (filling.peak < Infinity) topUp(prepared, { ...filling, peak: Infinity }, WORTH_A_PEAK);
  return draft;
}

/** A plan that is being completed. */
interface Filling {
  draft: Draft;
  /** For each capacity the load of each slot. */
  loads: readonly Float64Array[];
  /** kW of all sessions in each slot, and the most that they may be together: more would cost a demand charge. */
  power: Float64Array;
  peak: number;
}

function powerOf(kw: readonly Float64Array[], { slots }: Prepared): Float64Array {
  const power = new Float64Array(slots.length);
  for (const own of kw) for (let slot = 0; slot < power.length; slot++) power[slot] = (power[slot] ?? 0) + (own[slot] ?? 0);
  return power;
}

const peakOf = (prepared: Prepared, { kw }: RawPlan): number =>
  prepared.peakPrice > 0 ? powerOf(kw, prepared).reduce((high, power) => Math.max(high, power), prepared.peakSoFar) : Infinity;

function roundSlot({ kw, part }: Draft, { raw, n, slot }: { raw: RawPlan; n: number; slot: number }, { min, kwPerUnit }: PreparedSession): void {
  const [own, parts] = [kw[n], part[n]];
  const wanted = raw.kw[n]?.[slot] ?? 0;
  if (!own || !parts || kwPerUnit === 0) return;
  if (raw.isPart(n, slot) && wanted > 0) {
    own[slot] = tenthUp(min / kwPerUnit) * kwPerUnit;
    parts[slot] = Math.min(1, wanted / (own[slot] ?? 1));
    return;
  }
  const limit = tenthDown(wanted / kwPerUnit) * kwPerUnit;
  own[slot] = Math.abs(limit) < min - NOTHING ? 0 : limit;
}

/** Rounded down to a tenth; what is less than 1e-6 below a tenth is that tenth. */
export const tenthDown = (limit: number): number => Math.floor(limit * 10 + 1e-5) / 10;
/** Rounded up to a tenth. */
export const tenthUp = (limit: number): number => Math.ceil(limit * 10 - 1e-5) / 10;

/** Lowers sessions until no ceiling is exceeded: rounding may have moved a load that counts negative. */
function lowerExceeded(prepared: Prepared, { kw }: Draft, loads: readonly Float64Array[]): void {
  for (const [c, { members, loads: perKw, ceiling }] of prepared.capacities.entries())
    for (let slot = 0; slot < ceiling.length; slot++)
      for (let k = members.length - 1; k >= 0 && (loads[c]?.[slot] ?? 0) > (ceiling[slot] ?? 0) + NOTHING; k--) {
        const n = members[k] ?? 0;
        const [own, session] = [kw[n], prepared.sessions[n]];
        const load = perKw[k] ?? 0;
        if (!own || !session || load <= 0 || (own[slot] ?? 0) <= 0) continue;
        const over = (loads[c]?.[slot] ?? 0) - (ceiling[slot] ?? 0);
        const lower = tenthDown(((own[slot] ?? 0) - over / load) / session.kwPerUnit - 1e-5) * session.kwPerUnit;
        change(prepared, { kw: own, loads }, { n, slot, to: lower < session.min - NOTHING ? 0 : lower });
      }
}

interface Change {
  n: number;
  slot: number;
  /** kW. */
  to: number;
}

function change({ above }: Prepared, { kw, loads }: { kw: Float64Array; loads: readonly Float64Array[] }, { n, slot, to }: Change): void {
  const by = to - (kw[slot] ?? 0);
  kw[slot] = to;
  for (const { capacity, perKw } of above[n] ?? []) {
    const sum = loads[capacity];
    if (sum) sum[slot] = (sum[slot] ?? 0) + by * perKw;
  }
}

/** Gives sessions that miss energy more, those with the largest part missing first, in their cheapest slots that have room. */
function topUp(prepared: Prepared, filling: Filling, small: number): void {
  const { draft } = filling;
  const energy = energyOf(prepared, draft);
  const missing = (n: number) => (prepared.sessions[n]?.need ?? 0) - (energy[n] ?? 0);
  const total = (n: number) => (prepared.sessions[n]?.need ?? 0) + (prepared.sessions[n]?.delivered ?? 0) || 1;
  const short = [...energy.keys()].filter((n) => missing(n) > small).sort((a, b) => missing(b) / total(b) - missing(a) / total(a) || a - b);
  for (const n of short) {
    const session = prepared.sessions[n];
    if (!session || session.discharge) continue;
    const slots = slotsByCost(session, draft.kw[n]);
    let left = missing(n);
    for (const slot of slots) {
      if (left <= SMALL) break;
      left -= raise(prepared, filling, { n, slot, left });
    }
  }
}

/** The slots of a session, those that it uses first, then the cheapest. */
function slotsByCost({ first, end, cost, most }: PreparedSession, kw: Float64Array | undefined): readonly number[] {
  const slots: number[] = [];
  for (let slot = first; slot < end; slot++) if ((most[slot] ?? 0) > 0) slots.push(slot);
  const unused = (slot: number) => ((kw?.[slot] ?? 0) > 0 ? 0 : 1);
  return slots.sort((a, b) => unused(a) - unused(b) || (cost[a] ?? 0) - (cost[b] ?? 0) || a - b);
}

/** Raises the limit of one slot, or the part of it that is used; returns the kWh won. */
function raise(prepared: Prepared, { draft, loads, power, peak }: Filling, { n, slot, left }: { n: number; slot: number; left: number }): number {
  const session = prepared.sessions[n];
  const [kw, part] = [draft.kw[n], draft.part[n]];
  const hours = session?.hours[slot] ?? 0;
  if (!session || !kw || !part || hours === 0) return 0;
  const now = kw[slot] ?? 0;
  const share = part[slot] ?? 1;
  if (share < 1) {
    const more = Math.min(1 - share, left / (now * hours));
    part[slot] = share + more;
    return more * now * hours;
  }
  const room = Math.min(roomFor(prepared, loads, { n, slot }), (session.most[slot] ?? 0) - now, Math.max(0, peak - (power[slot] ?? 0)));
  const wanted = Math.max(tenthUp((now + left / hours) / session.kwPerUnit) * session.kwPerUnit, tenthUp(session.min / session.kwPerUnit) * session.kwPerUnit);
  const limit = Math.min(wanted, tenthDown((now + room) / session.kwPerUnit) * session.kwPerUnit);
  if (limit < session.min - NOTHING || limit <= now + NOTHING) return 0;
  change(prepared, { kw, loads }, { n, slot, to: limit });
  power[slot] = (power[slot] ?? 0) + limit - now;
  if (now > 0 || limit * hours <= left) return Math.min(left, (limit - now) * hours);
  part[slot] = left / (limit * hours);
  return left;
}

/** kW that fit below all ceilings of a session in a slot, on top of what it has. */
function roomFor({ capacities, above }: Prepared, loads: readonly Float64Array[], { n, slot }: { n: number; slot: number }): number {
  let room = Infinity;
  for (const { capacity, perKw } of above[n] ?? [])
    if (perKw > 0) room = Math.min(room, ((capacities[capacity]?.ceiling[slot] ?? Infinity) - (loads[capacity]?.[slot] ?? 0) + NOTHING) / perKw);
  return Math.max(0, room);
}

/** s: as far ahead a site that is short of power lets sessions charge faster than planned. */
const NEAR_S = 7_200;

/** Lets sessions that charge take the room that is left in the slot, the earliest deadline first, for a shorter part of it. */
function useSpareRoom(prepared: Prepared, { draft, loads, power, peak }: Filling): void {
  const order = [...prepared.sessions.keys()].sort((a, b) => (prepared.sessions[a]?.deadline ?? 0) - (prepared.sessions[b]?.deadline ?? 0) || a - b);
  const start = prepared.slots[0]?.from ?? 0;
  for (const [slot, { from }] of prepared.slots.entries()) {
    if (from >= start + NEAR_S) break;
    for (const n of order) {
      const [session, kw, part] = [prepared.sessions[n], draft.kw[n], draft.part[n]];
      const now = kw?.[slot] ?? 0;
      if (!session || !kw || !part || now <= 0) continue;
      const room = Math.min(roomFor(prepared, loads, { n, slot }), (session.most[slot] ?? 0) - now, Math.max(0, peak - (power[slot] ?? 0)));
      const faster = tenthDown((now + room) / session.kwPerUnit) * session.kwPerUnit;
      if (faster <= now + NOTHING) continue;
      change(prepared, { kw, loads }, { n, slot, to: faster });
      power[slot] = (power[slot] ?? 0) + faster - now;
      part[slot] = ((part[slot] ?? 1) * now) / faster;
    }
  }
}
