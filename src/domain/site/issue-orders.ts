import { type Amperes, amperes, type EpochSeconds, epochSeconds, watts } from '../units.ts';
import type { Order } from './event.ts';
import { countedCurrent, type EvseState, largestAllowed } from './evse-state.ts';
import { type LimitTree, wattsPerAmpere } from './limit-tree.ts';
import type { BalanceInputs } from './plan-targets.ts';
import { type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, tenthsOf } from './share.ts';

/** Orders as they are made; what is known of an EVSE is replaced as soon as it is sent one. */
export interface OrderRun {
  readonly known: BalanceInputs & { evses: EvseState[] };
  readonly targets: readonly Amperes[];
  readonly now: EpochSeconds;
  readonly orders: Order[];
  nextOrder: number;
}

/** Reductions go at once, whatever else is on its way; and again to a station that was silent or refused, when its time has come. */
export function issueReductions(releasing: OrderRun): void {
  const { known, targets, now } = releasing;
  for (const [n, it] of known.evses.entries()) {
    if (it.retryAt !== undefined && now < it.retryAt) continue;
    const target = targets[n] ?? amperes(0);
    const intended = it.sent.at(-1)?.current ?? it.confirmed;
    const lost = it.retryAt !== undefined && it.sent.length > 0;
    if (it.retryAt !== undefined) known.evses[n] = { ...it, retryAt: it.silent ? epochSeconds(now + known.delays.retry) : undefined };
    if (intended !== undefined && target >= intended && !lost) continue;
    const most = it.confirmed ?? largestAllowed(evseAt(known.tree, n), it);
    send(releasing, n, amperes(Math.min(target, most)));
  }
}

/** Raises go where there is room after all that may be drawn now, whoever has least first; no more than a step at a time is asked of a tight room. */
export function issueRaises(releasing: OrderRun, ledger: RemainingCapacity): void {
  const { known, targets } = releasing;
  const waiting = [...known.evses.keys()].filter((n) => mayRise(releasing, n)).sort((a, b) => confirmedOf(known, a) - confirmedOf(known, b) || a - b);
  for (const n of waiting) {
    const it = known.evses[n];
    if (!it) continue;
    const evse = evseAt(known.tree, n);
    const has = Math.ceil(tenthsOf(countedCurrent(evse, it, releasing.now)));
    const room = remainingFor(ledger, evse);
    const target = Math.round(tenthsOf(targets[n] ?? 0));
    const grant = Math.min(target, has + room);
    const more = grant - Math.round(tenthsOf(confirmedOf(known, n)));
    if (room < 0 || more <= 0 || grant < tenthsOf(evse.minimum) || (grant < target && more < STEP)) continue;
    subtractCurrent(ledger, evse, Math.max(0, grant - has));
    send(releasing, n, amperes(grant / 10));
  }
}
/** Tenths of an ampere: less is not worth a message while there is more to come. */
const STEP = 10;

const confirmedOf = (known: BalanceInputs, n: number): number => known.evses[n]?.confirmed ?? 0;

function mayRise({ known, targets, now }: OrderRun, n: number): boolean {
  const it = known.evses[n];
  if (it?.confirmed === undefined || it.sent.length > 0 || it.silent || it.retryAt !== undefined || it.measured !== undefined) return false;
  return (targets[n] ?? 0) > it.confirmed && (it.confirmed === 0 || now >= it.orderedAt + known.delays.beforeRaise);
}

function send(releasing: OrderRun, n: number, current: Amperes): void {
  const { known, now, orders } = releasing;
  const it = known.evses[n];
  if (!it) return;
  const evse = evseAt(known.tree, n);
  const id = releasing.nextOrder++;
  orders.push({ id, evse: evse.uid, current, power: watts(Math.floor(current * wattsPerAmpere(evse))) });
  known.evses[n] = { ...it, sent: [...it.sent.filter((older) => stillCounts(older.current, it, current)), { id, current }], orderedAt: now };
}

/** An unanswered order at or below the confirmed limit adds nothing that a newer one does not; where none is confirmed, an equal one does not. */
const stillCounts = (older: Amperes, { confirmed }: EvseState, newer: Amperes): boolean => (confirmed === undefined ? older !== newer : older > confirmed);

/** Takes from a ledger what counts for each EVSE. */
export function subtractCounted(
  tree: LimitTree,
  evses: readonly EvseState[],
  { ledger, now }: { ledger: RemainingCapacity; now: EpochSeconds },
): RemainingCapacity {
  for (const [n, it] of evses.entries()) subtractCurrent(ledger, evseAt(tree, n), Math.ceil(tenthsOf(countedCurrent(evseAt(tree, n), it, now))));
  return ledger;
}
