import type { EpochMillis } from '../../src/domain/units.ts';
import { compact, type EndReason, type Happening, stamp } from './dialect.ts';
import type { Saying } from './ocpp-client.ts';
import type { InstalledProfile } from './profiles.ts';
import type { Badge, Outlet, Transaction } from './simulated-evse.ts';
import { sample } from './v16.ts';
import { localScheduleOf } from './v201-profile.ts';

const saying = (action: string, payload: object): Saying => ({ action, payload: () => payload });
const transactionEvent = (event: object): Saying => ({
  action: 'TransactionEvent',
  keep: true,
  payload: (offline) => (offline ? { ...event, offline } : event),
});

/** What befell a station, as the messages of OCPP 2.0.1 and 2.1, which agree here. */
export function tellOf(happening: Happening, now: EpochMillis): Saying[] {
  const timestamp = stamp(now);
  switch (happening.kind) {
    case 'booted':
      return [
        {
          ...saying('BootNotification', { reason: happening.because, chargingStation: { vendorName: 'Evenkeel', model: 'Street 20', firmwareVersion: '1.0' } }),
          early: true,
        },
      ];
    case 'heartbeat':
      return [saying('Heartbeat', {})];
    case 'presented':
      return [saying('Authorize', { idToken: tokenOf(happening.badge) })];
    case 'status':
      return [saying('StatusNotification', statusOf(happening.outlet, timestamp))];
    case 'limited':
      return [saying('NotifyChargingLimit', limitOf(happening))];
    case 'unlimited':
      return [saying('ClearedChargingLimit', { chargingLimitSource: happening.profile.source, ...evseOf(happening.profile) })];
    default:
      return [transactionEvent(transactionEventOf(happening, timestamp))];
  }
}

/** What happens to a transaction. */
type Turn = Extract<Happening, { transaction: Transaction }>;

const tokenOf = ({ uid, type }: Badge) => ({ idToken: uid, type: type === 'RFID' ? 'ISO14443' : type });

function statusOf({ plan, car }: Outlet, timestamp: string): object {
  return { timestamp, connectorStatus: car ? 'Occupied' : 'Available', evseId: plan.evseId, connectorId: plan.connectorId };
}

/** A station-wide limit names no EVSE. */
const evseOf = ({ evseId }: InstalledProfile) => (evseId > 0 ? { evseId } : {});

function limitOf({ profile, withSchedule }: Extract<Happening, { kind: 'limited' }>): object {
  return { chargingLimit: { chargingLimitSource: profile.source }, ...evseOf(profile), ...(withSchedule && { chargingSchedule: [localScheduleOf(profile)] }) };
}

function transactionEventOf(turn: Turn, timestamp: string): object {
  const { outlet, transaction } = turn;
  const { id, state, remoteStartId, badge } = transaction;
  const seqNo = transaction.seqNo;
  transaction.seqNo += 1;
  return compact({
    eventType: turn.kind === 'started' ? 'Started' : turn.kind === 'ended' ? 'Ended' : 'Updated',
    timestamp,
    triggerReason: triggerOf(turn),
    seqNo,
    transactionInfo: compact({
      transactionId: id ?? '',
      chargingState: turn.kind === 'ended' ? stateAtEnd(turn.because) : state,
      stoppedReason: turn.kind === 'ended' ? turn.because : undefined,
      remoteStartId,
    }),
    evse: turn.kind === 'started' ? { id: outlet.plan.evseId, connectorId: outlet.plan.connectorId } : undefined,
    idToken: turn.kind === 'started' ? tokenOf(badge) : undefined,
    reservationId: turn.kind === 'started' ? transaction.reservationId : undefined,
    meterValue: [{ timestamp, sampledValue: readings(turn) }],
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

function triggerOf(turn: Turn): string {
  switch (turn.kind) {
    case 'started':
      return turn.transaction.remoteStartId === undefined ? 'Authorized' : 'RemoteStart';
    case 'state-changed':
      return 'ChargingStateChanged';
    case 'rate-changed':
      return 'ChargingRateChanged';
    case 'sampled':
      return turn.because === 'clock' ? 'MeterValuePeriodic' : 'Trigger';
    case 'ended':
      return END_TRIGGERS[turn.because];
  }
}

function readings(turn: Turn): object[] {
  const contexts: Partial<Record<Turn['kind'], string>> = { started: 'Transaction.Begin', ended: 'Transaction.End', sampled: 'Sample.Periodic' };
  const context = turn.kind === 'sampled' && turn.because === 'trigger' ? 'Trigger' : (contexts[turn.kind] ?? 'Other');
  return sample(turn.outlet).map(({ measurand, value, unit }) => ({ value, context, measurand, unitOfMeasure: { unit } }));
}
