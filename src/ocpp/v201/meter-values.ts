import type { MeterValuesRequest, MeterValuesResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { messageHandler } from '../dialect.ts';
import { toReadings } from './readings.ts';

/**
 * Reports the readings of an EVSE. By OCPP 2.0.1 J01 and J02 those of a transaction come with TransactionEvent, but some charge points
 * send them here. EVSE 0 is the meter of the whole station.
 */
export const meterValues = messageHandler<MeterValuesRequest, MeterValuesResponse>('MeterValues', async ({ evseId, meterValue }, context) => {
  const readings = toReadings(meterValue, context.moment);
  if (evseId === 0 || readings.length === 0) return {};
  await context.report({ kind: 'transaction-updated', ofEvse: true, evseId, at: readings.at(-1)?.at ?? context.now(), readings });
  return {};
});
