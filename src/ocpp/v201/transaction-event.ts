import type { TransactionEventRequest, TransactionEventResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { type HandlerContext, messageHandler, rememberTransaction } from '../dialect.ts';
import type { IdToken, StationEvent } from '../station.ts';
import { toReadings } from './readings.ts';

/** Reports a transaction's start, updates and end (OCPP 2.0.1 E01 to E06). A token in the event is authorized after the event is committed. */
export const transactionEvent = messageHandler<TransactionEventRequest, TransactionEventResponse>('TransactionEvent', async (request, context) => {
  const idToken = request.idToken && toIdToken(request.idToken);
  noteTransaction(context, request);
  await context.report(toEvent(request, { context, idToken }));
  return idToken ? { idTokenInfo: { status: (await context.authorize(idToken)) ? 'Accepted' : 'Invalid' } } : {};
});

/** Remembers which transaction runs at an EVSE, for a later event that does not say it. */
function noteTransaction({ transactions }: HandlerContext, { eventType, evse, transactionInfo: { transactionId } }: TransactionEventRequest): void {
  for (const [evseId, running] of transactions) if (eventType === 'Ended' && running === transactionId) transactions.delete(evseId);
  if (eventType !== 'Ended' && evse && evse.id > 0) rememberTransaction(transactions, evse.id, transactionId);
}

/** The token of an OCPP 2.x message; only its `type` and text are used. */
export const toIdToken = ({ idToken, type }: { idToken: string; type: string }): IdToken => ({ uid: idToken, type });

function toEvent(request: TransactionEventRequest, { context, idToken }: { context: HandlerContext; idToken: IdToken | undefined }): StationEvent {
  const { transactionId, chargingState, stoppedReason } = request.transactionInfo;
  const at = context.moment(request.timestamp);
  const readings = toReadings(request.meterValue ?? [], context.moment);
  const token = idToken ? { idToken } : {};
  switch (request.eventType) {
    case 'Started':
      return {
        kind: 'transaction-started',
        evseId: request.evse?.id ?? 0,
        transactionId,
        ...token,
        at,
        charging: chargingState === 'Charging',
        ...originOf(request),
        readings,
      };
    case 'Updated':
      return { kind: 'transaction-updated', transactionId, at, ...token, ...stateOf(request), readings };
    case 'Ended':
      return { kind: 'transaction-ended', transactionId, at, ...(stoppedReason === undefined ? {} : { reason: stoppedReason }), readings };
    default:
      return request.eventType satisfies never;
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
