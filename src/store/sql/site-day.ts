import type { SessionKey, StationId } from '../../domain/ids.ts';
import type { MeterSample } from '../../domain/meter-sample.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, maybeText } from '../row.ts';
import type { Query } from '../store.ts';
import { type EvidenceBody, type EvidenceWindow, readSample } from './evidence.ts';
import { readExchange, type StoredExchange } from './exchange.ts';
import { IS_RUNNING, readSession, type StoredSession } from './session.ts';

/** The sessions of a station that run, or that have samples in a window, oldest first. */
export const sessionsOfStation = <B, P>(
  station: StationId,
  { from, to, limit }: { from: EpochMillis; to: EpochMillis; limit: number },
): Query<StoredSession<B, P>> => ({
  name: 'sessions-of-station',
  // The signs keep the planner from reading the sessions of all stations by the time of their last update, or in their order.
  sql: `SELECT * FROM session WHERE station = $1 AND +last_updated >= $2
    AND (${IS_RUNNING} OR EXISTS (SELECT 1 FROM meter_sample WHERE meter_sample.session_key = session.key AND meter_sample.at >= $3 AND meter_sample.at < $4))
    ORDER BY +seq LIMIT $5`,
  values: [station, from * 1_000, from, to, limit],
  read: readSession,
});

/** A limit that was imposed on a node, or lifted, and when. */
export interface ImposedRecord {
  at: EpochMillis;
  body: Extract<EvidenceBody, { kind: 'imposed' }>;
}
/** What was imposed on the nodes of a site, among its newest `limit` records, newest first; the site by its folded name. */
export const imposedOnSite = (site: string, limit: number): Query<ImposedRecord> => ({
  name: 'imposed-on-site',
  sql: `SELECT at, body FROM (SELECT at, seq, kind, body FROM evidence WHERE site = $1 ORDER BY at DESC LIMIT $2) AS newest
    WHERE kind = 'imposed' ORDER BY at DESC, seq DESC`,
  values: [site, limit],
  read: (row) => ({ at: epochMillis(integer(row, 'at')), body: json<ImposedRecord['body']>(row, 'body') }),
});
/** When the record of a site was made that has `count` newer ones; no row when it has fewer. */
export const oldestRead = (site: string, count: number): Query<EpochMillis> => ({
  name: 'oldest-record-of-site',
  sql: 'SELECT at FROM evidence WHERE site = $1 ORDER BY at DESC LIMIT 1 OFFSET $2',
  values: [site, count],
  read: (row) => epochMillis(integer(row, 'at')),
});

/** The last active profile of a session that was confirmed until a moment. */
export const confirmedBefore = (session: SessionKey, before: EpochMillis): Query<{ at: EpochMillis; body: Extract<EvidenceBody, { kind: 'confirmed' }> }> => ({
  name: 'confirmed-before',
  sql: "SELECT at, body FROM evidence WHERE session_key = $1 AND at <= $2 AND kind = 'confirmed' ORDER BY at DESC, seq DESC LIMIT 1",
  values: [session, before],
  read: (row) => ({ at: epochMillis(integer(row, 'at')), body: json<Extract<EvidenceBody, { kind: 'confirmed' }>>(row, 'body') }),
});
/** When the limit of a session became unknown for the last time until a moment. */
export const unknownBefore = (session: SessionKey, before: EpochMillis): Query<EpochMillis> => ({
  name: 'limit-unknown-before',
  sql: "SELECT at FROM event WHERE session_key = $1 AND kind = 'limit-unknown' AND at <= $2 ORDER BY seq DESC LIMIT 1",
  values: [session, before],
  read: (row) => epochMillis(integer(row, 'at')),
});
/** The requests to set or clear the profile of a session that had ended until a moment, newest first; `author`: the id of the user or API key. */
export const asksEndedBefore = (session: SessionKey, before: EpochMillis, limit: number): Query<StoredExchange & { author: string | undefined }> => ({
  name: 'asks-ended-before',
  sql: "SELECT * FROM exchange WHERE session_key = $1 AND kind <> 'get' AND declined = 0 AND ended_at <= $2 ORDER BY seq DESC LIMIT $3",
  values: [session, before, limit],
  read: (row) => ({ ...readExchange(row), author: maybeText(row, 'author') }),
});
/** The newest samples of a session until a moment, newest first. */
export const samplesBefore = (session: SessionKey, before: EpochMillis, limit: number): Query<MeterSample> => ({
  name: 'samples-before',
  sql: 'SELECT * FROM meter_sample WHERE session_key = $1 AND at <= $2 ORDER BY at DESC LIMIT $3',
  values: [session, before, limit],
  read: readSample,
});

/** What a building took, and when. */
export interface BuildingRecord {
  at: EpochMillis;
  body: Extract<EvidenceBody, { kind: 'building' }>;
}
/** The records about buildings at a site within a window, newest first; the site by its folded name. */
export const buildingsAt = (site: string, { from, to, limit }: EvidenceWindow): Query<BuildingRecord> => ({
  name: 'buildings-at',
  sql: "SELECT at, body FROM evidence WHERE site = $1 AND at >= $2 AND at < $3 AND kind = 'building' ORDER BY at DESC, seq DESC LIMIT $4",
  values: [site, from, to, limit],
  read: (row) => ({ at: epochMillis(integer(row, 'at')), body: json<BuildingRecord['body']>(row, 'body') }),
});
