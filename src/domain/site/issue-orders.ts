import type { Span } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds, watts } from '../units.ts';
import type { Order } from './event.ts';
import { confirmedLimit, countedCurrent, countedWithin, type EvseState, largestWithin } from './evse-state.ts';
import { type HeldLimit, highestWithin, isAbove, isSameHeld, type LaterLimit, lowestWithin, shortened } from './held-limit.ts';
import { type LimitTree, type SiteEvse, wattsPerAmpere } from './limit-tree.ts';
import { type BalanceInputs, SOON, type TargetPlan } from './plan-targets.ts';
import { fullCapacity, type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, tenthsOf } from './share.ts';

/** The orders of one step of the balance. Each order changes the state of its EVSE in `inputs.evses`. */
export interface OrderRun {
  readonly inputs: BalanceInputs & { evses: EvseState[] };
  readonly plan: TargetPlan;
  readonly now: EpochSeconds;
  /** The spans of the plan; the first begins now. */
  readonly spans: readonly Span[];
  /** What is left in a span after all that counts; computed when it is needed first, see `remainingIn`. */
  readonly remaining: (RemainingCapacity | undefined)[];
  readonly orders: Order[];
  nextOrder: number;
}

/** Tenths of an ampere: a smaller raise is not worth a message while a further raise follows; nor is a smaller change of a later limit. */
const STEP = 10;
/** s: a limit that would fall by itself is renewed this long before. */
const RENEW = 20;

/** Sends each reduction immediately, also while other orders are unanswered, and repeats lost orders to stations that refused or were silent. */
export function issueReductions(run: OrderRun): void {
  const { inputs, spans, now } = run;
  for (const [n, it] of inputs.evses.entries()) {
    if (it.observed || (it.retryAt !== undefined && now < it.retryAt)) continue;
    const lost = it.retryAt !== undefined && it.sent.length > 0;
    if (it.retryAt !== undefined) inputs.evses[n] = { ...it, retryAt: it.silent ? epochSeconds(now + inputs.delays.retry) : undefined };
    if (!lost && !mustFall(run, n)) continue;
    const evse = evseAt(inputs.tree, n);
    const confirmed = confirmedLimit(it);
    const most = (span: Span) => (confirmed ? highestWithin(confirmed, span) : largestWithin(evse, it, span));
    send(
      run,
      n,
      spans.map((span, k) => amperes(Math.min(targetOf(run, n, k), most(span)))),
    );
  }
}

/** Whether the last limit sent to an EVSE is above its target: now, in a span in which a limit is exceeded, or clearly and soon. */
function mustFall(run: OrderRun, n: number): boolean {
  const { inputs, spans, now } = run;
  const it = inputs.evses[n];
  const intended = it?.sent.at(-1) ?? (it && confirmedLimit(it));
  if (!it || !intended) return true;
  return spans.some((span, k) => {
    const target = targetOf(run, n, k);
    const excess = tenthsOf(highestWithin(intended, span) - target);
    if (k === 0) return target < highestWithin(intended, span);
    if (it.periods <= 1 || excess <= 0) return false;
    return (span.from <= now + SOON && excess >= STEP) || remainingFor(remainingIn(run, k), evseAt(inputs.tree, n)) < 0;
  });
}

/** Sends raises where the remaining capacity allows them, the lowest confirmed limit first, and renews limits that would fall by themselves. */
export function issueRaises(run: OrderRun): void {
  const { inputs } = run;
  const waiting = [...inputs.evses.keys()].filter((n) => mayRise(run, n)).sort((a, b) => confirmedOf(inputs, a) - confirmedOf(inputs, b) || a - b);
  for (const n of waiting) {
    const it = inputs.evses[n];
    const confirmed = it && confirmedLimit(it);
    if (!it || !confirmed) continue;
    const evse = evseAt(inputs.tree, n);
    const now = raiseNow(run, n, { evse, it, confirmed });
    const currents = run.spans.map((span, k) => (k === 0 ? (now ?? highestWithin(confirmed, span)) : raiseIn(run, n, k)));
    if (now === undefined && !risesSoon(run, it, { confirmed, currents })) continue;
    for (const k of run.spans.keys())
      subtractCurrent(remainingIn(run, k), evse, Math.max(0, Math.round(tenthsOf(currents[k] ?? 0)) - countedTenths(run, n, k)));
    send(run, n, currents);
  }
}

const confirmedOf = (inputs: BalanceInputs, n: number): number => inputs.evses[n]?.confirmed ?? 0;
const targetOf = ({ plan }: Pick<OrderRun, 'plan'>, n: number, span: number): Amperes => (span === 0 ? plan : plan.later[span - 1])?.targets[n] ?? amperes(0);

/** What is left in a span. No reduction changes it: what a station may still apply counts. Each raise is subtracted from it. */
function remainingIn({ inputs, plan, spans, remaining, now }: OrderRun, k: number): RemainingCapacity {
  const { capacities } = (k === 0 ? plan : plan.later[k - 1]) ?? plan;
  remaining[k] ??= subtractCounted(inputs.tree, inputs.evses, { remaining: fullCapacity(inputs.tree, capacities), at: spans[k] ?? now });
  return remaining[k];
}

/** What counts for an EVSE in a span, in tenths of an ampere. */
function countedTenths({ inputs, spans }: OrderRun, n: number, k: number): number {
  const [it, span] = [inputs.evses[n], spans[k]];
  return it && span ? Math.ceil(tenthsOf(countedWithin(evseAt(inputs.tree, n), it, span))) : 0;
}

