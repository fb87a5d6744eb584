import type { BootNotificationRequest, BootNotificationResponse, HeartbeatRequest, HeartbeatResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { printMomentMillis } from '../../domain/moment.ts';
import { notice } from '../dialect.ts';

/** A station that is connected has shown who it is, so it is always welcome (OCPP 1.6 §4.2). */
export const bootNotification = notice<BootNotificationRequest, BootNotificationResponse>('BootNotification', async (told, ears) => {
  const firmware = told.firmwareVersion === undefined ? {} : { firmware: told.firmwareVersion };
  await ears.heard({ kind: 'booted', vendor: told.chargePointVendor, model: told.chargePointModel, ...firmware, at: ears.now() });
  return { status: 'Accepted', currentTime: printMomentMillis(ears.now()), interval: ears.heartbeat };
});

export const heartbeat = notice<HeartbeatRequest, HeartbeatResponse>('Heartbeat', (_told, ears) => ({ currentTime: printMomentMillis(ears.now()) }));
