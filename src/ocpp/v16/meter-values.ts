import type { MeterValuesRequest, MeterValuesResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { notice, remember } from '../dialect.ts';
import { toReadings } from './readings.ts';

/** Readings of a transaction. Some stations leave its id out (OCPP 1.6 §6.31 lets them): then it is the one that runs at the connector. */
export const meterValues = notice<MeterValuesRequest, MeterValuesResponse>('MeterValues', async (told, ears) => {
  const transactionId = told.transactionId === undefined ? ears.running.get(told.connectorId) : String(told.transactionId);
  const readings = toReadings(told.meterValue);
  if (transactionId === undefined || readings.length === 0) return {};
  remember(ears.running, told.connectorId, transactionId);
  await ears.heard({ kind: 'transaction-updated', evseId: told.connectorId, transactionId, at: readings.at(-1)?.at ?? ears.now(), readings });
  return {};
});
