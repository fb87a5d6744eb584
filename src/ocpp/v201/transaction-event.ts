import type { TransactionEventRequest, TransactionEventResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { type Ears, notice } from '../dialect.ts';
import type { IdToken, StationEvent } from '../station.ts';
import { toReadings } from './readings.ts';

/** A transaction's life (OCPP 2.0.1 E01…E06). The token, when there is one, is judged after the event is heard. */
export const transactionEvent = notice<TransactionEventRequest, TransactionEventResponse>('TransactionEvent', async (told, ears) => {
  const idToken = told.idToken && toIdToken(told.idToken);
  await ears.heard(toEvent(told, { ears, idToken }));
  return idToken ? { idTokenInfo: { status: (await ears.authorize(idToken)) ? 'Accepted' : 'Invalid' } } : {};
});

export const toIdToken = ({ idToken, type }: { idToken: string; type: string }): IdToken => ({ uid: idToken, type });

function toEvent(told: TransactionEventRequest, { ears, idToken }: { ears: Ears; idToken: IdToken | undefined }): StationEvent {
  const { transactionId, chargingState, stoppedReason } = told.transactionInfo;
  const at = parseMoment(told.timestamp) ?? ears.now();
  const readings = toReadings(told.meterValue ?? []);
  const token = idToken ? { idToken } : {};
  switch (told.eventType) {
    case 'Started':
      return {
        kind: 'transaction-started',
        evseId: told.evse?.id ?? 0,
        transactionId,
        ...token,
        at,
        charging: chargingState === 'Charging',
        ...originOf(told),
        readings,
      };
    case 'Updated':
      return { kind: 'transaction-updated', transactionId, at, ...token, ...stateOf(told), readings };
    case 'Ended':
      return { kind: 'transaction-ended', transactionId, at, ...(stoppedReason === undefined ? {} : { reason: stoppedReason }), readings };
    default:
      return told.eventType satisfies never;
  }
}

function originOf({ reservationId, transactionInfo: { remoteStartId } }: TransactionEventRequest) {
  return { ...(reservationId === undefined ? {} : { reservationId }), ...(remoteStartId === undefined ? {} : { remoteStartId }) };
}

function stateOf({ evse, triggerReason, transactionInfo: { chargingState } }: TransactionEventRequest) {
  return {
    ...(evse && evse.id > 0 ? { evseId: evse.id } : {}),
    ...(chargingState === undefined ? {} : { charging: chargingState === 'Charging', suspendedByEvse: chargingState === 'SuspendedEVSE' }),
    ...(triggerReason === 'ChargingRateChanged' ? { rateChanged: true } : {}),
  };
}
