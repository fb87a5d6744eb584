import type { StatusNotificationRequest, StatusNotificationResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { type Ears, notice } from '../dialect.ts';

/** A connector's state; in a transaction it also tells whether the car draws, and if not, who holds it back (OCPP 1.6 §4.9). */
export const statusNotification = notice<StatusNotificationRequest, StatusNotificationResponse>('StatusNotification', async (told, ears) => {
  const at = parseMoment(told.timestamp ?? '') ?? ears.now();
  const { connectorId, status } = told;
  await ears.heard({ kind: 'status', evseId: connectorId, connectorId, status, at });
  if (status === 'Charging' || status === 'SuspendedEV' || status === 'SuspendedEVSE') await hearCharging(ears, { connectorId, status, at });
  return {};
});

async function hearCharging(ears: Ears, { connectorId, status, at }: { connectorId: number; status: string; at: ReturnType<Ears['now']> }) {
  const transactionId = ears.running.get(connectorId);
  if (transactionId === undefined) return;
  await ears.heard({
    kind: 'transaction-updated',
    evseId: connectorId,
    transactionId,
    at,
    charging: status === 'Charging',
    suspendedByEvse: status === 'SuspendedEVSE',
    readings: [],
  });
}
