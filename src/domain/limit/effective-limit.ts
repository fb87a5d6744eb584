import type { EpochSeconds } from '../units.ts';
import { inUnit, type LimitNow, type LimitOrigin, type LimitSource, oneAmpere, type Supply } from './limit-source.ts';

/** The limit that holds for a session now, where it comes from and when it ends. */
export interface EffectiveLimit extends LimitNow {
  readonly origin: LimitOrigin;
  /** The station, or the CPO, reported it; false: this node computed it from what is installed. */
  readonly reported: boolean;
}

/** What a node knows of the limits of one session. */
export interface KnownLimitsOf {
  /** The limit of the active profile now; undefined: none was reported, or the report is over. */
  readonly reported?: LimitNow | undefined;
  /** This node computed the active profile, because the station cannot report it. */
  readonly computed?: boolean;
  /** Since when the limit is not known, for example after a clear; absent: it is known. */
  readonly unknownSince?: EpochSeconds | undefined;
  /** In the order of precedence: of two equal limits the first is named. */
  readonly sources: readonly LimitSource[];
  /** The node renews the limits of the station all the time: an end in the report is not the end of the limit. */
  readonly renewed?: boolean;
  readonly supply: Supply | undefined;
  /** Named when the reported limit is none of the sources: the station, or the CPO of a remote session. */
  readonly other: LimitOrigin;
}

/** A: limits that differ by less are equal. */
const EQUAL = 0.15;

/**
 * The limit that holds now. What the station reports comes first; the sources say where it comes from. Without a report, it is the lowest of the
 * sources. Undefined: not known, or there is no limit.
 */
export function effectiveLimit(known: KnownLimitsOf): EffectiveLimit | undefined {
  if (known.unknownSince !== undefined) return undefined;
  if (known.reported) return named(known.reported, known);
  const [first, ...others] = known.sources;
  const lowest = first && others.reduce((least, it) => (isLower(it, least, known.supply) ? it : least), first);
  return lowest && { ...limitOf(lowest), origin: lowest.origin, reported: false };
}

const limitOf = ({ limit, unit, until }: LimitNow): LimitNow => ({ limit, unit, ...(until !== undefined && { until }) });

/** Whether a limit is clearly lower than another; false when the two cannot be compared. */
export function isLower(one: LimitNow, other: LimitNow, supply: Supply | undefined): boolean {
  const [unit, limit] = one.unit === other.unit ? [other.unit, one.limit] : [other.unit, inUnit(one, other.unit, supply)];
  return limit !== undefined && limit < other.limit - EQUAL * oneAmpere(unit, supply);
}

function named(reported: LimitNow, { sources, supply, other, computed = false, renewed = false }: KnownLimitsOf): EffectiveLimit {
  const source = closest(reported, sources, supply);
  const end = renewed && source ? undefined : reported.until;
  const until = earlier(source?.until, end);
  const { limit, unit } = reported;
  return { limit, unit, origin: source?.origin ?? other, reported: !computed, ...(until !== undefined && { until }) };
}

/** The source of a reported limit. A station may round down to whole amperes, and its voltage may differ from ours. */
function closest(reported: LimitNow, sources: readonly LimitSource[], supply: Supply | undefined): LimitSource | undefined {
  const step = oneAmpere(reported.unit, supply);
  const matching = sources.flatMap((source) => {
    const limit = inUnit(source, reported.unit, supply);
    if (limit === undefined) return [];
    const above = source.unit === reported.unit ? EQUAL * step : step;
    const off = reported.limit - limit;
    return off > -step && off <= above ? [{ source, off: Math.abs(off) }] : [];
  });
  const [first, ...others] = matching;
  return first && others.reduce((best, it) => (it.off < best.off - EQUAL * step ? it : best), first).source;
}

const earlier = (one: EpochSeconds | undefined, other: EpochSeconds | undefined): EpochSeconds | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;
