import type { StatusNotificationRequest, StatusNotificationResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import type { EpochMillis } from '../../domain/units.ts';
import { messageHandler } from '../dialect.ts';
import type { StationEvent } from '../station.ts';

/** Reports a connector's status; during a transaction also whether the car charges, and whether the EVSE has suspended it (OCPP 1.6 §4.9). */
export const statusNotification = messageHandler<StatusNotificationRequest, StatusNotificationResponse>('StatusNotification', async (request, context) => {
  const at = context.moment(request.timestamp);
  const { connectorId, status } = request;
  await context.report({ kind: 'status', evseId: connectorId, connectorId, status, at, ...(request.timestamp === undefined && { undated: true }) });
  if (status === 'Charging' || status === 'SuspendedEV' || status === 'SuspendedEVSE') await context.report(chargingState({ connectorId, status, at }));
  return {};
});

/** What the status says about the transaction that runs at the connector. */
const chargingState = ({ connectorId, status, at }: { connectorId: number; status: string; at: EpochMillis }): StationEvent => ({
  kind: 'transaction-updated',
  evseId: connectorId,
  idsAreOurs: true,
  at,
  charging: status === 'Charging',
  connected: true,
  suspendedByEvse: status === 'SuspendedEVSE',
  ...(status === 'SuspendedEV' && { suspendedByEv: true }),
  readings: [],
});
