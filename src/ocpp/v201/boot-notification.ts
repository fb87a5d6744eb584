import type { BootNotificationRequest, BootNotificationResponse, HeartbeatRequest, HeartbeatResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { printMomentMillis } from '../../domain/moment.ts';
import { messageHandler } from '../dialect.ts';

/** Always accepts, because a connected station is authenticated (OCPP 2.0.1 B01). */
export const bootNotification = messageHandler<BootNotificationRequest, BootNotificationResponse>('BootNotification', async ({ chargingStation }, context) => {
  const firmware = chargingStation.firmwareVersion === undefined ? {} : { firmware: chargingStation.firmwareVersion };
  await context.report({ kind: 'booted', vendor: chargingStation.vendorName, model: chargingStation.model, ...firmware, at: context.now() });
  return { status: 'Accepted', currentTime: printMomentMillis(context.now()), interval: context.heartbeat };
});

/** Answers with the current time (OCPP 2.0.1 G02). */
export const heartbeat = messageHandler<HeartbeatRequest, HeartbeatResponse>('Heartbeat', (_request, context) => ({
  currentTime: printMomentMillis(context.now()),
}));
