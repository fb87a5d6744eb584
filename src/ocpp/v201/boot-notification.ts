import type { BootNotificationRequest, BootNotificationResponse, HeartbeatRequest, HeartbeatResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { printMomentMillis } from '../../domain/moment.ts';
import { notice } from '../dialect.ts';

/** A station that is connected has shown who it is, so it is always welcome (OCPP 2.0.1 B01). */
export const bootNotification = notice<BootNotificationRequest, BootNotificationResponse>('BootNotification', async ({ chargingStation }, ears) => {
  const firmware = chargingStation.firmwareVersion === undefined ? {} : { firmware: chargingStation.firmwareVersion };
  await ears.heard({ kind: 'booted', vendor: chargingStation.vendorName, model: chargingStation.model, ...firmware, at: ears.now() });
  return { status: 'Accepted', currentTime: printMomentMillis(ears.now()), interval: ears.heartbeat };
});

export const heartbeat = notice<HeartbeatRequest, HeartbeatResponse>('Heartbeat', (_told, ears) => ({ currentTime: printMomentMillis(ears.now()) }));
