import { type Reply, type StationControls, status } from './dialect.ts';
import type { SimulatedEvse } from './simulated-evse.ts';

/** A TriggerMessage in the terms of all versions. */
export interface TriggerRequest {
  message: unknown;
  /** Undefined: all EVSEs. */
  evseId: number | undefined;
  /** The names of the messages that carry meter values in this version. */
  meterMessages: readonly string[];
}

/** Accepts a TriggerMessage and sends the message after the answer; NotImplemented for any other message. */
export function trigger({ message, evseId, meterMessages }: TriggerRequest, station: StationControls): Reply {
  const evses = station.evses.filter(({ plan }) => evseId === undefined || plan.evseId === evseId);
  if (meterMessages.some((it) => it === message)) return status('Accepted', () => evses.forEach((evse) => void sendSample(evse, station)));
  switch (message) {
    case 'BootNotification':
      return status('Accepted', () => station.emit({ kind: 'booted', because: 'Triggered' }));
    case 'Heartbeat':
      return status('Accepted', () => station.emit({ kind: 'heartbeat' }));
    case 'StatusNotification':
      return status('Accepted', () => evses.forEach((evse) => void station.emit({ kind: 'status', evse })));
    case 'FirmwareStatusNotification':
    case 'DiagnosticsStatusNotification':
    case 'LogStatusNotification':
      return status('Accepted', () => station.send({ action: message, payload: () => ({ status: 'Idle' }) }));
    default:
      return status('NotImplemented');
  }
}

function sendSample(evse: SimulatedEvse, station: StationControls): void {
  station.updateAll();
  if (evse.transaction) station.emit({ kind: 'sampled', evse, transaction: evse.transaction, because: 'trigger' });
}
