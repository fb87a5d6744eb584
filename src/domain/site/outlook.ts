import type { Span } from '../profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../units.ts';
import { type BuildingLoad, leftWhileOld } from './building-load.ts';
import { type Capacity, capacityWithin, type ImposedCeiling, imposedWithin, lowerOf } from './ceiling.ts';
import type { Delays } from './evse-state.ts';
import type { LimitNode, LimitTree } from './limit-tree.ts';
import { DAY, secondOfDay } from './local-day.ts';

/** A span of time in which no limit of a site changes, with the capacity of each node. */
export interface OutlookSpan extends Span {
  readonly capacities: readonly Capacity[];
}

/** The limits of a site that are known now. */
export interface KnownLimits {
  readonly tree: LimitTree;
  readonly delays: Pick<Delays, 'lead'>;
  /** Limits in addition to those of the tree, by node name. */
  readonly imposed: ReadonlyMap<string, ImposedCeiling>;
  /** What buildings take, by node name. */
  readonly buildings: ReadonlyMap<string, BuildingLoad>;
}

/** Most spans: stations take few periods in one profile. The last has the lowest capacities of all that would follow. */
const MOST_SPANS = 4;
/** The end of the outlook is a multiple of this, in s, so that it does not change all the time. */
const END_GRAIN = 6 * 3600;

/**
 * The capacities of a site from now on, as spans without gaps; the last has no end. A reduction begins `lead` seconds early, and a raise
 * `lead` seconds late unless it has begun: clocks of stations differ. A building counts until its reading is stale. After 18 to 24 h the
 * lowest limits of all time hold, so that a station without a node never exceeds them.
 */
export function outlook(known: KnownLimits, now: EpochSeconds): readonly OutlookSpan[] {
  const end = Math.floor((now + DAY) / END_GRAIN) * END_GRAIN;
  const starts = [now, ...edgesOf(known, now).filter((at) => at > now && at < end), end].sort((a, b) => a - b).filter((at, n, all) => at !== all[n - 1]);
  const spans: OutlookSpan[] = [];
  for (const [n, at] of starts.entries()) {
    const span = { from: epochSeconds(at), to: epochSeconds(starts[n + 1] ?? Infinity) };
    const capacities = known.tree.nodes.map((node) => capacityOf(node, span, known));
    const last = spans.at(-1);
    if (last && capacities.every((it, node) => isSameCapacity(it, last.capacities[node]))) spans[spans.length - 1] = { ...last, to: span.to };
    else spans.push({ ...span, capacities });
  }
  return spans.length <= MOST_SPANS ? spans : [...spans.slice(0, MOST_SPANS - 1), lowestOf(spans.slice(MOST_SPANS - 1))];
}

/** One span over several, with the lowest capacity of each node for its EVSEs. */
function lowestOf(spans: readonly OutlookSpan[]): OutlookSpan {
  const [first, ...more] = spans;
  if (!first) throw new RangeError('Found no spans; at least one is needed.');
  const capacities = first.capacities.map((it, node) => more.reduce((lowest, { capacities: others }) => lowerOfBoth(lowest, others[node]), it));
  return { from: first.from, to: more.at(-1)?.to ?? first.to, capacities };
}

/** A capacity that is at no moment above one of two. */
function lowerOfBoth(one: Capacity, other: Capacity = one): Capacity {
  const taken = one.taken ?? other.taken;
  return { ...lowerOf(one, other), ...(taken && { taken }) };
}

function capacityOf({ name, ceiling, meter }: LimitNode, { from, to }: Span, { tree, delays, imposed, buildings }: KnownLimits): Capacity {
  const ahead = { from, to: epochSeconds(to + delays.lead) };
  const own = capacityWithin(ceiling, ahead, tree.timeZone);
  const more = imposed.get(name);
  const capacity = more ? imposedWithin(more, ahead).reduce<Capacity>(lowerOf, own) : own;
  if (!meter) return capacity;
  const building = buildings.get(name);
  if (!building || from >= building.staleAt) return lowerOf(capacity, meter.fallback);
  const left = { ...capacity, taken: building.taken };
  return from < building.until ? left : leftWhileOld(left, meter);
}

/** The moments at which a capacity may change. */
function edgesOf({ tree, delays: { lead }, imposed, buildings }: KnownLimits, now: EpochSeconds): readonly number[] {
  const own = tree.nodes.flatMap(({ ceiling: { dated, daily } }) => [
    ...dated.flatMap(({ from, to }) => [from, to]),
    ...daily.flatMap(({ from }) => timesOfDay(from, now, tree.timeZone)),
  ]);
  const more = [...imposed.values()].flatMap(({ later = [] }) => later.map(({ from }) => from));
  const untils = [...buildings.values()].flatMap(({ until, staleAt }) => [until, staleAt]);
  return [...[...own, ...more].flatMap((at) => [at - lead, at + lead]), ...untils];
}

/** The last and the next two moments of a time of day: one of them may be near, before or after its day. */
export function timesOfDay(second: number, now: EpochSeconds, timeZone: string): readonly number[] {
  const passed = (secondOfDay(now, timeZone) - second + DAY) % DAY;
  return [-passed, DAY - passed, 2 * DAY - passed].map((after) => {
    const at = epochSeconds(now + after);
    const off = second - secondOfDay(at, timeZone); // the clock changes between now and then
    return at + (off > DAY / 2 ? off - DAY : off < -DAY / 2 ? off + DAY : off);
  });
}

/** Whether two capacities are equal. */
export function isSameCapacity(one: Capacity, other: Capacity | undefined): boolean {
  if (one.a !== other?.a || one.w !== other.w || one.taken?.w !== other.taken?.w) return false;
  return one.taken === other.taken || (one.taken?.a.every((it, phase) => it === other.taken?.a[phase]) ?? false);
}
