import type { Capacity, Prepared, PreparedSession } from './prepared.ts';

/** A site is short of power when its limits keep more than this part of the energy from its sessions. */
const SHORT = 0.005;
/** The cost of a kWh for each hour that it comes later, at a site that is short of power. */
const EARLY = 0.2;
/** The highest such cost, at the end of a long horizon: below every price of a shortfall. */
const LATEST = 5;
/** What remains of the usual costs. */
const USUAL = 0.1;

/** Whether limits of the site, not windows, keep energy from its sessions. `missing`: the kWh that each session misses. */
export function isShortOfPower(prepared: Prepared, missing: Float64Array): boolean {
  let [all, kept] = [0, 0];
  for (const [n, session] of prepared.sessions.entries()) {
    all += session.need;
    kept += Math.max(0, (missing[n] ?? 0) - Math.max(0, session.need - reachOf(session)));
  }
  return kept > SHORT * all || prepared.capacities.some((capacity) => isBusy(prepared, capacity));
}

/** A limit that is needed at full for more than this part of the horizon leaves little for later. */
const BUSY = 0.6;

/** Whether the sessions below a root, with the cars that are expected, need its limit at full for a large part of the horizon. */
function isBusy({ sessions, slots, problem }: Prepared, { members, loads, ceiling }: Capacity): boolean {
  if (!problem.expected || members.length < sessions.length) return false;
  const hours = slots.reduce((sum, slot) => sum + slot.hours, 0);
  const limit = ceiling.reduce((low, value) => Math.min(low, value), Infinity);
  let [load, perKw] = [0, 0];
  for (const [k, n] of members.entries()) {
    load += (sessions[n]?.need ?? 0) * Math.max(0, loads[k] ?? 0);
    perKw += Math.max(0, loads[k] ?? 0) / members.length;
  }
  return (load + (problem.expected / 1000) * perKw) / limit > BUSY * hours;
}

/** kWh that a session can take at its maximum. */
export const reachOf = ({ most, hours }: PreparedSession): number => most.reduce((sum, kw, slot) => sum + kw * (hours[slot] ?? 0), 0);

/**
 * The same problem with costs that make everybody charge as early as the limits allow: at a site that is short of power, energy that
 * is put off is energy that the next car will miss.
 */
export function chargeEarly(prepared: Prepared): Prepared {
  const start = prepared.slots[0]?.from ?? 0;
  const hours = prepared.slots.reduce((sum, slot) => sum + slot.hours, 0);
  const perHour = Math.min(EARLY, LATEST / hours);
  const delays = prepared.slots.map(({ from }) => (perHour * (from - start)) / 3_600);
  return {
    ...prepared,
    early: true,
    sessions: prepared.sessions.map((session) => ({ ...session, cost: session.cost.map((cost, slot) => USUAL * cost + (delays[slot] ?? 0)) })),
  };
}
