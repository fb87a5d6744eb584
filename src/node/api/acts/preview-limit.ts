import { isChange, sumChanges } from '../../../domain/limit-change.ts';
import { ceilingAt, imposedCeiling, type WrittenLimit } from '../../../domain/site/imposed-limit.ts';
import { type EpochSeconds, toSeconds } from '../../../domain/units.ts';
import type { ImposedLimit } from '../../../store/sql/imposed-limit.ts';
import { viewShare } from '../../cpo/preview-profiles.ts';
import type { ImposedPreview } from '../../sites/imposed-limits.ts';
import { LEAST_AMPERES } from './preview-profile.ts';
import type { ActPreview } from './schemas.ts';
import { imposeAgain } from './undo.ts';

/** What an imposed limit would do as the API shows it; `limit` undefined: the limit would be lifted. */
export function viewLimitPreview(
  { node, replaced, changes: shares }: ImposedPreview,
  limit: WrittenLimit | undefined,
  { now, sessionAt }: { now: EpochSeconds; sessionAt(evse: string): string | undefined },
): ActPreview {
  const changes = shares.map(viewShare);
  const held = replaced && viewImposed(replaced, now);
  const stops = changes.some(({ from, to }) => to.a === 0 && from.a !== 0);
  const isLow = limit !== undefined && ((limit.a !== undefined && limit.a < LEAST_AMPERES) || limit.w === 0);
  return {
    replaces: held ? [{ by: 'operator', ...held }] : [],
    keeps: [],
    pauses: stops || isLow,
    changes: changes.filter(isChange).map((it) => {
      const session = sessionAt(it.evse);
      return { ...it, ...(session !== undefined && { session }) };
    }),
    sums: sumChanges(changes),
    ...((limit || held) && { undo: imposeAgain(node, replaced, now) }),
    lost: [],
  };
}

/** An imposed limit as it holds now, with its end; undefined: it has ended. */
export function viewImposed({ limit, at }: ImposedLimit, now: EpochSeconds) {
  const imposed = imposedCeiling(limit, { at: toSeconds(at), now });
  if (!imposed) return undefined;
  const { a, w } = ceilingAt(imposed, now);
  return { limit: { ...(a !== undefined && { a }), ...(w !== undefined && { w }) }, ...(limit.until !== undefined && { until: limit.until }) };
}
