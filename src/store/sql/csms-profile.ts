import { type StationId, stationId } from '../../domain/ids.ts';
import { text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** Saves the profiles of a CSMS at a station, and ours beside them. */
export const saveCsmsProfiles = (station: StationId, body: object): Write => ({
  name: 'save-csms-profiles',
  sql: 'INSERT INTO csms_profile (station, body) VALUES ($1, $2) ON CONFLICT (station) DO UPDATE SET body = excluded.body',
  values: [station, JSON.stringify(body)],
});
/** Deletes what is kept of a station. */
export const removeCsmsProfiles = (station: StationId): Write => ({
  name: 'remove-csms-profiles',
  sql: 'DELETE FROM csms_profile WHERE station = $1',
  values: [station],
});
/** What is kept of all stations. */
export const allCsmsProfiles = <B>(): Query<{ station: StationId; body: B }> => ({
  name: 'all-csms-profiles',
  sql: 'SELECT * FROM csms_profile ORDER BY station',
  values: [],
  // JSON writes the limit of a period without a limit (OCPP 2.1) as null.
  read: (row) => ({
    station: stationId(text(row, 'station')),
    body: JSON.parse(text(row, 'body'), (key, value: unknown) => (key === 'limit' && value === null ? Infinity : value)),
  }),
});
