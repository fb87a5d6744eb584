import { asSessionKey, fold, type SessionKey } from '../../domain/ids.ts';
import { CHARGING_STATES, type MeterSample } from '../../domain/meter-sample.ts';
import { type EpochMillis, epochMillis, wattHours } from '../../domain/units.ts';
import { enumValue, integer, json, mapDefined, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { readExchange, type StoredExchange } from './exchange.ts';
import { MOST_AT_ONCE } from './retention.ts';

/** From a moment (inclusive) to another (exclusive), at most `limit` rows, oldest first. */
export interface EvidenceWindow {
  from: EpochMillis;
  to: EpochMillis;
  limit: number;
}

const MILLI = 1_000;

/** Saves a sample of a session; one of the same moment stays. */
export const saveSample = (session: SessionKey, { at, energy, power, current, offered, state }: MeterSample): Write => ({
  name: 'save-sample',
  sql: `INSERT INTO meter_sample (session_key, at, energy, power, current, offered, offered_unit, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (session_key, at) DO NOTHING`,
  values: [
    session,
    at,
    Math.round(energy),
    power === undefined ? null : Math.round(power),
    current === undefined ? null : Math.round(current * MILLI),
    offered ? Math.round(offered.limit * MILLI) : null,
    orNull(offered?.unit),
    state,
  ],
});

/** Reads a sample from a row. */
export const readSample = (row: Row): MeterSample => {
  const [power, current, offered] = [maybeInteger(row, 'power'), maybeInteger(row, 'current'), maybeInteger(row, 'offered')];
  return {
    at: epochMillis(integer(row, 'at')),
    energy: wattHours(integer(row, 'energy')),
    ...(power !== undefined && { power }),
    ...(current !== undefined && { current: current / MILLI }),
    ...(offered !== undefined && { offered: { unit: maybeText(row, 'offered_unit') === 'W' ? ('W' as const) : ('A' as const), limit: offered / MILLI } }),
    state: enumValue(row, 'state', CHARGING_STATES),
  };
};
/** The samples of one session. */
export const samplesOf = (session: SessionKey, { from, to, limit }: EvidenceWindow): Query<MeterSample> => ({
  name: 'samples-of',
  sql: 'SELECT * FROM meter_sample WHERE session_key = $1 AND at >= $2 AND at < $3 ORDER BY at LIMIT $4',
  values: [session, from, to, limit],
  read: readSample,
});

/** The newest samples of one session, newest first. */
export const newestSamples = (session: SessionKey, limit: number): Query<MeterSample> => ({
  name: 'newest-samples',
  sql: 'SELECT * FROM meter_sample WHERE session_key = $1 ORDER BY at DESC LIMIT $2',
  values: [session, limit],
  read: readSample,
});

/** What else is kept as evidence, with the fields of its kind. Limits are A on each phase, or W over all phases. */
export type EvidenceBody =
  /** The active profile as the charge point reported it, or as the node computed it; as OCPI writes it. */
  | { kind: 'confirmed'; profile: unknown; computed?: true }
  /** A limit was imposed on a node of a site; without `a` and `w` it was lifted. `later`: what holds in its place from a moment on, in epoch s. */
  | { kind: 'imposed'; node: string; a?: number; w?: number; later?: readonly { from: number; a?: number; w?: number }[] }
  /** The node ordered a limit for an EVSE. */
  | { kind: 'ordered'; evse: string; a: number }
  /** What counts as the load of the building behind a node: A on L1, L2 and L3, and W over all phases; without them: its meter is silent. */
  | { kind: 'building'; node: string; a?: readonly [number, number, number]; w?: number }
  /** The answer of the charge point to an order. */
  | { kind: 'answered'; evse: string; a: number; answer: string };

/** A record of evidence, about a session or a site; the site by its folded name. */
export interface EvidenceRecord {
  at: EpochMillis;
  session: SessionKey | undefined;
  site: string | undefined;
  body: EvidenceBody;
}

/** Appends a record about a site. */
export const addSiteEvidence = (site: string, at: EpochMillis, body: EvidenceBody): Write => ({
  name: 'add-site-evidence',
  sql: 'INSERT INTO evidence (at, kind, site, body, evse) VALUES ($1, $2, $3, $4, $5)',
  values: [at, body.kind, site, JSON.stringify(body), body.kind === 'answered' ? fold(body.evse) : null],
});
/** Appends a record about a session that is still ACTIVE; adds nothing when it has ended. */
export const addSessionEvidence = (session: SessionKey, at: EpochMillis, body: EvidenceBody): Write => ({
  name: 'add-session-evidence',
  sql: "INSERT INTO evidence (at, kind, session_key, body) SELECT $1, $2, key, $4 FROM session WHERE key = $3 AND status = 'ACTIVE'",
  values: [at, body.kind, session, JSON.stringify(body)],
});

const readRecord = (row: Row): EvidenceRecord => ({
  at: epochMillis(integer(row, 'at')),
  session: mapDefined(maybeText(row, 'session_key'), asSessionKey),
  site: maybeText(row, 'site'),
  body: json<EvidenceBody>(row, 'body'),
});
/** The records about one session. */
export const evidenceOfSession = (session: SessionKey, { from, to, limit }: EvidenceWindow): Query<EvidenceRecord> => ({
  name: 'evidence-of-session',
  sql: 'SELECT * FROM evidence WHERE session_key = $1 AND at >= $2 AND at < $3 ORDER BY at, seq LIMIT $4',
  values: [session, from, to, limit],
  read: readRecord,
});
/** The records about one site. */
export const evidenceOfSite = (site: string, { from, to, limit }: EvidenceWindow): Query<EvidenceRecord> => ({
  name: 'evidence-of-site',
  sql: 'SELECT * FROM evidence WHERE site = $1 AND at >= $2 AND at < $3 ORDER BY at, seq LIMIT $4',
  values: [site, from, to, limit],
  read: readRecord,
});
/** A session at a charge point of this node, and where it charges. */
export interface MeteredSession {
  key: SessionKey;
  evseUid: string | undefined;
  locationId: string | undefined;
}
/** The sessions at charge points of this node with samples in a window, oldest first. */
export const sessionsWithSamples = ({ from, to, limit }: EvidenceWindow): Query<MeteredSession> => ({
  name: 'sessions-with-samples',
  sql: `SELECT key, evse_uid, location_id FROM session
    WHERE key IN (SELECT session_key FROM meter_sample WHERE at >= $1 AND at < $2) AND peer IS NULL ORDER BY key LIMIT $3`,
  values: [from, to, limit],
  read: (row) => ({ key: asSessionKey(text(row, 'key')), evseUid: maybeText(row, 'evse_uid'), locationId: maybeText(row, 'location_id') }),
  pace: 'slow',
});

/** Deletes a batch of the samples and of the records from before a moment. */
export const forgetEvidence = (before: EpochMillis): readonly Write[] => [
  {
    name: 'forget-expired-samples',
    sql: `DELETE FROM meter_sample WHERE (session_key, at) IN (SELECT session_key, at FROM meter_sample WHERE at < $1 ORDER BY at LIMIT ${MOST_AT_ONCE})`,
    values: [before],
  },
  {
    name: 'forget-expired-evidence',
    sql: `DELETE FROM evidence WHERE seq IN (SELECT seq FROM evidence WHERE at < $1 ORDER BY at LIMIT ${MOST_AT_ONCE})`,
    values: [before],
  },
];

/** The requests about one session to set or clear its profile that were accepted in a window, oldest first. */
export const asksBetween = (session: SessionKey, { from, to, limit }: EvidenceWindow): Query<StoredExchange> => ({
  name: 'asks-between',
  sql: "SELECT * FROM exchange WHERE session_key = $1 AND kind <> 'get' AND declined = 0 AND accepted_at >= $2 AND accepted_at < $3 ORDER BY seq LIMIT $4",
  values: [session, from, to, limit],
  read: readExchange,
});