/** The new limit of an EVSE from now on; undefined: there is no room, or no raise that is worth a message. A raise short of its target is at least `STEP`. */
function raiseNow(run: OrderRun, n: number, { evse, it, confirmed }: { evse: SiteEvse; it: EvseState; confirmed: HeldLimit }): Amperes | undefined {
  const available = remainingFor(remainingIn(run, 0), evse);
  const target = Math.round(tenthsOf(targetOf(run, n, 0)));
  const next = Math.min(target, countedTenths(run, n, 0) + available);
  const more = next - Math.round(tenthsOf(leastSoon(run, confirmed)));
  const isTooSoon = it.confirmed !== 0 && run.now < it.orderedAt + run.inputs.delays.beforeRaise;
  if (isTooSoon || available < 0 || more <= 0 || next < tenthsOf(evse.minimum) || (next < target && more < STEP)) return undefined;
  return amperes(next / 10);
}

/** The limit of an EVSE in a later span: its target as far as there is room. */
function raiseIn(run: OrderRun, n: number, k: number): Amperes {
  const evse = evseAt(run.inputs.tree, n);
  const room = Math.max(0, remainingFor(remainingIn(run, k), evse));
  const next = Math.min(Math.round(tenthsOf(targetOf(run, n, k))), countedTenths(run, n, k) + room);
  return amperes(next < tenthsOf(evse.minimum) ? 0 : next / 10);
}

/** The lowest limit from now until it would have to be renewed, within the first span. */
const leastSoon = ({ spans: [first], now }: OrderRun, confirmed: HeldLimit): Amperes =>
  lowestWithin(confirmed, { from: now, to: epochSeconds(Math.min(first?.to ?? now, now + RENEW)) });

function mayRise(run: OrderRun, n: number): boolean {
  const it = run.inputs.evses[n];
  const confirmed = it && confirmedLimit(it);
  if (!it || !confirmed || it.observed || it.sent.length > 0 || it.silent || it.retryAt !== undefined || it.measured !== undefined) return false;
  return run.spans.some((span, k) => targetOf(run, n, k) > (k === 0 ? leastSoon(run, confirmed) : highestWithin(confirmed, span)));
}

/** Whether later limits that begin soon become clearly higher than the confirmed ones. */
function risesSoon(run: OrderRun, it: EvseState, { confirmed, currents }: { confirmed: HeldLimit; currents: readonly Amperes[] }): boolean {
  if (it.periods <= 1 || run.now < it.orderedAt + run.inputs.delays.beforeRaise) return false;
  const next = { current: currents[0] ?? amperes(0), later: laterLimits(run.spans, currents, it) };
  return run.spans.some((span, k) => k > 0 && span.from <= run.now + SOON && tenthsOf(highestWithin(next, span) - highestWithin(confirmed, span)) >= STEP);
}

/** The limits of later spans, as far as the station takes them. */
function laterLimits(spans: readonly Span[], currents: readonly Amperes[], { periods }: Pick<EvseState, 'periods'>): readonly LaterLimit[] {
  const changes = spans.flatMap(({ from }, k): LaterLimit[] => {
    const current = currents[k] ?? amperes(0);
    return k === 0 || current === currents[k - 1] ? [] : [{ from, current }];
  });
  return shortened(changes, periods - 1);
}

function send(run: OrderRun, n: number, currents: readonly Amperes[]): void {
  const { inputs, now, orders, spans } = run;
  const it = inputs.evses[n];
  if (!it) return;
  const evse = evseAt(inputs.tree, n);
  const current = currents[0] ?? amperes(0);
  const id = run.nextOrder++;
  const held = { current, later: laterLimits(spans, currents, it) };
  orders.push({ id, evse: evse.uid, ...held, power: watts(Math.floor(current * wattsPerAmpere(evse))) });
  const older = it.sent.filter((order, at) => stillCounts(order, held, { it, now }) || at >= it.sent.length - REMEMBERED);
  inputs.evses[n] = { ...it, sent: [...older, { id, ...held }], orderedAt: now };
}

/** Unanswered orders of an EVSE that are kept although they no longer count: a late answer still tells which limit the station applies. */
const REMEMBERED = 10;

/** Whether an older unanswered order can raise the counted current: above the confirmed limit, or without one, different from the newer order. */
function stillCounts(older: HeldLimit, newer: HeldLimit, { it, now }: { it: EvseState; now: EpochSeconds }): boolean {
  const confirmed = confirmedLimit(it);
  return confirmed ? isAbove(older, confirmed, now) : !isSameHeld(older, newer, now);
}

/** Subtracts what each EVSE counts from the remaining capacity, and returns it: at a moment, or the highest within a span. */
export function subtractCounted(
  tree: LimitTree,
  evses: readonly EvseState[],
  { remaining, at }: { remaining: RemainingCapacity; at: EpochSeconds | Span },
): RemainingCapacity {
  for (const [n, it] of evses.entries()) {
    const evse = evseAt(tree, n);
    const counted = typeof at === 'number' ? countedCurrent(evse, it, at) : countedWithin(evse, it, at);
    if (counted > 0) subtractCurrent(remaining, evse, Math.ceil(tenthsOf(counted)));
  }
  return remaining;
}
