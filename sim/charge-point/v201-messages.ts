import type { EpochMillis } from '../../src/domain/units.ts';
import { compact, type EndReason, type LocalEvent, printTime } from './dialect.ts';
import type { OutgoingCall } from './ocpp-client.ts';
import type { InstalledProfile } from './profiles.ts';
import { type IdToken, meterSamples, type SimulatedEvse, type Transaction } from './simulated-evse.ts';
import { writeLocalSchedule } from './v201-profile.ts';

const call = (action: string, payload: object): OutgoingCall => ({ action, payload: () => payload });
const transactionEvent = (event: object): OutgoingCall => ({
  action: 'TransactionEvent',
  keep: true,
  payload: (offline) => (offline ? { ...event, offline } : event),
});

/** The OCPP 2.0.1 and 2.1 messages for an event at the station. */
export function messagesFor(event: LocalEvent, now: EpochMillis): OutgoingCall[] {
  const timestamp = printTime(now);
  switch (event.kind) {
    case 'booted':
      return [
        {
          ...call('BootNotification', { reason: event.because, chargingStation: { vendorName: 'Evenkeel', model: 'Street 20', firmwareVersion: '1.0' } }),
          beforeAccepted: true,
        },
      ];
    case 'heartbeat':
      return [call('Heartbeat', {})];
    case 'token-presented':
      return [call('Authorize', { idToken: tokenOf(event.idToken) })];
    case 'status':
      return [call('StatusNotification', statusOf(event.evse, timestamp))];
    case 'limited':
      return [call('NotifyChargingLimit', limitPayload(event))];
    case 'unlimited':
      return [call('ClearedChargingLimit', { chargingLimitSource: event.profile.source, ...evseOf(event.profile) })];
    default:
      return [transactionEvent(transactionEventOf(event, timestamp))];
  }
}

/** An event that becomes a TransactionEvent. */
type TransactionChange = Extract<LocalEvent, { transaction: Transaction }>;

const tokenOf = ({ uid, type }: IdToken) => ({ idToken: uid, type: type === 'RFID' ? 'ISO14443' : type });

function statusOf({ plan, car }: SimulatedEvse, timestamp: string): object {
  return { timestamp, connectorStatus: car ? 'Occupied' : 'Available', evseId: plan.evseId, connectorId: plan.connectorId };
}

/** The EVSE of a limit, left out when it applies to the whole station. */
const evseOf = ({ evseId }: InstalledProfile) => (evseId > 0 ? { evseId } : {});

function limitPayload({ profile, withSchedule }: Extract<LocalEvent, { kind: 'limited' }>): object {
  return {
    chargingLimit: { chargingLimitSource: profile.source },
    ...evseOf(profile),
    ...(withSchedule && { chargingSchedule: [writeLocalSchedule(profile)] }),
  };
}

function transactionEventOf(change: TransactionChange, timestamp: string): object {
  const { evse, transaction } = change;
  const { id, state, remoteStartId, idToken } = transaction;
  const seqNo = transaction.seqNo;
  transaction.seqNo += 1;
  return compact({
    eventType: change.kind === 'started' ? 'Started' : change.kind === 'ended' ? 'Ended' : 'Updated',
    timestamp,
    triggerReason: triggerOf(change),
    seqNo,
    transactionInfo: compact({
      transactionId: id ?? '',
      chargingState: change.kind === 'ended' ? stateAtEnd(change.because) : state,
      stoppedReason: change.kind === 'ended' ? change.because : undefined,
      remoteStartId,
    }),
    evse: change.kind === 'started' ? { id: evse.plan.evseId, connectorId: evse.plan.connectorId } : undefined,
    idToken: change.kind === 'started' ? tokenOf(idToken) : undefined,
    reservationId: change.kind === 'started' ? transaction.reservationId : undefined,
    meterValue: [{ timestamp, sampledValue: readings(change) }],
  });
}

const stateAtEnd = (because: EndReason) => (because === 'EVDisconnected' ? 'Idle' : 'EVConnected');

const END_TRIGGERS: Record<EndReason, string> = {
  EVDisconnected: 'EVDeparted',
  SOCLimitReached: 'EnergyLimitReached',
  Remote: 'RemoteStop',
  Reboot: 'ResetCommand',
  Local: 'StopAuthorized',
  DeAuthorized: 'Deauthorized',
};

function triggerOf(change: TransactionChange): string {
  switch (change.kind) {
    case 'started':
      return change.transaction.remoteStartId === undefined ? 'Authorized' : 'RemoteStart';
    case 'state-changed':
      return 'ChargingStateChanged';
    case 'rate-changed':
      return 'ChargingRateChanged';
    case 'sampled':
      return change.because === 'clock' ? 'MeterValuePeriodic' : 'Trigger';
    case 'ended':
      return END_TRIGGERS[change.because];
  }
}

function readings(change: TransactionChange): object[] {
  const contexts: Partial<Record<TransactionChange['kind'], string>> = { started: 'Transaction.Begin', ended: 'Transaction.End', sampled: 'Sample.Periodic' };
  const context = change.kind === 'sampled' && change.because === 'trigger' ? 'Trigger' : (contexts[change.kind] ?? 'Other');
  return meterSamples(change.evse).map(({ measurand, value, unit }) => ({ value, context, measurand, unitOfMeasure: { unit } }));
}
