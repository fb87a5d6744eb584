import { fold } from '../../../domain/ids.ts';
import { omitUndefined } from '../../../domain/omit-undefined.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { inputsBetween } from '../../../store/sql/input.ts';
import { isRunning, newestSession, newestSessions } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Config } from '../../config/config.ts';
import { sitesOf } from '../../config/read-sites.ts';
import type { Context } from '../../core/context.ts';
import { DEFAULT_LIMIT, MOST_SEARCHED, NEWEST, nextOf, type PageRequest, searchedText } from '../lists.ts';
import { invalid, type Refusal } from '../refusal.ts';
import type { SessionFinder } from './find-session.ts';
import {
  isLimitedBy,
  matchesFacts,
  type Order,
  type Position,
  pageAfter,
  printPosition,
  type RunningFilter,
  readPosition,
  type Sort,
  usualOrder,
} from './running-list.ts';
import type { KeptSession, RunningSessions } from './running-sessions.ts';
import type { SessionView } from './schemas.ts';
import type { SessionViewer } from './session-viewer.ts';
import type { AnySession } from './view-session.ts';

/** Which sessions a list has, and in which order; newest first when `sort` is absent. */
export interface SessionRequest extends PageRequest, RunningFilter {
  sort?: Sort;
  order?: Order;
  after?: string;
}

/** A page of sessions. `next`: the `before` of the next page of a list that is newest first; `next_after`: the `after` of a sorted one. */
export interface SessionPage {
  items: SessionView[];
  next?: number;
  next_after?: string;
}

interface Dependencies {
  context: Pick<Context, 'store' | 'config'>;
  roles: Pick<Roles, 'cpo'>;
  finder: SessionFinder;
  viewer: SessionViewer;
  running: RunningSessions;
}

const RUNNING = 'ACTIVE, PENDING, RESERVATION';

/** Lists sessions. What is no column of the store, and every order but the newest first, is known of running sessions only. */
export async function listSessions(it: Dependencies, request: SessionRequest): Promise<Result<SessionPage, Refusal>> {
  const which = { ...request, q: searchedText(request.q) };
  const { sort, deviates, away, limited_by: limitedBy, status } = which;
  const ofRunning = status !== undefined && isRunning(status);
  const needsRunning = [sort, deviates, away, limitedBy].some((it) => it !== undefined);
  if (!needsRunning && !(ofRunning && which.site !== undefined)) return ok(await listStored(it, which));
  if (status !== undefined && !ofRunning)
    return invalid('status', `status: found ${status} with sort, deviates, away or limited_by, allowed: ${RUNNING}`, RUNNING);
  return await listRunning(it, which);
}

/** Rows that are read at a time for a filter that the store does not have. */
const ROWS_AT_ONCE = 1_000;

/** Sessions as the store has them, newest first. */
export async function listStored({ context: { store, config }, finder, viewer }: Dependencies, which: SessionRequest): Promise<SessionPage> {
  const { status, q: typed, party, site, station, limit = DEFAULT_LIMIT, before: wanted = NEWEST } = which;
  const q = searchedText(typed);
  // No index leads to these.
  const searches = [q, party, site, station].some((it) => it !== undefined) || (status !== undefined && !isRunning(status));
  const before = searches ? Math.min(wanted, ((await store.first(newestSession)) ?? 0) + 1) : wanted;
  const floor = searches ? Math.max(0, before - MOST_SEARCHED) : 0;
  const by = { floor, parties: finder.parties, ...omitUndefined({ status, q, station, party: party === undefined ? undefined : fold(party) }) };
  const read = (at: number, most: number) => store.all(newestSessions<OwnSession, Progress>({ ...by, before: at, limit: most }));
  const stored = site === undefined ? await read(before, limit) : await readAt(atSite(config, site), { before, limit, read });
  const inputs = Map.groupBy(await store.all(inputsBetween(stored.at(-1)?.seq ?? 0, stored[0]?.seq ?? 0)), ({ session }) => session);
  const items = await viewer.view(stored.filter(finder.isVisible), ({ key }) => inputs.get(key) ?? []);
  return { items, ...nextOf(stored, limit, floor) };
}

interface Reading {
  before: number;
  limit: number;
  read(before: number, limit: number): Promise<readonly AnySession[]>;
}

/** The first `limit` sessions that match, of those that `read` finds. */
async function readAt(matches: (session: AnySession) => boolean, { before, limit, read }: Reading): Promise<readonly AnySession[]> {
  const found: AnySession[] = [];
  for (let at = before; ; ) {
    const rows = await read(at, ROWS_AT_ONCE);
    found.push(...rows.filter(matches).slice(0, limit - found.length));
    const last = rows.at(-1);
    if (found.length >= limit || !last || rows.length < ROWS_AT_ONCE) return found;
    at = last.seq;
  }
}

/** Whether a session is at a location with this name, or at an EVSE of a site with this name. */
function atSite(config: Pick<Config, 'sites' | 'charge_points'>, name: string): (session: AnySession) => boolean {
  const wanted = fold(name);
  const tree = sitesOf(config).find((it) => fold(it.tree.name) === wanted)?.tree;
  const uids = new Set(tree?.evses.map(({ uid }) => fold(uid)));
  return ({ peer, locationId, body, evseUid }) => fold(locationId ?? body.location_id) === wanted || (peer === undefined && uids.has(fold(evseUid ?? '')));
}

type Placed = Position & { it: KeptSession };

/** Running sessions, from memory. */
async function listRunning({ roles: { cpo }, viewer, running }: Dependencies, which: SessionRequest): Promise<Result<SessionPage, Refusal>> {
  const { sort, limited_by: limitedBy, limit = DEFAULT_LIMIT, before = NEWEST, away } = which;
  const order = which.order ?? (sort === undefined ? 'desc' : usualOrder(sort));
  const after = which.after === undefined || sort === undefined ? undefined : readPosition(which.after, sort, order);
  if (which.after !== undefined && !after)
    return invalid('after', 'after: this is no next_after of this order', 'the next_after of the page before, with the same sort and order');
  const matches = matchesFacts(which);
  const isAway = ({ session: { station, peer } }: KeptSession) => peer === undefined && station !== undefined && cpo?.heard.of(station)?.online === false;
  const found = (await running.all()).filter((it) => matches(it.facts) && (away === undefined || isAway(it)));
  const limits = limitedBy !== undefined || sort === 'limit' ? await running.limitsOf(found) : undefined;
  const isLimited = limitedBy === undefined ? undefined : isLimitedBy(limitedBy);
  const placed = found.flatMap((it): Placed[] => {
    const limitFacts = limits?.get(it);
    if (isLimited && !(limitFacts && isLimited(limitFacts))) return [];
    const { facts } = it;
    return [{ it, seq: facts.seq, value: sort === undefined ? facts.seq : sort === 'limit' ? limitFacts?.limit : facts[sort] }];
  });
  const start: Position | undefined = sort === undefined && before !== NEWEST ? { value: before, seq: before } : after;
  const { items, more } = pageAfter(placed, { order: sort === undefined ? 'desc' : order, after: start, limit });
  const inputs = new Map(items.map(({ it: { session, inputs } }) => [session.key, inputs]));
  const views = await viewer.view(
    items.map(({ it: { session } }) => session),
    ({ key }) => inputs.get(key) ?? [],
  );
  const last = items.at(-1);
  if (!more || !last) return ok({ items: views });
  return ok({ items: views, ...(sort === undefined ? { next: last.seq } : { next_after: printPosition(sort, order, last) }) });
}
