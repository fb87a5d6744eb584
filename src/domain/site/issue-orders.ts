import { type Amperes, amperes, type EpochSeconds, epochSeconds, watts } from '../units.ts';
import type { Order } from './event.ts';
import { countedCurrent, type EvseState, largestAllowed } from './evse-state.ts';
import { type LimitTree, wattsPerAmpere } from './limit-tree.ts';
import type { BalanceInputs } from './plan-targets.ts';
import { type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, tenthsOf } from './share.ts';

/** The orders of one step of the balance. Each order changes the state of its EVSE in `inputs.evses`. */
export interface OrderRun {
  readonly inputs: BalanceInputs & { evses: EvseState[] };
  readonly targets: readonly Amperes[];
  readonly now: EpochSeconds;
  readonly orders: Order[];
  nextOrder: number;
}

/** Sends each reduction immediately, also while other orders are unanswered, and repeats lost orders to stations that refused or were silent. */
export function issueReductions(run: OrderRun): void {
  const { inputs, targets, now } = run;
  for (const [n, it] of inputs.evses.entries()) {
    if (it.retryAt !== undefined && now < it.retryAt) continue;
    const target = targets[n] ?? amperes(0);
    const intended = it.sent.at(-1)?.current ?? it.confirmed;
    const lost = it.retryAt !== undefined && it.sent.length > 0;
    if (it.retryAt !== undefined) inputs.evses[n] = { ...it, retryAt: it.silent ? epochSeconds(now + inputs.delays.retry) : undefined };
    if (intended !== undefined && target >= intended && !lost) continue;
    const most = it.confirmed ?? largestAllowed(evseAt(inputs.tree, n), it);
    send(run, n, amperes(Math.min(target, most)));
  }
}

/** Sends raises where the remaining capacity allows them, the lowest confirmed limit first. A raise short of its target is at least `STEP`. */
export function issueRaises(run: OrderRun, remaining: RemainingCapacity): void {
  const { inputs, targets } = run;
  const waiting = [...inputs.evses.keys()].filter((n) => mayRise(run, n)).sort((a, b) => confirmedOf(inputs, a) - confirmedOf(inputs, b) || a - b);
  for (const n of waiting) {
    const it = inputs.evses[n];
    if (!it) continue;
    const evse = evseAt(inputs.tree, n);
    const has = Math.ceil(tenthsOf(countedCurrent(evse, it, run.now)));
    const available = remainingFor(remaining, evse);
    const target = Math.round(tenthsOf(targets[n] ?? 0));
    const next = Math.min(target, has + available);
    const more = next - Math.round(tenthsOf(confirmedOf(inputs, n)));
    if (available < 0 || more <= 0 || next < tenthsOf(evse.minimum) || (next < target && more < STEP)) continue;
    subtractCurrent(remaining, evse, Math.max(0, next - has));
    send(run, n, amperes(next / 10));
  }
}
/** Tenths of an ampere: a smaller raise is not worth a message while a further raise follows. */
const STEP = 10;

const confirmedOf = (inputs: BalanceInputs, n: number): number => inputs.evses[n]?.confirmed ?? 0;

function mayRise({ inputs, targets, now }: OrderRun, n: number): boolean {
  const it = inputs.evses[n];
  if (it?.confirmed === undefined || it.sent.length > 0 || it.silent || it.retryAt !== undefined || it.measured !== undefined) return false;
  return (targets[n] ?? 0) > it.confirmed && (it.confirmed === 0 || now >= it.orderedAt + inputs.delays.beforeRaise);
}

function send(run: OrderRun, n: number, current: Amperes): void {
  const { inputs, now, orders } = run;
  const it = inputs.evses[n];
  if (!it) return;
  const evse = evseAt(inputs.tree, n);
  const id = run.nextOrder++;
  orders.push({ id, evse: evse.uid, current, power: watts(Math.floor(current * wattsPerAmpere(evse))) });
  const older = it.sent.filter((order, at) => stillCounts(order.current, it, current) || at >= it.sent.length - REMEMBERED);
  inputs.evses[n] = { ...it, sent: [...older, { id, current }], orderedAt: now };
}

/** Unanswered orders of an EVSE that are kept although they no longer count: a late answer still tells which limit the station applies. */
const REMEMBERED = 10;

/** Whether an older unanswered order can raise the counted current: above the confirmed limit, or without one, different from the newer order. */
const stillCounts = (older: Amperes, { confirmed }: EvseState, newer: Amperes): boolean => (confirmed === undefined ? older !== newer : older > confirmed);

/** Subtracts the counted current of each EVSE from the remaining capacity, and returns it. */
export function subtractCounted(
  tree: LimitTree,
  evses: readonly EvseState[],
  { remaining, now }: { remaining: RemainingCapacity; now: EpochSeconds },
): RemainingCapacity {
  for (const [n, it] of evses.entries()) subtractCurrent(remaining, evseAt(tree, n), Math.ceil(tenthsOf(countedCurrent(evseAt(tree, n), it, now))));
  return remaining;
}
