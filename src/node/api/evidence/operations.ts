import { fold, type SessionKey } from '../../../domain/ids.ts';
import { keyOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import { asksBetween, evidenceOfSession, evidenceOfSite, type MeteredSession, samplesOf, sessionsWithSamples } from '../../../store/sql/evidence.ts';
import { readSites } from '../../config/read-sites.ts';
import type { Context } from '../../core/context.ts';
import { VERSION } from '../../core/version.ts';
import { invalid, quote, type Refusal, refuse } from '../refusal.ts';
import type { SessionFinder } from '../sessions/find-session.ts';
import type { AnySession } from '../sessions/view-session.ts';
import { COLUMNS, type EvidenceGap, type EvidenceRow, type EvidenceView } from './columns.ts';
import { gapsOf, recordRows, type SessionEvidence, sessionRows } from './rows.ts';

/** Evidence for a settlement, of one session or of all sessions at a site. */
export interface EvidenceOperations {
  /** `subject`: a session, the name of a site, or a location id of charge points. Without `from` and `to`: the whole session, or the last day of a site. */
  evidence(which: { subject: string; from?: string; to?: string }): Promise<Result<EvidenceView, Refusal>>;
}

const DAY_MS = 86_400_000;
/** The longest time span of one answer, and its most rows. */
const MOST_DAYS = 31;
const MOST_ROWS = 50_000;

type Span = { from: EpochMillis; to: EpochMillis };

/** A session or a site, with the sessions that belong to it. */
interface Subject {
  kind: 'session' | 'site';
  name: string;
  sessions: readonly AnySession[];
  /** The folded name of a site with limits. */
  site?: string;
}

const SOURCES = [
  'asked, answered: requests of parties and of the operator, as this node accepted and ended them',
  'imposed, ordered, answered: limits of sites, as this node applied them and as charge points answered',
  'building: readings of the meter of a building with their margin, as they counted; one for each change, at most one in 10 s, and one in 10 minutes',
  'confirmed: composite schedules of the charge point, or what this node computed for charge points that have none',
  'metered: meter values of the charge point; one for each change and one a minute',
  'period: charging periods of the session, as they are sent over OCPI',
];

export function evidenceOperations(context: Context, finder: SessionFinder): EvidenceOperations {
  return {
    evidence: async ({ subject: name, from, to }) => {
      const place = placeOf(context, name);
      const found = place ? undefined : await finder.find(name);
      if (found && !found.ok) return found.problem.status === 404 ? refuse(404, 'NOT_FOUND', `no session, site or location ${quote(name)}`) : found;
      const span = spanOf({ from, to, now: context.clock.now(), start: dateTimeMillis(found?.value.body.start_date_time ?? '') });
      if (!span.ok) return span;
      if (place) return viewEvidence(context, { kind: 'site', ...place, sessions: await sessionsAt(context, { finder, place, span: span.value }) }, span.value);
      return viewEvidence(context, { kind: 'session', name: found?.value.key ?? name, sessions: found ? [found.value] : [] }, span.value);
    },
  };
}

function spanOf({
  from,
  to,
  now,
  start,
}: {
  from?: string | undefined;
  to?: string | undefined;
  now: EpochMillis;
  start: EpochMillis | undefined;
}): Result<Span, Refusal> {
  const end = to === undefined ? now : dateTimeMillis(to);
  const begin = from === undefined ? (start ?? (end === undefined ? undefined : epochMillis(end - DAY_MS))) : dateTimeMillis(from);
  if (begin === undefined || end === undefined || begin >= end)
    return invalid('from', 'from must be a moment before to', 'two moments in UTC, such as 2026-01-31T09:30:00Z');
  return end - begin > MOST_DAYS * DAY_MS
    ? invalid('from', `the time span is longer than ${MOST_DAYS} days`, `at most ${MOST_DAYS} days`)
    : ok({ from: begin, to: end });
}

/** A site with limits, or a location of charge points. `covers`: whether a session there belongs to it. */
interface Place extends Pick<Subject, 'name' | 'site'> {
  covers(session: MeteredSession): boolean;
}

function placeOf({ config }: Pick<Context, 'config'>, name: string): Place | undefined {
  const sites = readSites(config);
  const tree = sites.ok ? sites.value.find((it) => fold(it.tree.name) === fold(name))?.tree : undefined;
  if (tree) {
    const evses = new Set(tree.evses.map(({ uid }) => fold(uid)));
    return { name: tree.name, site: fold(tree.name), covers: ({ evseUid }) => evses.has(fold(evseUid ?? '')) };
  }
  const location = config.charge_points.find(({ location_id }) => location_id !== undefined && fold(location_id) === fold(name))?.location_id;
  return location === undefined ? undefined : { name: location, covers: ({ locationId }) => fold(locationId ?? '') === fold(location) };
}

async function sessionsAt({ store }: Context, { finder, place, span }: { finder: SessionFinder; place: Place; span: Span }): Promise<readonly AnySession[]> {
  const sessions: AnySession[] = [];
  for (const metered of await store.all(sessionsWithSamples({ ...span, limit: MOST_ROWS }))) {
    const found = place.covers(metered) ? await finder.find(metered.key) : undefined;
    if (found?.ok) sessions.push(found.value);
  }
  return sessions;
}

async function viewEvidence(context: Context, { kind, name, sessions, site }: Subject, span: Span): Promise<Result<EvidenceView, Refusal>> {
  const { store, config, clock } = context;
  const limit = MOST_ROWS + 1;
  const rows: EvidenceRow[] = site === undefined ? [] : (await store.all(evidenceOfSite(site, { ...span, limit }))).flatMap(recordRows);
  const gaps = expiredGaps(context, span);
  for (const session of sessions) {
    const known = await readSession(context, session, { ...span, limit });
    rows.push(...sessionRows(known, span));
    if (session.peer === undefined) gaps.push(...gapsOf(known, span));
    if (rows.length > MOST_ROWS) return invalid('to', `the time span has more than ${MOST_ROWS} rows: ask for a shorter one`, `at most ${MOST_ROWS} rows`);
  }
  return ok({
    header: {
      node: config.public_url,
      version: VERSION,
      parties: [...new Set(config.parties.map(keyOf))],
      generated_at: printDateTime(clock.now()),
      subject: { kind, name, sessions: sessions.map(({ key }) => key) },
      from: printDateTime(span.from),
      to: printDateTime(span.to),
      sources: SOURCES,
      gaps,
      columns: COLUMNS,
    },
    rows: rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  });
}

async function readSession({ store }: Context, { key, body }: AnySession, window: Span & { limit: number }): Promise<SessionEvidence & { key: SessionKey }> {
  const [asked, records, samples] = await Promise.all([
    store.all(asksBetween(key, window)),
    store.all(evidenceOfSession(key, window)),
    store.all(samplesOf(key, window)),
  ]);
  return { session: body, key, asked, records, samples };
}

/** What is not in the store any more, since its retention is over. */
function expiredGaps({ config, clock }: Context, { from, to }: Span): EvidenceGap[] {
  const { evidence, exchanges } = config.retention;
  const kept = [
    { days: evidence, what: 'metered, confirmed, imposed and ordered: older than retention.evidence' },
    { days: exchanges, what: 'asked: requests that ended before are older than retention.exchanges' },
  ];
  return kept.flatMap(({ days, what }) => {
    const since = epochMillis(clock.now() - days * DAY_MS);
    return from < since ? [{ from: printDateTime(from), to: printDateTime(since < to ? since : to), what }] : [];
  });
}
