import type { EpochMillis } from '../../src/domain/units.ts';
import { compact, type EndReason, type LocalEvent, printTime } from './dialect.ts';
import type { OutgoingCall } from './ocpp-client.ts';
import { meterSamples, type SimulatedEvse, type Transaction } from './simulated-evse.ts';

const call = (action: string, payload: object): OutgoingCall => ({ action, payload: () => payload });
const keptCall = (action: string, payload: () => object): OutgoingCall => ({ action, payload, keep: true });

/** The OCPP 1.6 messages for an event at the station; none for an event that OCPP 1.6 has no message for. */
export function messagesFor(event: LocalEvent, now: EpochMillis): OutgoingCall[] {
  const timestamp = printTime(now);
  switch (event.kind) {
    case 'booted': {
      const payload = { chargePointVendor: 'Evenkeel', chargePointModel: 'Street 16', firmwareVersion: '1.0' };
      return [{ ...call('BootNotification', payload), beforeAccepted: true }];
    }
    case 'heartbeat':
      return [call('Heartbeat', {})];
    case 'token-presented':
      return [call('Authorize', { idTag: event.idToken.uid })];
    case 'status':
    case 'state-changed':
      return [call('StatusNotification', statusOf(event.evse, timestamp))];
    case 'started':
      return [keptCall('StartTransaction', startPayload(event, timestamp))];
    case 'sampled':
      return [keptCall('MeterValues', meterValuesPayload(event, timestamp))];
    case 'ended':
      return [keptCall('StopTransaction', stopPayload(event, timestamp))];
    case 'rate-changed':
    case 'limited':
    case 'unlimited':
      return [];
    default:
      return event satisfies never;
  }
}

function statusOf({ plan, car, transaction, isFinished }: SimulatedEvse, timestamp: string): object {
  const idleStatus = !car ? 'Available' : isFinished ? 'Finishing' : 'Preparing';
  const status = transaction && transaction.state !== 'EVConnected' && transaction.state !== 'Idle' ? transaction.state : idleStatus;
  return { connectorId: plan.evseId, errorCode: 'NoError', status, timestamp };
}

function startPayload({ evse, transaction }: { evse: SimulatedEvse; transaction: Transaction }, timestamp: string): () => object {
  const { reservationId, idToken } = transaction;
  const payload = compact({ connectorId: evse.plan.evseId, idTag: idToken.uid, meterStart: Math.round(evse.meter), timestamp, reservationId });
  return () => payload;
}

function meterValuesPayload(
  { evse, transaction, because }: { evse: SimulatedEvse; transaction: Transaction; because: 'clock' | 'trigger' },
  timestamp: string,
): () => object {
  const context = because === 'clock' ? 'Sample.Periodic' : 'Trigger';
  const sampledValue = meterSamples(evse).map(({ measurand, value, unit }) => ({ value: String(value), context, measurand, unit }));
  return () =>
    compact({
      connectorId: evse.plan.evseId,
      transactionId: transaction.id === undefined ? undefined : Number(transaction.id),
      meterValue: [{ timestamp, sampledValue }],
    });
}

const REASONS: Record<EndReason, string> = {
  EVDisconnected: 'EVDisconnected',
  SOCLimitReached: 'Other',
  Remote: 'Remote',
  Reboot: 'Reboot',
  Local: 'Local',
  DeAuthorized: 'DeAuthorized',
};

function stopPayload({ evse, transaction, because }: { evse: SimulatedEvse; transaction: Transaction; because: EndReason }, timestamp: string): () => object {
  const payload = { meterStop: Math.round(evse.meter), timestamp, idTag: transaction.idToken.uid, reason: REASONS[because] };
  return () => ({ ...payload, transactionId: Number(transaction.id ?? -1) });
}
