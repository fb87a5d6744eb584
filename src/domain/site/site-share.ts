import { fold } from '../ids.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import type { SiteState } from './balance.ts';
import type { Capacity, Ceiling, ImposedCeiling } from './ceiling.ts';
import { confirmedLimit, countedCurrent, type EvseState, isFixed } from './evse-state.ts';
import { heldFrom } from './held-limit.ts';
import { ceilingAt } from './imposed-limit.ts';
import { CELLS, type LimitTree, type SiteEvse } from './limit-tree.ts';
import { fullCapacity, type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, tenthsOf } from './share.ts';

/** The share of one EVSE of a site now, and the node that leaves it no more. Currents are in A on each phase of the grid. */
export interface SiteShare {
  readonly evse: string;
  /** Path of the node that supplies the EVSE. */
  readonly path: string;
  /** The limit that the station confirmed last; absent: none yet. */
  readonly confirmed?: Amperes;
  /** The share that the balance wants it to have. */
  readonly target: Amperes;
  /** The lowest current at which a car charges. */
  readonly minimum: Amperes;
  /** A car is connected and gets no current, because the minimum of all does not fit. */
  readonly waits: boolean;
  /** The car took less than its limit for a while, so it gets no more than this. */
  readonly unusedAbove?: Amperes;
  /** The station holds later limits that the node renews. */
  readonly renewed: boolean;
  readonly silent: boolean;
  /** The station refused the last order; the next one is sent at this moment. */
  readonly refusedUntil?: EpochSeconds;
  /** The node that leaves no more for this EVSE; absent: no node does. */
  readonly node?: BindingNode;
}

/** A node of a site whose limit is used up. */
export interface BindingNode {
  readonly path: string;
  /** Its limit now. */
  readonly limit: Ceiling;
  /** When its limit changes next; absent: not within 12 h. */
  readonly until?: EpochSeconds;
  /** A limit that was imposed at run time sets it. `fallback`: nobody renewed it in time, and its fallback holds. */
  readonly imposed?: Ceiling & { readonly until?: EpochSeconds; readonly fallback: boolean };
  /** What the building takes on its highest phase. */
  readonly building?: Amperes;
  /** The meter of the building is silent, so its fallback holds. */
  readonly meterFallback: boolean;
  /** The other EVSEs below the node with a share, the highest first. */
  readonly others: readonly { readonly evse: string; readonly current: Amperes }[];
}

/** s: later changes of a limit are not worth a mention, and the last span of the outlook is an assumption. */
const FORESEEN = 12 * 3600;

/** The share of an EVSE; undefined when the site does not have it. */
export function siteShareOf(state: SiteState, uid: string, now: EpochSeconds): SiteShare | undefined {
  const number = state.numbers.get(fold(uid));
  const it = number === undefined ? undefined : state.evses[number];
  if (number === undefined || !it) return undefined;
  const { tree, plan } = state;
  const evse = evseAt(tree, number);
  const held = confirmedLimit(it);
  const target = plan?.targets[number] ?? amperes(0);
  const node = bindingNode(state, { number, target, now });
  return {
    evse: evse.uid,
    path: tree.nodes[evse.node]?.path ?? tree.name,
    target,
    minimum: evse.minimum,
    waits: it.pluggedAt !== undefined && plan !== undefined && target < evse.minimum && node !== undefined,
    renewed: it.later.length > 0,
    silent: it.silent,
    ...(held && { confirmed: heldFrom(held, now).current }),
    ...(Number.isFinite(it.usage.cap) && { unusedAbove: it.usage.cap }),
    ...(!it.silent && it.retryAt !== undefined && { refusedUntil: it.retryAt }),
    ...(node && { node }),
  };
}

interface AtEvse {
  number: number;
  target: Amperes;
  now: EpochSeconds;
}

/** The node above an EVSE that leaves the least, when that is less than a tenth of an ampere or less than the minimum of an EVSE that waits. */
function bindingNode(state: SiteState, { number, target, now }: AtEvse): BindingNode | undefined {
  const { tree, plan, evses } = state;
  const evse = evseAt(tree, number);
  if (!plan || evses[number]?.pluggedAt === undefined || target >= evse.maximum) return undefined;
  const needed = target < evse.minimum ? Math.ceil(tenthsOf(evse.minimum)) : 1;
  const remaining = remainingAfter(state, now);
  const tightest = ancestorsOf(tree, evse)
    .map((node) => ({ node, left: remainingAt(remaining, evse, node) }))
    .reduce((least, it) => (it.left < least.left ? it : least), { node: -1, left: Infinity });
  if (tightest.left >= needed) return undefined;
  return describeNode(state, tightest.node, { number, target, now });
}

