import { amperes, type EpochSeconds } from '../units.ts';
import { applyEvents, type BalanceStep, type SiteState } from './balance.ts';
import type { EvseEvent, SiteEvent } from './event.ts';
import { largestAllowed, UNKNOWN_EVSE } from './evse-state.ts';
import { CELLS, WATTS_CELL } from './limit-tree.ts';
import { fullCapacity, subtractCurrent } from './remaining-capacity.ts';
import { tenthsOf } from './share.ts';

/** How far a site is above its limits. `amperes`: on the worst phase of the worst node; `watts`: over all phases of the worst node. */
export interface Excess {
  readonly amperes: number;
  readonly watts: number;
}

/** The first state of a shadow of a balance that runs: the same limits and cars, and no order yet. */
export function shadowFrom(real: SiteState): SiteState {
  const evses = real.evses.map(({ pluggedAt, weight, profile, periods }) => ({ ...UNKNOWN_EVSE, pluggedAt, weight, profile, periods }));
  return { ...real, evses, plan: undefined };
}

/** Answers of real stations: in a shadow every station takes every order. */
const ANSWERS: readonly SiteEvent['kind'][] = ['confirmed', 'refused', 'observed'];

/**
 * The next step of a balance that only computes: as if each station had accepted each order, and each car had obeyed it. `events` are
 * those of the real balance.
 */
export function shadowStep(state: SiteState, events: readonly SiteEvent[], now: EpochSeconds): BalanceStep {
  const taken = events.filter(({ kind }) => !ANSWERS.includes(kind)).map((event) => asObeyed(state, event));
  return applyEvents(state, [...confirmations(state), ...taken, { kind: 'tick' }], now);
}

/** Every order that has no answer is confirmed. A confirmed order ends the earlier ones. */
const confirmations = ({ tree, evses }: SiteState): readonly EvseEvent[] =>
  evses.flatMap(({ sent }, n): EvseEvent[] => {
    const [uid, newest] = [tree.evses[n]?.uid, sent.at(-1)];
    return uid === undefined || !newest ? [] : [{ kind: 'confirmed', evse: uid, order: newest.id }];
  });

/** A car draws at most the limit that it would have. */
function asObeyed(state: SiteState, event: SiteEvent): SiteEvent {
  if (event.kind !== 'meter') return event;
  const n = state.tree.evses.findIndex(({ uid }) => uid === event.evse);
  const [evse, it] = [state.tree.evses[n], state.evses[n]];
  return evse && it ? { ...event, current: amperes(Math.min(event.current, largestAllowed(evse, it))) } : event;
}

/** How far the measured currents of EVSEs, in A on each phase by uid, are above the limits of their site; zeros when they are within them. */
export function excessOf({ tree, plan }: Pick<SiteState, 'tree' | 'plan'>, measured: ReadonlyMap<string, number>): Excess {
  if (!plan) return { amperes: 0, watts: 0 };
  const remaining = fullCapacity(tree, plan.capacities);
  for (const evse of tree.evses) subtractCurrent(remaining, evse, tenthsOf(measured.get(evse.uid) ?? 0));
  let [worst, power] = [0, 0];
  for (const [cell, left] of remaining.left.entries()) {
    if (cell % CELLS === WATTS_CELL) power = Math.max(power, -left);
    else worst = Math.max(worst, -left / 10);
  }
  return { amperes: worst, watts: power };
}
