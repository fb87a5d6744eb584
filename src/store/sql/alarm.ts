import type { Alarm } from '../../domain/alarm/alarm.ts';
import { asPartyKey, asSessionKey, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, maybeText, text } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { IS_RUNNING } from './session.ts';

/** An alarm as it is stored. `delivered`: the webhook has got it. */
export interface StoredAlarm {
  alarm: Alarm;
  delivered: boolean;
}

/** Saves an alarm, in place of what is stored of it. */
export const saveAlarm = (it: StoredAlarm): Write => ({
  name: 'save-alarm',
  sql: 'INSERT INTO alarm (key, body) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET body = excluded.body',
  values: [it.alarm.key, JSON.stringify(it)],
});
/** Deletes an alarm that is solved. */
export const dropAlarm = (key: string): Write => ({ name: 'drop-alarm', sql: 'DELETE FROM alarm WHERE key = $1', values: [key] });
/** All alarms that are not solved. */
export const allAlarms: Query<StoredAlarm> = {
  name: 'all-alarms',
  sql: 'SELECT key, body FROM alarm ORDER BY key',
  values: [],
  read: (row) => json<StoredAlarm>(row, 'body'),
};

/** Running sessions on which no limit is known, oldest first. */
export const unknownLimitSessions = (limit: number): Query<{ session: SessionKey; station?: StationId }> => ({
  name: 'unknown-limit-sessions',
  sql: `SELECT key, station FROM session WHERE ${IS_RUNNING} AND limit_unknown_since IS NOT NULL ORDER BY seq LIMIT $1`,
  values: [limit],
  read: (row) => {
    const station = maybeText(row, 'station');
    return { session: asSessionKey(text(row, 'key')), ...(station !== undefined && { station: stationId(station) }) };
  },
});

/** The contracts that end between two moments, the next one first. */
export const contractsEnding = (between: {
  from: EpochMillis;
  to: EpochMillis;
  limit: number;
}): Query<{ contract: string; party: PartyKey; until: EpochMillis }> => ({
  name: 'contracts-ending',
  sql: 'SELECT id, party, until_at FROM contract WHERE ended_at IS NULL AND until_at > $1 AND until_at <= $2 ORDER BY until_at LIMIT $3',
  values: [between.from, between.to, between.limit],
  read: (row) => ({ contract: text(row, 'id'), party: asPartyKey(text(row, 'party')), until: epochMillis(integer(row, 'until_at')) }),
});
