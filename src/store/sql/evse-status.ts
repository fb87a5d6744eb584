import type { StationId } from '../../domain/ids.ts';
import { integer, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** What a station last said of one of its connectors, in the word of its own OCPP version. */
export interface ReportedStatus {
  evseId: number;
  connectorId: number;
  status: string;
}

export const saveEvseStatus = (station: StationId, { evseId, connectorId, status }: ReportedStatus): Write => ({
  name: 'save-evse-status',
  sql: `INSERT INTO evse_status (station, evse_id, connector_id, status) VALUES ($1, $2, $3, $4)
    ON CONFLICT (station, evse_id, connector_id) DO UPDATE SET status = excluded.status`,
  values: [station, evseId, connectorId, status],
});
export const statusesOf = (station: StationId): Query<ReportedStatus> => ({
  name: 'statuses-of',
  sql: 'SELECT evse_id, connector_id, status FROM evse_status WHERE station = $1 ORDER BY evse_id, connector_id',
  values: [station],
  read: (row) => ({ evseId: integer(row, 'evse_id'), connectorId: integer(row, 'connector_id'), status: text(row, 'status') }),
});
