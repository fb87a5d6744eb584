import type { StatusNotificationRequest, StatusNotificationResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { type HandlerContext, messageHandler } from '../dialect.ts';

/** Reports a connector's status; during a transaction also whether the car charges, and whether the EVSE has suspended it (OCPP 1.6 §4.9). */
export const statusNotification = messageHandler<StatusNotificationRequest, StatusNotificationResponse>('StatusNotification', async (request, context) => {
  const at = context.moment(request.timestamp);
  const { connectorId, status } = request;
  await context.report({ kind: 'status', evseId: connectorId, connectorId, status, at });
  if (status === 'Charging' || status === 'SuspendedEV' || status === 'SuspendedEVSE') await reportCharging(context, { connectorId, status, at });
  return {};
});

async function reportCharging(
  context: HandlerContext,
  { connectorId, status, at }: { connectorId: number; status: string; at: ReturnType<HandlerContext['now']> },
) {
  const transactionId = context.transactions.get(connectorId);
  if (transactionId === undefined) return;
  await context.report({
    kind: 'transaction-updated',
    evseId: connectorId,
    transactionId,
    at,
    charging: status === 'Charging',
    suspendedByEvse: status === 'SuspendedEVSE',
    readings: [],
  });
}
