import type { StartTransactionRequest, StartTransactionResponse, StopTransactionRequest, StopTransactionResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { type EpochMillis, wattHours } from '../../domain/units.ts';
import { type Lacking, messageHandler, rememberTransaction } from '../dialect.ts';
import type { IdToken, Reading } from '../station.ts';
import { toReadings } from './readings.ts';

/** OCPP 1.6 does not name the type of an idTag; nearly all are RFID cards. */
export const toIdToken = (idTag: string): IdToken => ({ uid: idTag, type: 'RFID' });

/** The register of the meter at one moment; no reading when the station did not state it, because 0 would be one. */
const registerAt = (at: EpochMillis, register: number | undefined): Reading[] => (register === undefined ? [] : [{ at, energy: wattHours(register) }]);

/** Gets a transaction id from the node first, then reports the start with that id (OCPP 1.6 §4.8). */
export const startTransaction = messageHandler<Lacking<StartTransactionRequest, 'meterStart' | 'timestamp'>, StartTransactionResponse>(
  'StartTransaction',
  async (request, context) => {
    const at = context.moment(request.timestamp);
    const reservation = request.reservationId === undefined ? {} : { reservationId: request.reservationId };
    const { transactionId, accepted } = await context.startTransaction({
      connectorId: request.connectorId,
      idTag: request.idTag,
      at,
      ...reservation,
    });
    rememberTransaction(context.transactions, request.connectorId, String(transactionId));
    await context.report({
      kind: 'transaction-started',
      evseId: request.connectorId,
      transactionId: String(transactionId),
      idToken: toIdToken(request.idTag),
      at,
      charging: true,
      ...reservation,
      readings: registerAt(at, request.meterStart),
    });
    return { transactionId, idTagInfo: { status: accepted ? 'Accepted' : 'Invalid' } };
  },
);

/** Accepts every stop, also of an unknown transaction; otherwise the station would repeat the message without end (OCPP 1.6 §4.10). */
export const stopTransaction = messageHandler<Lacking<StopTransactionRequest, 'meterStop' | 'timestamp'>, StopTransactionResponse>(
  'StopTransaction',
  async (request, context) => {
    const at = context.moment(request.timestamp);
    const transactionId = String(request.transactionId);
    for (const [connector, running] of context.transactions) if (running === transactionId) context.transactions.delete(connector);
    const readings = [...toReadings(request.transactionData ?? [], context.moment), ...registerAt(at, request.meterStop)];
    await context.report({ kind: 'transaction-ended', transactionId, at, ...(request.reason === undefined ? {} : { reason: request.reason }), readings });
    if (request.idTag === undefined) return {};
    const accepted = await context.authorize(toIdToken(request.idTag));
    return { idTagInfo: { status: accepted ? 'Accepted' : 'Invalid' } };
  },
);
