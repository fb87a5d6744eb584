import type { Prepared } from '../prepare/prepared.ts';

/**
 * A plan in numbers: for each session and slot the kW of its limit, and the part of its usable time in the slot, from its begin, for
 * which that limit applies. After it the limit is 0.
 */
export interface Draft {
  kw: readonly Float64Array[];
  part: readonly Float64Array[];
}

/** A plan in which nobody charges. */
export function emptyDraft({ sessions, slots }: Prepared): Draft {
  return { kw: sessions.map(() => new Float64Array(slots.length)), part: sessions.map(() => new Float64Array(slots.length).fill(1)) };
}

/** For each capacity the load of each slot. A part of a slot counts like the whole. */
export function loadsOf({ capacities, slots }: Prepared, { kw }: Draft): readonly Float64Array[] {
  return capacities.map(({ members, loads }) => {
    const sum = new Float64Array(slots.length);
    for (const [k, n] of members.entries()) {
      const [own, perKw] = [kw[n], loads[k] ?? 0];
      if (own) for (let slot = 0; slot < sum.length; slot++) sum[slot] = (sum[slot] ?? 0) + perKw * (own[slot] ?? 0);
    }
    return sum;
  });
}

/** kWh that a session gets in a slot. */
export function energyIn({ sessions }: Prepared, { kw, part }: Draft, [n, slot]: readonly [number, number]): number {
  const power = kw[n]?.[slot] ?? 0;
  const energy = power * (part[n]?.[slot] ?? 0) * (sessions[n]?.hours[slot] ?? 0);
  return power < 0 ? energy / (sessions[n]?.discharge?.efficiency ?? 1) : energy;
}

/** kWh that each session gets until its departure. */
export function energyOf(prepared: Prepared, draft: Draft): Float64Array {
  return Float64Array.from(prepared.sessions, ({ first, end }, n) => {
    let sum = 0;
    for (let slot = first; slot < end; slot++) sum += energyIn(prepared, draft, [n, slot]);
    return sum;
  });
}
