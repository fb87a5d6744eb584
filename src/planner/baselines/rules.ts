import { type FillSlot, give, roomFor, type SlotState, usable } from './fill-slots.ts';

/** Everybody charges at once, whatever the limits are. */
export const uncontrolled: FillSlot = (state, waiting) => {
  for (const n of waiting) give(state, n, state.prepared.sessions[n]?.most[state.slot] ?? 0);
};

/** A number for each session: the lowest is served first. */
type Rank = (state: SlotState, n: number) => number;

const byArrival: Rank = ({ prepared }, n) => prepared.sessions[n]?.problem.arrival ?? 0;
const byDeadline: Rank = ({ prepared }, n) => prepared.sessions[n]?.deadline ?? 0;
/** h that a session can wait at full power. */
const byLaxity: Rank = ({ prepared, slot, left }, n) => {
  const session = prepared.sessions[n];
  const time = ((session?.deadline ?? 0) - (prepared.slots[slot]?.from ?? 0)) / 3_600;
  return time - (left[n] ?? 0) / (session?.most[slot] || 1);
};

/** Serves the sessions one after another, each as fast as the limits allow. */
function inOrder(rank: Rank): FillSlot {
  return (state, waiting) => {
    const ranked = waiting.map((n) => ({ n, rank: rank(state, n) })).sort((a, b) => a.rank - b.rank || a.n - b.n);
    for (const { n } of ranked) give(state, n, Math.min(usable(state, n), roomFor(state, n)));
  };
}

/** First come, first served. */
export const firstCome = inOrder(byArrival);
/** Earliest deadline first. */
export const earliestDeadline = inOrder(byDeadline);
/** Least laxity first. */
export const leastLaxity = inOrder(byLaxity);

/**
 * Equal share: all sessions that fit with their minimum rise together until they have what they can use, or a limit above them is
 * full. Sessions that do not fit wait; who waits changes from slot to slot.
 */
export const equalShare: FillSlot = (state, waiting) => {
  const turn = state.slot % waiting.length;
  const served = [...waiting.slice(turn), ...waiting.slice(0, turn)].filter((n) => {
    const min = state.prepared.sessions[n]?.min ?? 0;
    if (roomFor(state, n) < min) return false;
    raise(state, n, min);
    return true;
  });
  let rising = served.filter((n) => (state.kw[n] ?? 0) < usable(state, n));
  for (let round = 0; rising.length > 0 && round < 2 * served.length; round++) {
    const step = stepFor(state, rising);
    for (const n of rising) raise(state, n, step);
    rising = rising.filter((n) => usable(state, n) - (state.kw[n] ?? 0) > 1e-6 && roomFor(state, n) > 1e-6);
  }
  for (const n of served) give(state, n, state.kw[n] ?? 0);
};

function raise(state: SlotState, n: number, by: number): void {
  state.kw[n] = (state.kw[n] ?? 0) + by;
  for (const { capacity, perKw } of state.prepared.above[n] ?? []) state.loads[capacity] = (state.loads[capacity] ?? 0) + by * perKw;
}

/** kW by which all rising sessions can rise until the first limit is full or the first session has what it can use. */
function stepFor(state: SlotState, rising: readonly number[]): number {
  const { prepared, slot, loads } = state;
  let step = rising.reduce((low, n) => Math.min(low, usable(state, n) - (state.kw[n] ?? 0)), Infinity);
  const together = new Float64Array(loads.length);
  for (const n of rising) for (const { capacity, perKw } of prepared.above[n] ?? []) together[capacity] = (together[capacity] ?? 0) + Math.max(0, perKw);
  for (const [c, { ceiling }] of prepared.capacities.entries())
    if ((together[c] ?? 0) > 0) step = Math.min(step, Math.max(0, (ceiling[slot] ?? Infinity) - (loads[c] ?? 0)) / (together[c] ?? 1));
  return step;
}
