import { fold } from '../../../domain/ids.ts';
import type { SiteEvse } from '../../../domain/site/limit-tree.ts';
import { siteShareOf } from '../../../domain/site/site-share.ts';
import { type EpochMillis, epochMillis, toSeconds } from '../../../domain/units.ts';
import { type AnsweredLimit, answeredLimits } from '../../../store/sql/site-limit-past.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { SeriesView } from './schemas.ts';
import { bounded } from './series-lines.ts';

/** Most answers of a charge point that a line is made of. */
const MOST_ANSWERS = 1_000;
/** Answers from before the session that are searched for one that was accepted. */
const MOST_BEFORE = 20;

/** The EVSE of a session in its site, and the limit that its charge point confirmed. */
interface SitePlace {
  evse: SiteEvse;
  /** The path of the node whose limit is used up, such as garage/north; if none is, of the node that supplies it. */
  node: string;
  confirmed: { a: number; w: number } | undefined;
}

/** The limit of a site over time, in W, and the node that it is a share of. */
export interface SiteLimitPast {
  place: SitePlace;
  answers: readonly AnsweredLimit[];
}

/** Reads what the site allowed the EVSE of a session. Undefined: no site limits it. */
export async function readSiteLimit(
  { store }: Pick<Context, 'store'>,
  { cpo }: Pick<Roles, 'cpo'>,
  { evseUid, from, to, now }: { evseUid: string; from: EpochMillis; to: EpochMillis; now: EpochMillis },
): Promise<SiteLimitPast | undefined> {
  const place = cpo && placeOf(cpo, evseUid, now);
  if (!place) return undefined;
  const [before, during] = await Promise.all([
    store.all(answeredLimits(evseUid, { before: from, limit: MOST_BEFORE })),
    store.all(answeredLimits(evseUid, { from, before: to, limit: MOST_ANSWERS })),
  ]);
  return { place, answers: [...during, ...before].toReversed() };
}

function placeOf({ limits }: NonNullable<Roles['cpo']>, evseUid: string, now: EpochMillis): SitePlace | undefined {
  for (const balance of limits.balances()) {
    const { tree } = balance.state;
    const evse = tree.evses.find(({ uid }) => fold(uid) === fold(evseUid));
    if (!evse) continue;
    const limit = balance.confirmedOf(evse.uid).limit;
    const share = siteShareOf(balance.state, evse.uid, toSeconds(now));
    return { evse, node: share?.node?.path ?? share?.path ?? tree.name, confirmed: limit && { a: limit.current, w: limit.power } };
  }
  return undefined;
}

/** The line of the site limit from the begin of a session to its end, or to now with what holds now. `isOver`: the session has ended. */
export function siteLimitLine(
  { place, answers }: SiteLimitPast,
  { from, to, now, isOver }: { from: EpochMillis; to: EpochMillis; now: EpochMillis; isOver: boolean },
): SeriesView['lines']['active'] {
  const { voltage, phases } = place.evse;
  const points = answers
    .filter(({ accepted, at }) => accepted && at < to)
    .map(({ at, a }): [number, number | null] => [toSeconds(epochMillis(Math.max(at, from))), Math.floor(a * voltage * phases)]);
  // Of several answers from before the begin the last one holds.
  const line = points.filter(([at], n) => points[n + 1]?.[0] !== at);
  if (isOver) return line.length === 0 ? [] : bounded([...line, [toSeconds(to), null]]);
  return bounded(place.confirmed ? [...line, [toSeconds(now), place.confirmed.w]] : line);
}
