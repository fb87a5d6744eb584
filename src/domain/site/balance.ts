import { fold } from '../ids.ts';
import type { EpochSeconds } from '../units.ts';
import type { Ceiling } from './ceiling.ts';
import type { EvseEvent, Order, SiteDeviation, SiteEvent } from './event.ts';
import { DEFAULT_DELAYS, type Delays, type EvseState, largestAllowed, UNKNOWN_EVSE, updateEvse } from './evse-state.ts';
import { issueRaises, issueReductions, type OrderRun, subtractCounted } from './issue-orders.ts';
import type { LimitTree } from './limit-tree.ts';
import { type BalanceInputs, planTargets, type TargetPlan } from './plan-targets.ts';
import { exceededLimits, fullCapacity } from './remaining-capacity.ts';
import { evseAt, type Rule } from './share.ts';

/** All that a site's balance knows between two steps; a value, never changed. */
export interface SiteState extends BalanceInputs {
  /** The numbers of EVSEs by their folded uid. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly plan: TargetPlan | undefined;
  readonly nextOrder: number;
}

/** What a step makes of events. */
export interface BalanceStep {
  readonly state: SiteState;
  /** To be sent in this order, each to its station at once; reductions come first. */
  readonly orders: readonly Order[];
  /** Cars that have begun to draw more than they may. */
  readonly deviations: readonly SiteDeviation[];
  /** Limits that what counts now exceeds, in words; empty but for the time that a sudden cut or a deviation takes. */
  readonly exceeded: readonly string[];
}

/** How a site is balanced. */
export interface BalanceOptions {
  readonly rule: Rule;
  readonly delays?: Partial<Delays>;
  /** The first order gets this id; 1 when absent. After a restart, more than all before. */
  readonly firstOrder?: number;
}

/** The balance of a site of which nothing is known yet: its first tick orders a pause wherever no car is, so that the next one waits for its share. */
export function initialSiteState(tree: LimitTree, { rule, delays = {}, firstOrder = 1 }: BalanceOptions): SiteState {
  const numbers = new Map(tree.evses.map(({ uid }, n) => [fold(uid), n]));
  const evses = tree.evses.map(() => UNKNOWN_EVSE);
  return { tree, rule, delays: { ...DEFAULT_DELAYS, ...delays }, evses, imposed: new Map(), numbers, plan: undefined, nextOrder: firstOrder };
}

/** Takes in one event; see `stepAll`. */
export const applyEvent = (state: SiteState, event: SiteEvent, now: EpochSeconds): BalanceStep => applyEvents(state, [event], now);

/**
 * Takes in what happened since the last step, and says which limits to send now. What counts against a limit is, for each
 * EVSE, the largest of its last confirmed limit, the orders without an answer, and what it was seen to draw. Throws RangeError
 * for an EVSE or node that the site does not have.
 */
export function applyEvents(state: SiteState, events: readonly SiteEvent[], now: EpochSeconds): BalanceStep {
  const evses = [...state.evses];
  const deviations: SiteDeviation[] = [];
  let imposed = state.imposed;
  let stirred = false;
  for (const event of events) {
    if (event.kind === 'tick') stirred = true;
    else if (event.kind === 'limit-changed') [imposed, stirred] = [impose(state, event, imposed), true];
    else stirred = hear({ ...state, evses }, event, { now, evses, deviations }) || stirred;
  }
  if (!stirred) return { state, orders: [], deviations, exceeded: [] };
  return release({ ...state, imposed }, evses, { now, deviations });
}

function release(before: SiteState, evses: EvseState[], { now, deviations }: { now: EpochSeconds; deviations: readonly SiteDeviation[] }): BalanceStep {
  const known = { ...before, evses };
  const plan = planTargets(known, now, before.plan);
  const releasing: OrderRun = { known, targets: plan.targets, now, orders: [], nextOrder: before.nextOrder };
  issueReductions(releasing);
  const ledger = subtractCounted(known.tree, evses, { ledger: fullCapacity(known.tree, plan.capacities), now });
  const over = exceededLimits(known.tree, ledger);
  issueRaises(releasing, ledger);
  return { state: { ...known, plan, nextOrder: releasing.nextOrder }, orders: releasing.orders, deviations, exceeded: over };
}

interface Hearing {
  now: EpochSeconds;
  evses: EvseState[];
  deviations: SiteDeviation[];
}

/** Whether the event told anything new. */
function hear(state: SiteState, event: EvseEvent, { now, evses, deviations }: Hearing): boolean {
  const number = state.numbers.get(fold(event.evse));
  const before = number === undefined ? undefined : evses[number];
  if (number === undefined || before === undefined) throw new RangeError(`Found an event of EVSE ${event.evse}; ${state.tree.name} does not have it.`);
  const evse = evseAt(state.tree, number);
  const after = updateEvse(before, event, { evse, now, delays: state.delays });
  evses[number] = after;
  if (after.measured !== undefined && before.measured === undefined)
    deviations.push({ evse: evse.uid, measured: after.measured, allowed: largestAllowed(evse, before) });
  return after !== before;
}

function impose(state: SiteState, event: { node: string; limit?: Ceiling }, imposed: ReadonlyMap<string, Ceiling>): ReadonlyMap<string, Ceiling> {
  const node = state.tree.nodes.find(({ name }) => fold(name) === fold(event.node));
  if (!node) throw new RangeError(`Found a limit for ${event.node}; ${state.tree.name} does not have it.`);
  const others = [...imposed].filter(([name]) => name !== node.name);
  return new Map(event.limit ? [...others, [node.name, event.limit] as const] : others);
}
