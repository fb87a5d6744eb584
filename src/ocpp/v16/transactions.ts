import type { StartTransactionRequest, StartTransactionResponse, StopTransactionRequest, StopTransactionResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { type EpochMillis, wattHours } from '../../domain/units.ts';
import { type Lacking, messageHandler } from '../dialect.ts';
import type { IdToken, Reading } from '../station.ts';
import { idTagInfo } from './id-tag-info.ts';
import { toReadings } from './readings.ts';

/** OCPP 1.6 does not name the type of an idTag; nearly all are RFID cards. */
export const toIdToken = (idTag: string): IdToken => ({ uid: idTag, type: 'RFID' });

/** Highest transaction id that the node gives. */
const HIGHEST_ID = 2 ** 31 - 1;

/** The transaction that a message names. The node never gives 0, negative and larger ids: stations send them when they know no id (F-01, F-02). */
export const namedTransaction = (id: number | undefined): { transactionId?: string; idsAreOurs: true } =>
  id === undefined || !Number.isInteger(id) || id <= 0 || id > HIGHEST_ID ? { idsAreOurs: true } : { transactionId: String(id), idsAreOurs: true };

/** The register at the begin or the end; no reading when the station states none, or a negative one, which stands for an unknown one. */
const registerAt = (context: NonNullable<Reading['context']>, at: EpochMillis, register: number | undefined): Reading[] =>
  register === undefined || register < 0 ? [] : [{ at, context, energy: wattHours(register) }];

/** Gets a transaction id and a decision on the token from the node first, then reports the start with them (OCPP 1.6 §4.8). */
export const startTransaction = messageHandler<Lacking<StartTransactionRequest, 'meterStart' | 'timestamp'>, StartTransactionResponse>(
  'StartTransaction',
  async (request, context) => {
    const at = context.moment(request.timestamp);
    const { connectorId, idTag, meterStart, reservationId } = request;
    const { transactionId, decision } = await context.startTransaction({ connectorId, idTag, at });
    await context.report({
      kind: 'transaction-started',
      evseId: connectorId,
      transactionId: String(transactionId),
      idToken: toIdToken(idTag),
      ...(decision.status !== 'Accepted' && { refused: true }),
      at,
      charging: true,
      ...(reservationId !== undefined && { reservationId }),
      readings: registerAt('begin', at, meterStart),
    });
    return { transactionId, idTagInfo: idTagInfo(decision) };
  },
);

/** Accepts every stop, also of an unknown transaction; otherwise the station would repeat the message without end (OCPP 1.6 §4.10). */
export const stopTransaction = messageHandler<Lacking<StopTransactionRequest, 'meterStop' | 'timestamp'>, StopTransactionResponse>(
  'StopTransaction',
  async (request, context) => {
    const at = context.moment(request.timestamp);
    const { transactionId, transactionData = [], meterStop, reason, idTag } = request;
    const readings = [...toReadings(transactionData, context.moment), ...registerAt('end', at, meterStop)];
    await context.report({ kind: 'transaction-ended', ...namedTransaction(transactionId), at, ...(reason !== undefined && { reason }), readings });
    return idTag === undefined ? {} : { idTagInfo: idTagInfo(await context.authorize(toIdToken(idTag))) };
  },
);
