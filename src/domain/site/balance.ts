import { fold } from '../ids.ts';
import type { EpochSeconds } from '../units.ts';
import { type BuildingReading, readBuilding } from './building-load.ts';
import type { ImposedCeiling } from './ceiling.ts';
import type { EvseEvent, Order, SiteDeviation, SiteEvent } from './event.ts';
import { DEFAULT_DELAYS, type Delays, type EvseState, evseAtMoment, largestAllowed, UNKNOWN_EVSE, updateEvse } from './evse-state.ts';
import { issueRaises, issueReductions, type OrderRun, subtractCounted } from './issue-orders.ts';
import type { LimitTree } from './limit-tree.ts';
import { type BalanceInputs, planTargets, spansOf, type TargetPlan } from './plan-targets.ts';
import { exceededLimits, fullCapacity } from './remaining-capacity.ts';
import { evseAt, type Rule } from './share.ts';

/** The state of a site's balance between two steps; an immutable value. */
export interface SiteState extends BalanceInputs {
  /** The numbers of EVSEs by their folded uid. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly plan: TargetPlan | undefined;
  readonly nextOrder: number;
}

/** The result of a step. */
export interface BalanceStep {
  readonly state: SiteState;
  /** Orders to send now, each to its station, in this sequence: reductions come first. */
  readonly orders: readonly Order[];
  /** Cars that began to draw more than allowed. */
  readonly deviations: readonly SiteDeviation[];
  /** The limits that the counted currents exceed, as texts. Not empty only after a sudden reduction, a deviation, or a car at an unconfirmed EVSE. */
  readonly exceeded: readonly string[];
}

/** The options of a site's balance. */
export interface BalanceOptions {
  readonly rule: Rule;
  readonly delays?: Partial<Delays>;
  /** The id of the first order; 1 when absent. After a restart it must be above all earlier ids. */
  readonly firstOrder?: number;
}

/** The state of a site before its first event. The first tick pauses every EVSE without a car, so that the next car waits for its share. */
export function initialSiteState(tree: LimitTree, { rule, delays = {}, firstOrder = 1 }: BalanceOptions): SiteState {
  const numbers = new Map(tree.evses.map(({ uid }, n) => [fold(uid), n]));
  const evses = tree.evses.map(() => UNKNOWN_EVSE);
  return {
    tree,
    rule,
    delays: { ...DEFAULT_DELAYS, ...delays },
    evses,
    imposed: new Map(),
    buildings: new Map(),
    numbers,
    plan: undefined,
    nextOrder: firstOrder,
  };
}

/** Applies one event; see `applyEvents`. */
export const applyEvent = (state: SiteState, event: SiteEvent, now: EpochSeconds): BalanceStep => applyEvents(state, [event], now);

/**
 * Applies the events since the last step and returns the orders to send now. For each EVSE the largest of these counts against the
 * limits: its confirmed limit, its unanswered orders, the old limit while its car settles, and a measured excess. Throws RangeError
 * for an EVSE or node that the site does not have.
 */
export function applyEvents(state: SiteState, events: readonly SiteEvent[], now: EpochSeconds): BalanceStep {
  const evses = state.evses.map((it) => evseAtMoment(it, now));
  const deviations: SiteDeviation[] = [];
  let { imposed, buildings } = state;
  let changed = false;
  for (const event of events) {
    if (event.kind === 'tick') changed = true;
    else if (event.kind === 'limit-changed') [imposed, changed] = [impose(state, event, imposed), true];
    else if (event.kind === 'building') [buildings, changed] = [measure(state, event, buildings), true];
    else changed = applyEvseEvent({ ...state, evses }, event, { now, evses, deviations }) || changed;
  }
  if (!changed) return { state, orders: [], deviations, exceeded: [] };
  return issueOrders({ ...state, imposed, buildings }, evses, { now, deviations });
}

function issueOrders(before: SiteState, evses: EvseState[], { now, deviations }: { now: EpochSeconds; deviations: readonly SiteDeviation[] }): BalanceStep {
  const inputs = { ...before, evses };
  const plan = planTargets(inputs, now, before.plan);
  const spans = spansOf(plan, now);
  const exceeded = exceededLimits(inputs.tree, subtractCounted(inputs.tree, evses, { remaining: fullCapacity(inputs.tree, plan.capacities), at: now }));
  const run: OrderRun = { inputs, plan, now, spans, remaining: [], orders: [], nextOrder: before.nextOrder };
  issueReductions(run);
  issueRaises(run);
  return { state: { ...inputs, plan, nextOrder: run.nextOrder }, orders: run.orders, deviations, exceeded };
}

interface StepInProgress {
  now: EpochSeconds;
  evses: EvseState[];
  deviations: SiteDeviation[];
}

/** Returns whether the event changed the state of its EVSE. */
function applyEvseEvent(state: SiteState, event: EvseEvent, { now, evses, deviations }: StepInProgress): boolean {
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

function impose(state: SiteState, event: { node: string; limit?: ImposedCeiling }, imposed: SiteState['imposed']): SiteState['imposed'] {
  const node = nodeNamed(state, event.node, 'a limit');
  const others = [...imposed].filter(([name]) => name !== node.name);
  return new Map(event.limit ? [...others, [node.name, event.limit] as const] : others);
}

function measure(state: SiteState, { node: name, ...reading }: { node: string } & BuildingReading, buildings: SiteState['buildings']): SiteState['buildings'] {
  const node = nodeNamed(state, name, 'a meter value');
  if (!node.meter) throw new RangeError(`Found a meter value for ${name}; this node of ${state.tree.name} has no meter.`);
  return new Map([...buildings, [node.name, readBuilding(buildings.get(node.name), reading, node.meter)]]);
}

function nodeNamed({ tree }: SiteState, name: string, what: string): LimitTree['nodes'][number] {
  const node = tree.nodes.find((it) => fold(it.name) === fold(name));
  if (!node) throw new RangeError(`Found ${what} for ${name}; ${tree.name} does not have it.`);
  return node;
}
