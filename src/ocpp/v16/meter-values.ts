import type { MeterValuesRequest, MeterValuesResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { messageHandler } from '../dialect.ts';
import { toReadings } from './readings.ts';
import { namedTransaction } from './transactions.ts';

/**
 * Reports the readings of a transaction. Without an id that the node could have given (optional in OCPP 1.6 §6.31) they belong to the
 * transaction that runs at the connector; those of connector 0 are of the meter of the whole station, and no transaction's.
 */
export const meterValues = messageHandler<MeterValuesRequest, MeterValuesResponse>('MeterValues', async (request, context) => {
  const named = namedTransaction(request.transactionId);
  const readings = toReadings(request.meterValue, context.moment);
  if (readings.length === 0 || (named.transactionId === undefined && request.connectorId === 0)) return {};
  const evse = request.connectorId === 0 ? {} : { evseId: request.connectorId };
  await context.report({ kind: 'transaction-updated', ...evse, ...named, at: readings.at(-1)?.at ?? context.now(), readings });
  return {};
});
