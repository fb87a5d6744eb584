import { fold } from '../../../../domain/ids.ts';
import type { DrawnAt } from '../../../../domain/site/day/drawn-line.ts';
import type { ImposedChange, NodeLimits } from '../../../../domain/site/day/node-limit-line.ts';
import { CELLS, type LimitNode, type LimitTree, type SiteEvse, wattsPerAmpere } from '../../../../domain/site/limit-tree.ts';
import { ceilingOf } from '../../../../domain/site/read-ceiling.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, epochSeconds, toSeconds } from '../../../../domain/units.ts';
import { dateTimeMillis } from '../../../../ocpi/date-time.ts';
import { isOver, type OwnSession, type Progress } from '../../../../roles/cpo/session.ts';
import { imposedOnSite, oldestRead, sessionsOfStation } from '../../../../store/sql/site-day.ts';
import type { Roles } from '../../../compose/compose.ts';
import type { Context } from '../../../core/context.ts';
import type { SiteBalance } from '../../../sites/site-balance.ts';
import { maskSession, ownIssuers } from '../../masks.ts';
import type { AnySession } from '../../sessions/view-session.ts';
import type { SiteDay } from './schemas.ts';

/** A node of a site. */
export interface SitePart {
  balance: SiteBalance;
  tree: LimitTree;
  node: LimitNode;
  cpo: NonNullable<Roles['cpo']>;
}

/** A session at an EVSE of a site, and when it ran. `to` absent: it runs. */
export interface SiteSession {
  stored: AnySession;
  evse: SiteEvse;
  from: EpochMillis;
  to?: EpochMillis;
}

/** Most sessions in one answer. */
export const MOST_SESSIONS = 200;
/** Most sessions of one station that are read. */
const MOST_OF_STATION = 200;
/** Most records of a site in which imposed limits are searched. */
const MOST_RECORDS = 20_000;

/** The EVSEs below a node. */
const evsesBelow = ({ tree, node }: SitePart): readonly SiteEvse[] => tree.evses.slice(node.first, node.end);

/** The sessions below a node that ran within a span, oldest first; sessions without a start are left out. */
export async function sessionsWithin({ store }: Pick<Context, 'store'>, part: SitePart, span: { from: EpochMillis; to: EpochMillis }): Promise<SiteSession[]> {
  const evses = new Map(evsesBelow(part).map((it) => [fold(it.uid), it]));
  const stations = new Set([...evses.keys()].map((uid) => part.cpo.evses.byUid(uid)?.station).filter((it) => it !== undefined));
  const stored = await Promise.all([...stations].map((it) => store.all(sessionsOfStation<OwnSession, Progress>(it, { ...span, limit: MOST_OF_STATION }))));
  const found = stored.flat().flatMap((it): SiteSession[] => {
    const [evse, from] = [evses.get(fold(it.evseUid ?? '')), dateTimeMillis(it.body.start_date_time)];
    if (!evse || from === undefined || it.status === 'RESERVATION') return [];
    const to = isOver(it.body) ? dateTimeMillis(it.body.end_date_time ?? it.body.last_updated) : undefined;
    const ran = from < span.to && (to === undefined || to > span.from);
    return ran ? [{ stored: it, evse, from, ...(to !== undefined && { to }) }] : [];
  });
  return found.sort((a, b) => a.from - b.from);
}

/** Who charges, as the operator may see it. */
export function viewWho(
  { stored, evse }: SiteSession,
  { config }: Pick<Context, 'config'>,
): Pick<SiteDay['sessions'][number], 'session' | 'evse' | 'station' | 'card' | 'party' | 'phases'> {
  const token = maskSession(stored.body, ownIssuers(config)).cdr_token;
  return {
    session: stored.key,
    evse: evse.uid,
    ...(stored.station !== undefined && { station: stored.station }),
    ...(token && { card: token.uid, party: `${token.country_code}*${token.party_id}` }),
    phases: phasesOn(evse).map((phase) => (['L1', 'L2', 'L3'] as const)[phase] ?? 'L1'),
  };
}

/** The phases of the grid that an EVSE uses: 0, 1, 2 for L1, L2, L3. */
export const phasesOn = ({ loads, node }: SiteEvse): readonly number[] =>
  loads.map(({ cell }) => cell - node * CELLS).filter((phase) => phase >= 0 && phase < CELLS - 1);

/** How an EVSE is connected. */
export const connectionOf = (it: SiteEvse): Omit<DrawnAt, 'allowed'> => ({
  voltage: it.voltage,
  phases: it.phases,
  dc: it.evse.powerType === 'DC',
  watts: Math.floor(it.maximum * wattsPerAmpere(it)),
});

/** A current on each phase with its power. */
export const withPower = (a: number, evse: SiteEvse): { w: number; a: number } => ({ w: Math.floor(a * wattsPerAmpere(evse)), a });

/** The limits of a node over time: as it is configured now, with what is stored of imposed limits. */
export async function limitsOf({ store }: Pick<Context, 'store'>, { balance, tree, node }: SitePart): Promise<NodeLimits> {
  const site = fold(tree.name);
  const [records, oldest] = await Promise.all([store.all(imposedOnSite(site, MOST_RECORDS)), store.first(oldestRead(site, MOST_RECORDS))]);
  const changes = records
    .filter(({ body }) => fold(body.node) === fold(node.name))
    .toReversed()
    .map(({ at, body: { a, w, later = [] } }): ImposedChange => {
      const steps = later.map((it) => ({ ...ceiling(it), from: epochSeconds(it.from) }));
      const isLifted = a === undefined && w === undefined && steps.length === 0;
      return { at: toSeconds(at), ...(!isLifted && { limit: { ...ceiling({ a, w }), ...(steps.length > 0 && { later: steps }) } }) };
    });
  return { ...presentLimits({ balance, tree, node }), imposed: [firstChange(changes, { oldest, now: balance.state.imposed.get(node.name) }), ...changes] };
}

/** The limits of a node from now on: nothing is read for them. */
export const presentLimits = ({ balance, tree, node }: Pick<SitePart, 'balance' | 'tree' | 'node'>): NodeLimits => ({
  node,
  timeZone: tree.timeZone,
  voltage: tree.evses[0]?.voltage ?? 230,
  imposed: [firstChange([], { oldest: undefined, now: balance.state.imposed.get(node.name) })],
});

/** What was imposed before the first change that is stored. Without a change it is what is imposed now. */
function firstChange(changes: readonly ImposedChange[], { oldest, now }: { oldest: EpochMillis | undefined; now: ImposedChange['limit'] }): ImposedChange {
  const at = epochSeconds(-Infinity);
  if (changes.length === 0) return { at, ...(now && { limit: now }) };
  return oldest === undefined ? { at } : { at, unknown: true };
}

const ceiling = ({ a, w }: { a?: number | undefined; w?: number | undefined }) => ceilingOf({ ...(a !== undefined && { a }), ...(w !== undefined && { w }) });

/** The time that a session has within a span. */
export const partOfSpan = ({ from, to }: SiteSession, span: { from: EpochSeconds; to: EpochSeconds }): { from: EpochSeconds; to: EpochSeconds } => ({
  from: epochSeconds(Math.max(span.from, toSeconds(from))),
  to: epochSeconds(Math.min(span.to, to === undefined ? Infinity : toSeconds(to))),
});

/** Seconds as milliseconds. */
export const inMillis = (at: EpochSeconds): EpochMillis => epochMillis(at * 1_000);
