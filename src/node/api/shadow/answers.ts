import { stationId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../../ocpi/date-time.ts';
import { type ShadowDay, type StoredShadowDay, type StoredShadowEntry, shadowDays, shadowEntries, shadowTotals } from '../../../store/sql/shadow.ts';
import type { Cpo } from '../../compose/compose-cpo.ts';
import type { Context } from '../../core/context.ts';
import { DEFAULT_LIMIT, NEWEST } from '../lists.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import { getShadow, listShadowRequests } from './routes.ts';
import type { ShadowReport, ShadowRequest, ShadowSiteDay, ShadowStationDay } from './schemas.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
const MOST_DAYS = 366;

export const shadowAnswers = (context: Context, { cpo }: { cpo: Cpo | undefined }): readonly AnsweredRoute[] => [
  answerRoute(getShadow, async ({ query: { from, to, station, site, limit = DEFAULT_LIMIT, before = NEWEST } }) => {
    const span = spanOf({ from, to, now: context.clock.now() });
    if (!span.ok) return span;
    // What is in memory belongs to the figures of today.
    await cpo?.shadow.store();
    const which = { from: startOf(span.value.from), to: span.value.to, station, site };
    const [days, totals] = await Promise.all([context.store.all(shadowDays({ ...which, limit, before })), context.store.first(shadowTotals(which))]);
    return ok(viewReport({ span: span.value, observed: cpo?.shadow.observed.size ?? 0, days, totals, limit }));
  }),
  answerRoute(listShadowRequests, async ({ query: { from, to, station, limit = DEFAULT_LIMIT, before = NEWEST } }) => {
    const span = spanOf({ from, to, now: context.clock.now() });
    if (!span.ok) return span;
    const rows = await context.store.all(shadowEntries({ ...span.value, limit, before, station: station === undefined ? undefined : stationId(station) }));
    const last = rows.at(-1);
    return ok({ items: rows.map(viewEntry), ...(rows.length >= limit && last && { next: last.seq }) });
  }),
];

/** The sums of the usual time of a report, for the overview. */
export async function readTotals(context: Context, cpo: Cpo): Promise<ShadowReport['totals']> {
  await cpo.shadow.store();
  const to = epochMillis(context.clock.now() + 1);
  const which = { from: startOf(epochMillis(to - USUAL_DAYS * DAY_MS)), to };
  return viewTotals(await context.store.first(shadowTotals(which)));
}

type Span = { from: EpochMillis; to: EpochMillis };

function spanOf({ from, to, now }: { from: string | undefined; to: string | undefined; now: EpochMillis }): Result<Span, Refusal> {
  const end = to === undefined ? epochMillis(now + 1) : dateTimeMillis(to);
  const begin = from === undefined ? end && epochMillis(end - USUAL_DAYS * DAY_MS) : dateTimeMillis(from);
  if (begin === undefined || end === undefined || begin >= end)
    return invalid('from', 'from must be a moment before to', 'two moments in UTC, such as 2026-01-31T09:30:00Z');
  return end - begin > MOST_DAYS * DAY_MS
    ? invalid('from', `the time span is longer than ${MOST_DAYS} days`, `at most ${MOST_DAYS} days`)
    : ok({ from: begin, to: end });
}

/** The begin of the day, UTC: figures are kept by day. */
const startOf = (at: EpochMillis) => epochMillis(Math.floor(at / DAY_MS) * DAY_MS);

interface Found {
  span: Span;
  observed: number;
  days: readonly StoredShadowDay[];
  totals: (Figures & Pick<ShadowDay, 'aboveS'>) | undefined;
  limit: number;
}

function viewReport({ span, observed, days, totals, limit }: Found): ShadowReport {
  const last = days.at(-1);
  return {
    from: printDateTime(span.from),
    to: printDateTime(span.to),
    observed,
    totals: viewTotals(totals),
    stations: days.flatMap((it) => (it.kind === 'station' ? [viewStation(it)] : [])),
    sites: days.flatMap((it) => (it.kind === 'site' ? [viewSite(it)] : [])),
    ...(days.length >= limit && last && { next: last.seq }),
  };
}

type Figures = Pick<ShadowDay, 'sets' | 'clears' | 'gets' | 'siteLimits' | 'refused' | 'measuredS' | 'loweredMwh' | 'loweredPeakW'>;
const NOTHING: Figures = { sets: 0, clears: 0, gets: 0, siteLimits: 0, refused: 0, measuredS: 0, loweredMwh: 0, loweredPeakW: 0 };

/** A number in another unit, with three digits behind the point. */
const round = (value: number, per: number) => Math.round((value / per) * 1_000) / 1_000;
const dayText = (day: EpochMillis) => printDateTime(day).slice(0, 10);

const viewTotals = (totals: Found['totals']): ShadowReport['totals'] => ({
  ...viewFigures(totals ?? NOTHING),
  sites_above_minutes: round(totals?.aboveS ?? 0, 60),
});

const viewFigures = (it: Figures): Omit<ShadowStationDay, 'day' | 'station' | 'site'> => ({
  requests: { set: it.sets, clear: it.clears, get: it.gets },
  site_limits: it.siteLimits,
  refused: it.refused,
  measured_hours: round(it.measuredS, 3_600),
  lowered_kwh: round(it.loweredMwh, 1_000_000),
  lowered_peak_kw: round(it.loweredPeakW, 1_000),
});

const viewStation = (it: ShadowDay): ShadowStationDay => ({
  day: dayText(it.day),
  station: it.name,
  ...(it.site !== '' && { site: it.site }),
  ...viewFigures(it),
});

const viewSite = (it: ShadowDay): ShadowSiteDay => ({
  day: dayText(it.day),
  site: it.name,
  measured_hours: round(it.measuredS, 3_600),
  above_minutes: round(it.aboveS, 60),
  above_peak_a: round(it.abovePeakMa, 1_000),
  above_peak_kw: round(it.abovePeakW, 1_000),
});

const viewEntry = ({ seq, at, kind, station, evse, session, party, site, exchange, asked, limit, metered }: StoredShadowEntry): ShadowRequest => ({
  seq,
  at: printDateTime(at),
  kind,
  station,
  evse,
  ...(session !== undefined && { session }),
  ...(party !== undefined && { party }),
  ...(site !== undefined && { site }),
  ...(exchange !== undefined && { exchange }),
  asked: viewAsked(asked),
  ...(limit !== undefined && { limit_watts: limit }),
  ...(metered !== undefined && { metered_watts: metered }),
  ...(limit !== undefined && metered !== undefined && { lowered_watts: Math.max(0, metered - limit) }),
});

const viewAsked = ({ profile, ...limits }: StoredShadowEntry['asked']): ShadowRequest['asked'] => {
  if (!profile) return limits;
  const { unit, start, duration, periods } = profile;
  const times = { ...(start !== undefined && { start }), ...(duration !== undefined && { duration }) };
  return { ...limits, profile: { unit, ...times, periods: periods.map((it) => ({ start: it.start, limit: it.limit })) } };
};
