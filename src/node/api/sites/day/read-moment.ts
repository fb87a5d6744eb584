import { effectiveLimit } from '../../../../domain/limit/effective-limit.ts';
import { type LimitOrigin, type LimitSource, limitNow, reportedNow, type Supply } from '../../../../domain/limit/limit-source.ts';
import { type AcceptedAsk, asksInForce } from '../../../../domain/site/day/asks-in-force.ts';
import { drawnLine } from '../../../../domain/site/day/drawn-line.ts';
import { nodeLimitAt } from '../../../../domain/site/day/node-limit-line.ts';
import { type LinePoint, stepAt } from '../../../../domain/site/day/step-line.ts';
import { type EpochMillis, type EpochSeconds, epochMillis, seconds, toSeconds } from '../../../../domain/units.ts';
import { readActiveChargingProfile } from '../../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime, printSeconds } from '../../../../ocpi/date-time.ts';
import { OPERATOR } from '../../../../roles/cpo/check-profile-request.ts';
import { samplesOf } from '../../../../store/sql/evidence.ts';
import type { StoredExchange } from '../../../../store/sql/exchange.ts';
import { asksEndedBefore, confirmedBefore, samplesBefore, unknownBefore } from '../../../../store/sql/site-day.ts';
import { type AnsweredLimit, answeredLimits } from '../../../../store/sql/site-limit-past.ts';
import type { Context } from '../../../core/context.ts';
import { outcomeOf } from '../../exchanges/outcome.ts';
import { type Names, ownSupply } from '../../sessions/read-knowledge.ts';
import { maximumOf } from '../../sessions/session-knowledge.ts';
import { viewLimit } from '../../sessions/view-why.ts';
import { buildingAt } from './building.ts';
import {
  connectionOf,
  inMillis,
  limitsOf,
  MOST_SESSIONS,
  phasesOn,
  presentLimits,
  type SitePart,
  type SiteSession,
  sessionsWithin,
  viewWho,
  withPower,
} from './part.ts';
import { plannedShares } from './read-day.ts';
import type { SiteMoment } from './schemas.ts';

type SessionRow = SiteMoment['sessions'][number];
type Load = SiteMoment['drawn'];

/** Most requests of a session that are read, newest first; and answers of a charge point that are searched for an accepted one. */
const MOST_ASKS = 100;
const MOST_ANSWERS = 20;
/** ms: an estimate needs the samples around the moment. */
const SAMPLES_AROUND_MS = 15 * 60_000;
/** Duration of an active profile that names none. */
const DEFAULT_DURATION = seconds(3_600);

/** A moment of a node of a site. `until`: the same moment with all that happened within its second. */
interface At {
  at: EpochSeconds;
  until: EpochMillis;
  now: EpochSeconds;
  names: Names;
}

/** Reads who held what at a moment, and why. */
export async function readMoment(context: Context, part: SitePart, { at, names }: { at: EpochSeconds; names: Names }): Promise<SiteMoment> {
  const now = toSeconds(context.clock.now());
  // A past second is over: what happened within it counts. Of the present one only what has happened can.
  const moment: At = { at, until: epochMillis(inMillis(at) + 999), now, names };
  const known = at > now ? now : at;
  const around = { from: epochMillis(inMillis(known) - SAMPLES_AROUND_MS), to: epochMillis(inMillis(known) + SAMPLES_AROUND_MS) };
  const [limits, all, building] = await Promise.all([
    at < now ? limitsOf(context, part) : presentLimits(part),
    sessionsWithin(context, part, around),
    buildingAt(context, part, { at, now }),
  ]);
  const ran = all.filter(({ from, to }) => toSeconds(from) <= known && (to === undefined || toSeconds(to) > at));
  const rows: SessionRow[] = [];
  for (const it of ran.slice(0, MOST_SESSIONS)) rows.push(await (at > now ? rowAhead : rowOf)(context, { part, session: it }, moment));
  const drawn = rows.flatMap((it) => it.drawn ?? []);
  const limit = nodeLimitAt(limits, at);
  return {
    site: part.tree.name,
    node: part.node.path,
    at: printSeconds(at),
    when: at > now ? 'ahead' : at === now ? 'now' : 'past',
    ...(limit && { limit: { ...limit.limit } }),
    ...(limit?.imposed && { imposed: { ...limit.imposed } }),
    ...(building && { building }),
    drawn: drawn.reduce<Load>((sum, it) => ({ w: sum.w + it.w, a: sum.a.map((one, n) => tenths(one + (it.a[n] ?? 0))) }), { w: 0, a: [0, 0, 0] }),
    unknown: rows.length - drawn.length,
    sessions: rows.sort((a, b) => a.evse.localeCompare(b.evse)),
  };
}

interface Row {
  part: SitePart;
  session: SiteSession;
}

/** A session with the share of its site that its charge point had confirmed, and the accepted answers before, newest first. */
interface Shared extends Row {
  share: number | undefined;
  accepted: readonly AnsweredLimit[];
}

/** A session that runs now, at a later moment: only the share that is planned is known. */
async function rowAhead(context: Context, { part, session }: Row, { at }: At): Promise<SessionRow> {
  const share = stepAt(plannedShares(part, session), at)?.[2] ?? part.balance.confirmedOf(session.evse.uid).limit?.current;
  const name = part.tree.nodes[session.evse.node]?.path ?? part.tree.name;
  return {
    ...viewWho(session, context),
    ...(share !== undefined && { share, limit: { limit: share, unit: 'A' as const, origin: { kind: 'site' as const, name }, reported: false } }),
  };
}

