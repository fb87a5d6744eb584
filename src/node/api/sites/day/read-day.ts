import { drawnLine } from '../../../../domain/site/day/drawn-line.ts';
import { nodeLimitAt, nodeLimitLine } from '../../../../domain/site/day/node-limit-line.ts';
import { clipLine, type LinePoint, mergeSteps, type StepLine, thinLine } from '../../../../domain/site/day/step-line.ts';
import { type EpochSeconds, epochMillis, epochSeconds, toSeconds } from '../../../../domain/units.ts';
import { printDateTime, printSeconds } from '../../../../ocpi/date-time.ts';
import { samplesOf } from '../../../../store/sql/evidence.ts';
import { samplesBefore } from '../../../../store/sql/site-day.ts';
import { answeredLimits } from '../../../../store/sql/site-limit-past.ts';
import type { Context } from '../../../core/context.ts';
import { buildingLine } from './building.ts';
import { connectionOf, inMillis, limitsOf, MOST_SESSIONS, partOfSpan, type SitePart, type SiteSession, sessionsWithin, viewWho, withPower } from './part.ts';
import type { SiteDay } from './schemas.ts';

/** Most points of one line. */
const MOST_POINTS = 480;
/** Most samples of one session: a day at one a minute, and half a day of changes. */
const MOST_SAMPLES = 2_000;
/** Most answers of a charge point, and those before the span that are searched for an accepted one. */
const MOST_ANSWERS = 2_000;
const MOST_BEFORE = 20;

type Span = { from: EpochSeconds; to: EpochSeconds };

/** Reads a node of a site over a span of time. */
export async function readDay(context: Context, part: SitePart, span: Span): Promise<SiteDay> {
  const now = toSeconds(context.clock.now());
  const [limits, sessions] = await Promise.all([limitsOf(context, part), sessionsWithin(context, part, { from: inMillis(span.from), to: inMillis(span.to) })]);
  const views: SiteDay['sessions'] = [];
  // One after another: a whole day of many sessions must not hold up other requests.
  for (const it of sessions.slice(0, MOST_SESSIONS)) views.push(await readSession(context, { part, session: it, now }, span));
  const building = await buildingLine(context, part, span);
  return {
    site: part.tree.name,
    node: part.node.path,
    nodes: part.tree.nodes.map(({ path }) => path),
    from: printSeconds(span.from),
    to: printSeconds(span.to),
    now: printSeconds(now),
    limit: written(nodeLimitLine(limits, span)),
    limit_unknown: unknownSpans(limits, span),
    ...(building && { building }),
    sessions: views,
    more: sessions.length > MOST_SESSIONS,
  };
}

/** Nothing is stored about the time before the first change that was found. */
function unknownSpans(limits: Parameters<typeof nodeLimitAt>[0], { from, to }: Span): SiteDay['limit_unknown'] {
  if (nodeLimitAt(limits, from)) return [];
  const known = limits.imposed.find((it) => it.at > from && !it.unknown)?.at ?? to;
  return [[from, Math.min(to, known)]];
}

async function readSession(
  context: Context,
  { part, session, now }: { part: SitePart; session: SiteSession; now: EpochSeconds },
  span: Span,
): Promise<SiteDay['sessions'][number]> {
  const { stored, evse, from, to } = session;
  const within = partOfSpan(session, span);
  const [begin, end] = [inMillis(within.from), inMillis(within.to)];
  const [before, samples, line] = await Promise.all([
    context.store.all(samplesBefore(stored.key, epochMillis(begin - 1), 1)),
    context.store.all(samplesOf(stored.key, { from: begin, to: end, limit: MOST_SAMPLES })),
    allowedLine(context, { part, session }, { ...within, now }),
  ]);
  // What holds now is part of the line.
  const edge = epochSeconds(Math.min(within.to, now + 1));
  const drawn = drawnLine([...before, ...samples], { ...connectionOf(evse), allowed: line }, inMillis(edge));
  const known = clipLine(drawn.line, { from: within.from, to: epochSeconds(within.to + 1) });
  return {
    ...viewWho(session, context),
    from: printDateTime(from),
    ...(to !== undefined && { to: printDateTime(to) }),
    drawn: written(thinLine(ended(known, edge), MOST_POINTS)),
    estimated: drawn.estimated.filter(([, ends]) => ends > within.from).map(([begins, ends]) => [Math.max(begins, within.from), ends]),
    allowed: written(thinLine(line, MOST_POINTS)),
  };
}

/** The share that a charge point confirmed for an EVSE, while a session ran there; after now the share that is planned for it. */
async function allowedLine(
  { store }: Context,
  { part, session }: { part: SitePart; session: SiteSession },
  { from, to, now }: Span & { now: EpochSeconds },
): Promise<StepLine> {
  const { evse } = session;
  const [before, during] = await Promise.all([
    store.all(answeredLimits(evse.uid, { before: inMillis(from), limit: MOST_BEFORE })),
    store.all(answeredLimits(evse.uid, { from: inMillis(from), before: inMillis(to), limit: MOST_ANSWERS })),
  ]);
  const confirmed = [...during, ...before]
    .toReversed()
    .filter(({ accepted }) => accepted)
    .map(({ at, a }): LinePoint => [toSeconds(at), withPower(a, evse).w, a]);
  const planned = session.to === undefined ? plannedShares(part, session) : [];
  const ahead = planned.filter(([at]) => at > now);
  return ended(clipLine([...confirmed, ...ahead], { from, to }), to);
}

/** The shares that the balance has planned for later limits of its site. */
export function plannedShares({ balance: { state } }: SitePart, { evse }: Pick<SiteSession, 'evse'>): StepLine {
  const number = state.tree.evses.indexOf(evse);
  return (state.plan?.later ?? []).flatMap(({ begins, targets }): LinePoint[] => {
    const a = targets[number];
    return a === undefined ? [] : [[begins, withPower(a, evse).w, a]];
  });
}

/** The line ends with the session, or where nothing more is known. */
const ended = (line: StepLine, to: EpochSeconds): StepLine => {
  const last = line.at(-1);
  return last && (last[1] !== null || last[2] !== null) ? mergeSteps([...line.filter(([at]) => at < to), [to, null, null]]) : line;
};

const written = (line: StepLine): SiteDay['limit'] => line.map(([at, w, a]) => [at, w, a]);