/** What the planned shares leave at each node. An EVSE that no order can change counts with what it may draw. */
function remainingAfter({ tree, plan, evses }: SiteState, now: EpochSeconds): RemainingCapacity {
  const remaining = fullCapacity(tree, plan?.capacities ?? []);
  for (const [n, it] of evses.entries()) subtractCurrent(remaining, evseAt(tree, n), shareOf(tree, { n, it, plan, now }) * 10);
  return remaining;
}

const shareOf = (tree: LimitTree, { n, it, plan, now }: { n: number; it: EvseState; plan: SiteState['plan']; now: EpochSeconds }): number =>
  isFixed(it, now) ? countedCurrent(evseAt(tree, n), it, now) : (plan?.targets[n] ?? 0);

function ancestorsOf({ nodes }: LimitTree, { node }: SiteEvse): readonly number[] {
  const above: number[] = [];
  for (let n = node; n >= 0; n = nodes[n]?.parent ?? -1) above.push(n);
  return above;
}

const remainingAt = (remaining: RemainingCapacity, { loads }: SiteEvse, node: number): number =>
  remainingFor(remaining, { loads: loads.filter(({ cell }) => Math.floor(cell / CELLS) === node) });

function describeNode(state: SiteState, n: number, { number, now }: AtEvse): BindingNode | undefined {
  const { tree, plan, imposed, buildings, evses } = state;
  const [node, capacity] = [tree.nodes[n], plan?.capacities[n]];
  if (!node || !capacity) return undefined;
  const more = imposed.get(node.name);
  const building = buildings.get(node.name);
  const others = tree.evses.flatMap((it, other) => {
    const state = evses[other];
    const current = state?.pluggedAt === undefined ? 0 : shareOf(tree, { n: other, it: state, plan, now });
    return other !== number && other >= node.first && other < node.end && current > 0 ? [{ evse: it.uid, current: amperes(current) }] : [];
  });
  const until = changesAt(state, n, now);
  const binding = more && bindingImposed(more, capacity, now);
  return {
    path: node.path,
    limit: { ...(Number.isFinite(capacity.a) && { a: capacity.a }), ...(Number.isFinite(capacity.w) && { w: capacity.w }) },
    meterFallback: node.meter !== undefined && (building === undefined || now >= building.staleAt),
    others: others.sort((a, b) => b.current - a.current),
    ...(capacity.taken && { building: amperes(Math.max(...capacity.taken.a)) }),
    ...(binding && { imposed: binding }),
    ...(until !== undefined && { until }),
  };
}

/** The imposed limit of a node, when the capacity of the node is no higher. */
function bindingImposed(more: ImposedCeiling, capacity: Capacity, now: EpochSeconds): BindingNode['imposed'] {
  const ceiling = ceilingAt(more, now);
  const binds = (ceiling.a !== undefined && ceiling.a <= capacity.a) || (ceiling.w !== undefined && ceiling.w <= capacity.w);
  if (!binds) return undefined;
  const until = more.later?.find(({ from }) => from > now)?.from;
  const { a, w } = ceiling;
  return { ...(a !== undefined && { a }), ...(w !== undefined && { w }), ...(until !== undefined && { until }), fallback: hasBegun(more, now) };
}
const hasBegun = ({ later = [] }: ImposedCeiling, now: EpochSeconds) => later.some(({ from }) => from <= now);

/** When the limit of a node changes next. An imposed limit ends at its moment; others are foreseen by the plan. */
function changesAt({ tree, plan, imposed }: SiteState, n: number, now: EpochSeconds): EpochSeconds | undefined {
  const more = imposed.get(tree.nodes[n]?.name ?? '');
  const ends = more?.later?.find(({ from }) => from > now)?.from;
  if (ends !== undefined || !plan || plan.capacities.some(({ taken }) => taken)) return ends;
  const capacity = plan.capacities[n];
  const change = plan.later.find(({ capacities }) => capacities[n]?.a !== capacity?.a || capacities[n]?.w !== capacity?.w);
  return change && change.begins < now + FORESEEN ? epochSeconds(change.begins) : undefined;
}