async function rowOf(context: Context, { part, session }: Row, moment: At): Promise<SessionRow> {
  const { store } = context;
  const { stored, evse } = session;
  const { at, until } = moment;
  const [before, after, answers] = await Promise.all([
    store.all(samplesBefore(stored.key, until, 2)),
    store.all(samplesOf(stored.key, { from: epochMillis(until + 1), to: epochMillis(until + SAMPLES_AROUND_MS), limit: 1 })),
    store.all(answeredLimits(evse.uid, { before: epochMillis(until + 1), limit: MOST_ANSWERS })),
  ]);
  const accepted = answers.filter((it) => it.accepted);
  const share = accepted[0]?.a;
  const allowed = accepted.toReversed().map((it): LinePoint => [toSeconds(it.at), withPower(it.a, evse).w, it.a]);
  const { line, estimated } = drawnLine([...before.toReversed(), ...after], { ...connectionOf(evse), allowed }, epochMillis(until + 1));
  const [, w = null, a = null] = stepAt(line, at) ?? [];
  const isEstimated = estimated.some(([from, to]) => from <= at && at < to);
  const drawn = w !== null && a !== null && { drawn: { w, a: onPhases(a, phasesOn(evse)), estimated: isEstimated } };
  const limit = await limitAt(context, { part, session, share, accepted }, moment);
  return { ...viewWho(session, context), ...drawn, ...(share !== undefined && { share }), ...limit };
}

/** The limit that held for a session, from what its charge point had confirmed, and where it came from. */
async function limitAt(
  { store }: Context,
  { part, session, share, accepted }: Shared,
  { at, until, names }: At,
): Promise<Pick<SessionRow, 'limit' | 'limit_unknown_since'>> {
  const { key, station, body } = session.stored;
  const [asks, confirmed, unknown] = await Promise.all([
    store.all(asksEndedBefore(key, until, MOST_ASKS)),
    store.first(confirmedBefore(key, until)),
    store.first(unknownBefore(key, until)),
  ]);
  if (unknown !== undefined && unknown > (confirmed?.at ?? 0)) return { limit_unknown_since: printDateTime(unknown) };
  const time = { started: toSeconds(session.from), now: at };
  const set = asksInForce(
    asks
      .toReversed()
      .filter((it) => outcomeOf(it) === 'ACCEPTED')
      .map(acceptedAsk),
  );
  const authors = set.some(({ author }) => author !== undefined) ? await names() : new Map<string, string>();
  const configured = part.cpo.evses.byUid(session.evse.uid)?.evse;
  const supply = configured && ownSupply(configured);
  const maximum = maximumOf(supply, session.evse.uid);
  const profiles = set.toReversed().flatMap(({ by, profile, author }): LimitSource[] => {
    const limit = limitNow(profile, time);
    return limit ? [{ ...limit, origin: originOf(by, author === undefined ? undefined : authors.get(author)) }] : [];
  });
  const reported = confirmed && readActiveChargingProfile(confirmed.body.profile as Parameters<typeof readActiveChargingProfile>[0], DEFAULT_DURATION);
  const limit = effectiveLimit({
    reported: reported?.ok && !isOutdated(confirmed?.at, accepted) ? reportedNow(reported.value, time) : undefined,
    computed: confirmed?.body.computed === true,
    sources: [...(maximum ? [maximum] : []), ...profiles, ...siteSource({ part, session, share }, supply)],
    renewed: true,
    supply,
    other: { kind: 'station', name: station ?? body.evse_uid },
  });
  return limit ? { limit: viewLimit(limit) } : {};
}

/** Whether the charge point took another share after it had reported its limits: they are read again some seconds later. */
function isOutdated(reportedAt: EpochMillis | undefined, accepted: readonly AnsweredLimit[]): boolean {
  const before = accepted.find(({ at }) => at <= (reportedAt ?? 0)) ?? accepted.at(-1);
  return before !== undefined && before.a !== accepted[0]?.a;
}

const acceptedAsk = ({ party, ask, author, side }: StoredExchange & { author: string | undefined }): AcceptedAsk => {
  const byOperator = side === 'own';
  return { by: byOperator ? OPERATOR : party, ask, author, clearsAll: byOperator && ask.kind === 'clear' && ask.keepsOthers !== true };
};

const originOf = (by: string, user: string | undefined): LimitOrigin =>
  by === OPERATOR || user !== undefined ? { kind: 'operator', name: user ?? 'operator' } : { kind: 'party', name: by };

function siteSource({ part, session: { evse }, share }: Pick<Shared, 'part' | 'session' | 'share'>, supply: Supply | undefined): readonly LimitSource[] {
  if (share === undefined) return [];
  const origin: LimitOrigin = { kind: 'site', name: part.tree.nodes[evse.node]?.path ?? part.tree.name };
  return supply?.powerType === 'DC' ? [{ origin, limit: withPower(share, evse).w, unit: 'W' }] : [{ origin, limit: share, unit: 'A' }];
}

const onPhases = (a: number, phases: readonly number[]): number[] => [0, 1, 2].map((phase) => (phases.includes(phase) ? a : 0));
const tenths = (it: number) => Math.round(it * 10) / 10;
