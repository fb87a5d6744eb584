import { ALWAYS, combine, constant, lowest, NO_LIMIT, type Schedule, type Span } from '../profile/schedule.ts';
import { type Amperes, epochSeconds, type Watts } from '../units.ts';
import type { Ceiling, CeilingOverTime } from './ceiling.ts';
import type { LimitNode } from './limit-tree.ts';
import { DAY } from './local-day.ts';

/** Says how the limit of a node is at all times larger than one above it, so that it never counts; undefined when it may count. */
export function ineffectiveCeiling(nodes: readonly LimitNode[], number: number): string | undefined {
  const node = nodes[number];
  for (let n = node?.parent ?? -1; node && n >= 0; n = nodes[n]?.parent ?? -1) {
    const above = nodes[n];
    const unit = above && neverReached(node.ceiling, above.ceiling);
    if (unit) return `has a limit in ${unit} that is always above that of ${above.path}, so it never counts: lower it, raise the other, or leave it out`;
  }
  return undefined;
}

function neverReached(node: CeilingOverTime, above: CeilingOverTime): 'A' | 'W' | undefined {
  const dated = node.dated.length + above.dated.length > 0;
  if (dated && node.daily.length + above.daily.length > 0) return undefined; // days and dates meet now and then: nobody can say that they never do
  const curve = dated ? overDates : overOneDay;
  if (isAbove(curve(node, amperesOf), curve(above, amperesOf))) return 'A';
  return isAbove(curve(node, wattsOf), curve(above, wattsOf)) ? 'W' : undefined;
}

const isAbove = <L extends Amperes | Watts>(high: Schedule<L>, low: Schedule<L>) =>
  high.length > 0 && combine(high, low, (x, y) => (x === undefined || (y !== undefined && x > y) ? undefined : 'counts')).length === 0;

type Unit<L> = (ceiling: Ceiling) => L | undefined;
const amperesOf: Unit<Amperes> = ({ a }) => a;
const wattsOf: Unit<Watts> = ({ w }) => w;

const ONE_DAY: Span = { from: epochSeconds(0), to: epochSeconds(DAY) };
const overOneDay = <L extends Amperes | Watts>({ fixed, daily }: CeilingOverTime, unit: Unit<L>) => lowest(within(fixed, unit, ONE_DAY), inUnit(daily, unit));
const overDates = <L extends Amperes | Watts>({ fixed, dated }: CeilingOverTime, unit: Unit<L>) => lowest(within(fixed, unit, ALWAYS), inUnit(dated, unit));

function within<L>(fixed: Ceiling, unit: Unit<L>, span: Span): Schedule<L> {
  const limit = unit(fixed);
  return limit === undefined ? NO_LIMIT : constant(limit, span);
}
const inUnit = <L>(schedule: Schedule<Ceiling>, unit: Unit<L>): Schedule<L> => combine(schedule, NO_LIMIT, (it) => it && unit(it));
