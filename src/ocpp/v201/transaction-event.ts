import type { TransactionEventRequest, TransactionEventResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { type HandlerContext, messageHandler, rememberTransaction } from '../dialect.ts';
import type { IdToken, StationEvent, TokenDecision } from '../station.ts';
import { idTokenInfo } from './id-token-info.ts';
import { toReadings } from './readings.ts';

/**
 * Reports a transaction's start, updates and end (OCPP 2.0.1 E01 to E06). A presented token is decided on first, because a session of a
 * refused token is nobody's; a token that ends a transaction changes nothing, so the end is committed first.
 */
export const transactionEvent = messageHandler<TransactionEventRequest, TransactionEventResponse>('TransactionEvent', async (request, context) => {
  const idToken = request.idToken && toIdToken(request.idToken);
  const decide = async () => idToken && context.authorize(idToken, request.evse?.id);
  noteTransaction(context, request);
  const before = request.eventType === 'Ended' ? undefined : await decide();
  await context.report(toEvent(request, { context, idToken, decision: before }));
  const decision = request.eventType === 'Ended' ? await decide() : before;
  return decision ? { idTokenInfo: idTokenInfo(decision) } : {};
});

/** Remembers which transaction runs at an EVSE, for a later event that does not say it. */
function noteTransaction({ transactions }: HandlerContext, { eventType, evse, transactionInfo: { transactionId } }: TransactionEventRequest): void {
  for (const [evseId, running] of transactions) if (eventType === 'Ended' && running === transactionId) transactions.delete(evseId);
  if (eventType !== 'Ended' && evse && evse.id > 0) rememberTransaction(transactions, evse.id, transactionId);
}

/** The token of an OCPP 2.x message; only its `type` and text are used. */
export const toIdToken = ({ idToken, type }: { idToken: string; type: string }): IdToken => ({ uid: idToken, type });

interface Presented {
  context: HandlerContext;
  idToken: IdToken | undefined;
  decision: TokenDecision | undefined;
}

function toEvent(request: TransactionEventRequest, { context, idToken, decision }: Presented): StationEvent {
  const { transactionId, stoppedReason } = request.transactionInfo;
  const at = context.moment(request.timestamp);
  const readings = toReadings(request.meterValue ?? [], context.moment);
  const token = { ...(idToken && { idToken }), ...(decision && decision.status !== 'Accepted' && { refused: true as const }) };
  const where = placeOf(request);
  switch (request.eventType) {
    case 'Started':
      return { kind: 'transaction-started', evseId: 0, ...where, transactionId, ...token, at, ...startOf(request), readings };
    case 'Updated':
      return { kind: 'transaction-updated', ...where, transactionId, at, ...token, ...stateOf(request), readings };
    case 'Ended':
      return { kind: 'transaction-ended', ...where, transactionId, at, ...(stoppedReason !== undefined && { reason: stoppedReason }), readings };
    default:
      return request.eventType satisfies never;
  }
}

const placeOf = ({ evse }: TransactionEventRequest) =>
  evse && evse.id > 0 ? { evseId: evse.id, ...(evse.connectorId !== undefined && { connectorId: evse.connectorId }) } : {};

function startOf(request: TransactionEventRequest) {
  const { reservationId, transactionInfo } = request;
  const { remoteStartId, chargingState } = transactionInfo;
  return {
    charging: chargingState === 'Charging',
    ...(chargingState === 'SuspendedEVSE' && { suspendedByEvse: true }),
    ...(chargingState === 'SuspendedEV' && { suspendedByEv: true as const }),
    ...connectedIn(request),
    ...(reservationId !== undefined && { reservationId }),
    ...(remoteStartId !== undefined && { remoteStartId }),
  };
}

function stateOf(request: TransactionEventRequest) {
  const { triggerReason, transactionInfo } = request;
  const { chargingState } = transactionInfo;
  return {
    ...(chargingState !== undefined && { charging: chargingState === 'Charging', suspendedByEvse: chargingState === 'SuspendedEVSE' }),
    ...(chargingState === 'SuspendedEV' && { suspendedByEv: true as const }),
    ...connectedIn(request),
    ...(triggerReason === 'ChargingRateChanged' && { rateChanged: true }),
  };
}

/** In every charging state but Idle a car is connected (OCPP 2.0.1 ChargingStateEnumType). */
function connectedIn({ triggerReason, transactionInfo: { chargingState } }: TransactionEventRequest): { connected?: boolean } {
  if (chargingState !== undefined) return { connected: chargingState !== 'Idle' };
  return triggerReason === 'CablePluggedIn' ? { connected: true } : {};
}
