import type { Capacity, Prepared, PreparedSession } from './prepared.ts';

/** kWh: less is a rounding error of a solver. */
const SMALL = 0.01;
/** The cost of a kWh for each hour that it comes later, at a site that is short of power: below every price of a shortfall. */
const EARLY = 0.2;
/** What remains of the usual costs. */
const USUAL = 0.1;

/** Whether limits of the site, not windows, keep energy from its sessions. `missing`: the kWh that each session misses. */
export function isShortOfPower(prepared: Prepared, missing: Float64Array): boolean {
  const { sessions } = prepared;
  return sessions.some((session, n) => (missing[n] ?? 0) > SMALL + Math.max(0, session.need - reachOf(session))) || prepared.capacities.some((capacity) => isBusy(prepared, capacity));
}

/** A limit that the sessions below it fill for more than this part of their windows leaves nothing for cars that are not there yet. */
const BUSY = 0.25;

/** Whether the sessions below a limit need it at full for a large part of their mean window. */
function isBusy({ sessions, slots }: Prepared, { members, loads, ceiling }: Capacity): boolean {
  const now = slots[0]?.from ?? 0;
  let [load, windows] = [0, 0];
  for (const [k, n] of members.entries()) {
    const { need = 0, deadline = now } = sessions[n] ?? {};
    const own = need * Math.max(0, loads[k] ?? 0);
    load += own;
    windows += (own * Math.max(0, deadline - now)) / 3_600;
  }
  const limit = ceiling.reduce((low, value) => Math.min(low, value), Infinity);
  return load > 0 && load / limit > (BUSY * windows) / load;
}

/** kWh that a session can take at its maximum. */
export const reachOf = ({ most, hours }: PreparedSession): number => most.reduce((sum, kw, slot) => sum + kw * (hours[slot] ?? 0), 0);

/**
 * The same problem with costs that make everybody charge as early as the limits allow: at a site that is short of power, energy that
 * is put off is energy that the next car will miss.
 */
export function chargeEarly(prepared: Prepared): Prepared {
  const start = prepared.slots[0]?.from ?? 0;
  const delays = prepared.slots.map(({ from }) => (EARLY * (from - start)) / 3_600);
  return {
    ...prepared,
    early: true,
    sessions: prepared.sessions.map((session) => ({ ...session, cost: session.cost.map((cost, slot) => USUAL * cost + (delays[slot] ?? 0)) })),
  };
}
