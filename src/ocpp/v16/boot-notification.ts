import type { BootNotificationRequest, BootNotificationResponse, HeartbeatRequest, HeartbeatResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { printMomentMillis } from '../../domain/moment.ts';
import { messageHandler } from '../dialect.ts';

/** Always accepts, because a connected station is authenticated (OCPP 1.6 §4.2). */
export const bootNotification = messageHandler<BootNotificationRequest, BootNotificationResponse>('BootNotification', async (request, context) => {
  const firmware = request.firmwareVersion === undefined ? {} : { firmware: request.firmwareVersion };
  await context.report({ kind: 'booted', vendor: request.chargePointVendor, model: request.chargePointModel, ...firmware, at: context.now() });
  return { status: 'Accepted', currentTime: printMomentMillis(context.now()), interval: context.heartbeat };
});

/** Answers with the current time (OCPP 1.6 §4.6). */
export const heartbeat = messageHandler<HeartbeatRequest, HeartbeatResponse>('Heartbeat', (_request, context) => ({
  currentTime: printMomentMillis(context.now()),
}));
