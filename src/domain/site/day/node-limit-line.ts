import { type EpochSeconds, epochSeconds } from '../../units.ts';
import { type Ceiling, capacityWithin, type ImposedCeiling, lowerOf } from '../ceiling.ts';
import { ceilingAt } from '../imposed-limit.ts';
import type { LimitNode } from '../limit-tree.ts';
import { timesOfDay } from '../outlook.ts';
import { mergeSteps, type StepLine } from './step-line.ts';

/** What was imposed on a node from a moment on; absent: nothing. `unknown`: nothing is stored about it. */
export interface ImposedChange {
  readonly at: EpochSeconds;
  readonly limit?: ImposedCeiling;
  readonly unknown?: true;
}

/** The limits of a node over time: its own, and those that were imposed, in order of time. */
export interface NodeLimits {
  readonly node: Pick<LimitNode, 'ceiling'>;
  readonly timeZone: string;
  /** V; line to neutral. */
  readonly voltage: number;
  readonly imposed: readonly ImposedChange[];
}

/** The limit of a node at a moment, its own and the imposed one; undefined: not known. A unit that is not limited is absent. */
export function nodeLimitAt({ node, timeZone, imposed }: NodeLimits, at: EpochSeconds): { limit: Ceiling; imposed?: Ceiling } | undefined {
  const change = imposed.findLast((it) => it.at <= at);
  if (change?.unknown) return undefined;
  const own = capacityWithin(node.ceiling, { from: at, to: at }, timeZone);
  const more = change?.limit && ceilingAt(change.limit, at);
  const { a, w } = more ? lowerOf(own, more) : own;
  const isImposed = more && (more.a !== undefined || more.w !== undefined);
  return { limit: { ...(Number.isFinite(a) && { a }), ...(Number.isFinite(w) && { w }) }, ...(isImposed && { imposed: more }) };
}

/**
 * The limit of a node within a span of a day. W: the most power that both units allow on three balanced phases; A: the limit on each phase. Null: not
 * limited, or not known.
 */
export function nodeLimitLine(limits: NodeLimits, span: { from: EpochSeconds; to: EpochSeconds }): StepLine {
  const moments = [span.from, ...edgesOf(limits, span.from).filter((at) => at > span.from && at < span.to)].sort((a, b) => a - b);
  return mergeSteps(
    moments.map((moment) => {
      const at = epochSeconds(moment);
      const { a, w } = nodeLimitAt(limits, at)?.limit ?? {};
      const most = Math.min(w ?? Infinity, (a ?? Infinity) * limits.voltage * 3);
      return [at, Number.isFinite(most) ? Math.floor(most) : null, a ?? null];
    }),
  );
}

function edgesOf({ node: { ceiling }, timeZone, imposed }: NodeLimits, from: EpochSeconds): readonly number[] {
  return [
    ...ceiling.dated.flatMap((it) => [it.from, it.to]),
    ...ceiling.daily.flatMap((it) => timesOfDay(it.from, from, timeZone)),
    ...imposed.flatMap(({ at, limit }) => [at, ...(limit?.later ?? []).map((it) => it.from)]),
  ];
}
