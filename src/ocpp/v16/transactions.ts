import type { StartTransactionRequest, StartTransactionResponse, StopTransactionRequest, StopTransactionResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { wattHours } from '../../domain/units.ts';
import { notice, remember } from '../dialect.ts';
import type { IdToken } from '../station.ts';
import { toReadings } from './readings.ts';

/** OCPP 1.6 does not say what kind of token an idTag is; nearly all are cards. */
export const toIdToken = (idTag: string): IdToken => ({ uid: idTag, type: 'RFID' });

/** The node names the transaction, and hears of it only when it has a name (OCPP 1.6 §4.8). */
export const startTransaction = notice<StartTransactionRequest, StartTransactionResponse>('StartTransaction', async (told, ears) => {
  const at = parseMoment(told.timestamp) ?? ears.now();
  const reservation = told.reservationId === undefined ? {} : { reservationId: told.reservationId };
  const meterStart = wattHours(told.meterStart);
  const { transactionId, accepted } = await ears.startTransaction({ connectorId: told.connectorId, idTag: told.idTag, meterStart, at, ...reservation });
  remember(ears.running, told.connectorId, String(transactionId));
  await ears.heard({
    kind: 'transaction-started',
    evseId: told.connectorId,
    transactionId: String(transactionId),
    idToken: toIdToken(told.idTag),
    at,
    charging: true,
    ...reservation,
    readings: [{ at, energy: meterStart }],
  });
  return { transactionId, idTagInfo: { status: accepted ? 'Accepted' : 'Invalid' } };
});

/** A stop is always taken, of unknown transactions too: a refusal would only make the station send it for ever (OCPP 1.6 §4.10). */
export const stopTransaction = notice<StopTransactionRequest, StopTransactionResponse>('StopTransaction', async (told, ears) => {
  const at = parseMoment(told.timestamp) ?? ears.now();
  const transactionId = String(told.transactionId);
  for (const [connector, running] of ears.running) if (running === transactionId) ears.running.delete(connector);
  const readings = [...toReadings(told.transactionData ?? []), { at, energy: wattHours(told.meterStop) }];
  await ears.heard({ kind: 'transaction-ended', transactionId, at, ...(told.reason === undefined ? {} : { reason: told.reason }), readings });
  if (told.idTag === undefined) return {};
  const accepted = await ears.authorize(toIdToken(told.idTag));
  return { idTagInfo: { status: accepted ? 'Accepted' : 'Invalid' } };
});
