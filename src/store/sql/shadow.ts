import { asPartyKey, asSessionKey, type ExchangeId, exchangeId, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { enumValue, integer, json, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { MOST_AT_ONCE } from './retention.ts';

/** What the node would have sent: a request of a party or of the operator, or a limit of a site. */
export const SHADOW_KINDS = ['set', 'clear', 'get', 'site-limit'] as const;
export type ShadowKind = (typeof SHADOW_KINDS)[number];

/** One request that the node would have sent to a charge point that it only observes. */
export interface ShadowEntry {
  at: EpochMillis;
  kind: ShadowKind;
  station: StationId;
  /** The uid of the EVSE. */
  evse: string;
  session: SessionKey | undefined;
  party: PartyKey | undefined;
  site: string | undefined;
  exchange: ExchangeId | undefined;
  /** What would have been asked: a profile as the node writes it, the limit of a site, or the duration of a get in s. */
  asked: { profile?: ChargingProfile; a?: number; w?: number; duration?: number };
  /** W over all phases: the limit that would have held from then on; undefined: none. */
  limit: number | undefined;
  /** W over all phases: what was measured last; undefined: not known. */
  metered: number | undefined;
}
/** An entry with its number. */
export type StoredShadowEntry = ShadowEntry & { seq: number };

/** The newest entries that are kept. */
const MOST_ENTRIES = 100_000;

/** Appends an entry. */
export const addShadow = (it: ShadowEntry): Write => ({
  name: 'add-shadow',
  sql: `INSERT INTO shadow (at, kind, station, evse, session_key, party, site, exchange, asked, limit_w, metered_w)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
  values: [
    it.at,
    it.kind,
    it.station,
    it.evse,
    orNull(it.session),
    orNull(it.party),
    orNull(it.site),
    orNull(it.exchange),
    JSON.stringify(it.asked),
    it.limit === undefined ? null : Math.round(it.limit),
    it.metered === undefined ? null : Math.round(it.metered),
  ],
});

/** Which entries: from a moment (inclusive) to another (exclusive), older than the number `before`, newest first; `station`: of one charge point. */
export interface ShadowWindow {
  from: EpochMillis;
  to: EpochMillis;
  before: number;
  limit: number;
  station?: StationId | undefined;
}

/** Entries, newest first. Their numbers grow with time, so a page is read from the end of an index. */
export const shadowEntries = ({ from, to, before, limit, station }: ShadowWindow): Query<StoredShadowEntry> =>
  station === undefined
    ? {
        name: 'shadow-entries',
        sql: 'SELECT * FROM shadow WHERE seq < $1 AND at >= $2 AND at < $3 ORDER BY seq DESC LIMIT $4',
        values: [before, from, to, limit],
        read: readEntry,
      }
    : {
        name: 'shadow-entries-of-station',
        sql: 'SELECT * FROM shadow WHERE station = $1 AND seq < $2 AND at >= $3 AND at < $4 ORDER BY seq DESC LIMIT $5',
        values: [station, before, from, to, limit],
        read: readEntry,
      };

const readEntry = (row: Row): StoredShadowEntry => ({
  seq: integer(row, 'seq'),
  at: epochMillis(integer(row, 'at')),
  kind: enumValue(row, 'kind', SHADOW_KINDS),
  station: stationId(text(row, 'station')),
  evse: text(row, 'evse'),
  session: mapText(row, 'session_key', asSessionKey),
  party: mapText(row, 'party', asPartyKey),
  site: maybeText(row, 'site'),
  exchange: mapText(row, 'exchange', exchangeId),
  asked: json(row, 'asked'),
  limit: maybeInteger(row, 'limit_w'),
  metered: maybeInteger(row, 'metered_w'),
});

function mapText<T>(row: Row, column: string, as: (it: string) => T): T | undefined {
  const value = maybeText(row, column);
  return value === undefined ? undefined : as(value);
}

/** Figures of one charge point or site on one day (UTC), to add to those that are stored. */
export interface ShadowDay {
  /** The begin of the day. */
  day: EpochMillis;
  kind: 'station' | 'site';
  /** The id of the charge point, or the name of the site. */
  name: string;
  /** The site of the charge point; an empty text: none. */
  site: string;
  /** Requests that would have been sent. */
  sets: number;
  clears: number;
  gets: number;
  siteLimits: number;
  /** Requests that the node refused at once, for a reason of their own. */
  refused: number;
  /** Seconds in which something was measured. */
  measuredS: number;
  /** By how much the limits would have lowered what was measured: energy in mWh, and the highest power in W. */
  loweredMwh: number;
  loweredPeakW: number;
  /** Of a site: seconds in which what was measured was above its limits, and by how much at most, in mA and W. */
  aboveS: number;
  abovePeakMa: number;
  abovePeakW: number;
}
/** Figures with their number. */
export type StoredShadowDay = ShadowDay & { seq: number };

const SUMS = ['sets', 'clears', 'gets', 'site_limits', 'refused', 'measured_s', 'lowered_mwh', 'above_s'] as const;
const PEAKS = ['lowered_peak_w', 'above_peak_ma', 'above_peak_w'] as const;

/** Adds figures to those of a day. */
export const addShadowDay = (it: ShadowDay): Write => ({
  name: 'add-shadow-day',
  sql: `INSERT INTO shadow_day (day, kind, name, site, ${[...SUMS, ...PEAKS].join(', ')})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (day, kind, name) DO UPDATE SET site = excluded.site,
      ${SUMS.map((column) => `${column} = shadow_day.${column} + excluded.${column}`).join(', ')},
      ${PEAKS.map((column) => `${column} = CASE WHEN excluded.${column} > shadow_day.${column} THEN excluded.${column} ELSE shadow_day.${column} END`).join(', ')}`,
  values: [
    it.day,
    it.kind,
    it.name,
    it.site,
    ...[it.sets, it.clears, it.gets, it.siteLimits, it.refused, it.measuredS, it.loweredMwh, it.aboveS, it.loweredPeakW, it.abovePeakMa, it.abovePeakW].map(
      Math.round,
    ),
  ],
});

/** Which days: from one (inclusive) to a moment (exclusive); of one charge point or site where they are named. */
interface ShadowDays {
  from: EpochMillis;
  to: EpochMillis;
  station?: string | undefined;
  site?: string | undefined;
}
const DAYS = `day >= $1 AND day < $2 AND ($3 = '' OR (kind = 'station' AND name = $3)) AND ($4 = '' OR site = $4)`;
const valuesOf = ({ from, to, station, site }: ShadowDays) => [from, to, station ?? '', site ?? ''];

/** Figures by day, newest first. Their numbers grow with the days; `before`: only older ones than this number. */
export const shadowDays = (which: ShadowDays & { limit: number; before: number }): Query<StoredShadowDay> => ({
  name: 'shadow-days',
  sql: `SELECT * FROM shadow_day WHERE ${DAYS} AND seq < $5 ORDER BY seq DESC LIMIT $6`,
  values: [...valuesOf(which), which.before, which.limit],
  read: (row) => ({
    seq: integer(row, 'seq'),
    day: epochMillis(integer(row, 'day')),
    kind: enumValue(row, 'kind', ['station', 'site']),
    name: text(row, 'name'),
    site: text(row, 'site'),
    ...readFigures(row),
    abovePeakMa: integer(row, 'above_peak_ma'),
    abovePeakW: integer(row, 'above_peak_w'),
  }),
});

/** The sums over days; of charge points, except for `aboveS`, which is of sites. */
export const shadowTotals = (which: ShadowDays): Query<ShadowFigures> => ({
  name: 'shadow-totals',
  sql: `SELECT ${SUMS.map((column) => `SUM(CASE WHEN kind = '${column === 'above_s' ? 'site' : 'station'}' THEN ${column} ELSE 0 END) AS ${column}`).join(', ')},
      MAX(lowered_peak_w) AS lowered_peak_w
    FROM shadow_day WHERE ${DAYS} HAVING COUNT(*) > 0`,
  values: valuesOf(which),
  read: readFigures,
});

type ShadowFigures = Omit<ShadowDay, 'day' | 'kind' | 'name' | 'site' | 'abovePeakMa' | 'abovePeakW'>;
function readFigures(row: Row): ShadowFigures {
  const numberOf = (column: string) => Number(row[column] ?? 0);
  return {
    sets: numberOf('sets'),
    clears: numberOf('clears'),
    gets: numberOf('gets'),
    siteLimits: numberOf('site_limits'),
    refused: numberOf('refused'),
    measuredS: numberOf('measured_s'),
    loweredMwh: numberOf('lowered_mwh'),
    loweredPeakW: numberOf('lowered_peak_w'),
    aboveS: numberOf('above_s'),
  };
}

/** Deletes a batch of what is older than `before`, and of entries that are too many. */
export const forgetShadow = (before: EpochMillis): readonly Write[] => [
  {
    name: 'forget-old-shadow',
    sql: `DELETE FROM shadow WHERE seq IN (SELECT seq FROM shadow WHERE at < $1 ORDER BY at LIMIT ${MOST_AT_ONCE})`,
    values: [before],
  },
  {
    name: 'forget-surplus-shadow',
    sql: `DELETE FROM shadow WHERE seq IN (SELECT seq FROM shadow
      WHERE seq <= (SELECT MAX(seq) FROM shadow) - ${MOST_ENTRIES} ORDER BY seq LIMIT ${MOST_AT_ONCE})`,
    values: [],
  },
  {
    name: 'forget-old-shadow-days',
    sql: `DELETE FROM shadow_day WHERE seq IN (SELECT seq FROM shadow_day WHERE day < $1 ORDER BY day LIMIT ${MOST_AT_ONCE})`,
    values: [before],
  },
];
