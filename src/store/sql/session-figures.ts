import { asPartyKey, asSessionKey, type PartyKey, type SessionKey } from '../../domain/ids.ts';
import { integer, maybeText, text } from '../row.ts';
import type { Query } from '../store.ts';
import { IS_RUNNING, readSession, type StoredSession } from './session.ts';

/** SQL condition of running sessions with an alarm, with the text of the index session_alarm. */
const HAS_ALARM = `${IS_RUNNING} AND (deviates = 1 OR above = 1)`;

/** What the running sessions of one location draw. */
export interface MeteredLocation {
  location: string | undefined;
  sessions: number;
  watts: number;
}
/** The power of all running sessions that report one, for each location. */
export const meteredLocations: Query<MeteredLocation> = {
  name: 'metered-locations',
  sql: `SELECT location_id, COUNT(*) AS n, CAST(SUM(power) AS BIGINT) AS watts FROM session
    WHERE ${IS_RUNNING} AND power IS NOT NULL GROUP BY location_id ORDER BY location_id`,
  values: [],
  read: (row) => ({ location: maybeText(row, 'location_id'), sessions: integer(row, 'n'), watts: integer(row, 'watts') }),
};

/** The number of running sessions whose charge point deviates, or whose car draws more than its limit. */
export const countAlarmed: Query<number> = {
  name: 'count-alarmed-sessions',
  sql: `SELECT COUNT(*) AS n FROM session WHERE ${HAS_ALARM}`,
  values: [],
  read: (row) => integer(row, 'n'),
};
/** These sessions, newest first. */
export const alarmedSessions = <B, P>(limit: number): Query<StoredSession<B, P>> => ({
  name: 'alarmed-sessions',
  sql: `SELECT * FROM session WHERE ${HAS_ALARM} ORDER BY seq DESC LIMIT $1`,
  values: [limit],
  read: readSession,
});

/** The profiles of running sessions of which nobody knows whether they are in force. */
export const uncertainInputs = (limit: number): Query<{ session: SessionKey; by: PartyKey }> => ({
  name: 'uncertain-inputs',
  sql: "SELECT session_key, party FROM input WHERE state = 'uncertain' ORDER BY session_key, party LIMIT $1",
  values: [limit],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), by: asPartyKey(text(row, 'party')) }),
});
/** Their number. */
export const countUncertain: Query<number> = {
  name: 'count-uncertain-inputs',
  sql: "SELECT COUNT(*) AS n FROM input WHERE state = 'uncertain'",
  values: [],
  read: (row) => integer(row, 'n'),
};
