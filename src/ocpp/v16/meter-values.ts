import type { MeterValuesRequest, MeterValuesResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { messageHandler, rememberTransaction } from '../dialect.ts';
import { toReadings } from './readings.ts';

/** Reports the readings of a transaction. Without a transaction id (optional in OCPP 1.6 §6.31) they belong to the transaction that runs at the connector. */
export const meterValues = messageHandler<MeterValuesRequest, MeterValuesResponse>('MeterValues', async (request, context) => {
  const transactionId = request.transactionId === undefined ? context.transactions.get(request.connectorId) : String(request.transactionId);
  const readings = toReadings(request.meterValue, context.moment);
  if (transactionId === undefined || readings.length === 0) return {};
  rememberTransaction(context.transactions, request.connectorId, transactionId);
  await context.report({ kind: 'transaction-updated', evseId: request.connectorId, transactionId, at: readings.at(-1)?.at ?? context.now(), readings });
  return {};
});
