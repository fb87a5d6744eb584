import { ok, type Result } from '../../../../domain/result.ts';
import { DAY, secondOfDay } from '../../../../domain/site/local-day.ts';
import { type EpochSeconds, epochSeconds, toSeconds } from '../../../../domain/units.ts';
import { dateTimeSeconds } from '../../../../ocpi/date-time.ts';
import type { Roles } from '../../../compose/compose.ts';
import type { Context } from '../../../core/context.ts';
import { invalid, oneById, quote, type Refusal, refuse } from '../../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../../route.ts';
import type { Names } from '../../sessions/read-knowledge.ts';
import type { SitePart } from './part.ts';
import { readDay } from './read-day.ts';
import { readMoment } from './read-moment.ts';
import { getSiteDay, getSiteMoment } from './routes.ts';
import type { SiteDay, SiteMoment } from './schemas.ts';

/** A site and its node by their names. */
type Named = { site: string; node?: string };

/** What an operator sees of the past and the plan of a site. */
export interface SiteDayOperations {
  /** A node of a site over at most 25 h; moments in UTC. Without `from`: today. */
  siteDay(which: Named & { from?: string; to?: string }): Promise<Result<SiteDay, Refusal>>;
  /** Who held what at a moment, and why; without `at`: now. */
  siteMoment(which: Named & { at?: string }): Promise<Result<SiteMoment, Refusal>>;
}

/** s: the longest span, a day on which the clocks go back. */
const LONGEST = 25 * 3600;
const EXAMPLE = 'a moment in UTC, such as 2026-01-31T09:30:00Z';

export function siteDayOperations(context: Context, { cpo }: Pick<Roles, 'cpo'>, names: Names): SiteDayOperations {
  const { clock } = context;
  const partOf = (it: Named) => findPart(cpo, it);
  return {
    siteDay: async ({ from, to, ...named }) => {
      const part = partOf(named);
      if (!part.ok) return part;
      const span = spanOf({ from, to }, { now: toSeconds(clock.now()), timeZone: part.value.tree.timeZone });
      return span.ok ? ok(await readDay(context, part.value, span.value)) : span;
    },
    siteMoment: async ({ at, ...named }) => {
      const part = partOf(named);
      if (!part.ok) return part;
      const moment = at === undefined ? toSeconds(clock.now()) : dateTimeSeconds(at);
      return moment === undefined ? invalid('at', `at: found ${quote(at ?? '')}`, EXAMPLE) : ok(await readMoment(context, part.value, { at: moment, names }));
    },
  };
}

export const siteDayAnswers = (operations: SiteDayOperations): readonly AnsweredRoute[] => [
  answerRoute(getSiteDay, ({ params, query }) => operations.siteDay({ site: params.site, ...query })),
  answerRoute(getSiteMoment, ({ params, query }) => operations.siteMoment({ site: params.site, ...query })),
];

function findPart(cpo: Roles['cpo'], { site, node }: Named): Result<SitePart, Refusal> {
  if (!cpo || cpo.limits.balances().length === 0) return refuse(404, 'NOT_FOUND', 'this node has no sites in its configuration');
  const balance = oneById(cpo.limits.balances(), (it) => it.state.tree.name, { noun: 'site', typed: site });
  if (!balance.ok) return balance;
  const { tree } = balance.value.state;
  const found = oneById(tree.nodes, (it) => it.path, { noun: 'node', typed: node ?? tree.name });
  return found.ok ? ok({ balance: balance.value, tree, node: found.value, cpo }) : found;
}

function spanOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  { now, timeZone }: { now: EpochSeconds; timeZone: string },
): Result<{ from: EpochSeconds; to: EpochSeconds }, Refusal> {
  const begin = from === undefined ? epochSeconds(now - secondOfDay(now, timeZone)) : dateTimeSeconds(from);
  if (begin === undefined) return invalid('from', `from: found ${quote(from ?? '')}`, EXAMPLE);
  const end = to === undefined ? epochSeconds(begin + DAY) : dateTimeSeconds(to);
  if (end === undefined || end <= begin || end > begin + LONGEST) return invalid('to', 'to must be after from, by 25 h at most', EXAMPLE);
  return ok({ from: begin, to: end });
}
