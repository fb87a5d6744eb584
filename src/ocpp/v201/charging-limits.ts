import type {
  ClearedChargingLimitRequest,
  ClearedChargingLimitResponse,
  NotifyChargingLimitRequest,
  NotifyChargingLimitResponse,
  NotifyEVChargingScheduleRequest,
  NotifyEVChargingScheduleResponse,
} from 'typed-ocpp/dist/ocpp20/types.js';
import { messageHandler } from '../dialect.ts';
import type { StationEvent } from '../station.ts';

/** The event for a limit that another source has set or cleared (`isOver`). Without an EVSE number, or with 0, it applies to the whole station. */
export const limitChangedEvent = (source: string, evseId: number | undefined, { isOver = false } = {}): StationEvent => ({
  kind: 'limit-changed',
  ...(evseId === undefined || evseId === 0 ? {} : { evseId }),
  source,
  ...(isOver && { isOver }),
});

/** Reports a limit set by a grid operator or the site's energy manager (OCPP 2.0.1 K12, K13). */
export const notifyChargingLimit = messageHandler<NotifyChargingLimitRequest, NotifyChargingLimitResponse>('NotifyChargingLimit', async (request, context) => {
  await context.report(limitChangedEvent(request.chargingLimit.chargingLimitSource, request.evseId));
  return {};
});

/** Reports that such a limit was cleared (OCPP 2.0.1 K13). */
export const clearedChargingLimit = messageHandler<ClearedChargingLimitRequest, ClearedChargingLimitResponse>(
  'ClearedChargingLimit',
  async (request, context) => {
    await context.report(limitChangedEvent(request.chargingLimitSource, request.evseId, { isOver: true }));
    return {};
  },
);

/** Reports the car's own charging schedule (ISO 15118); from now on it may lower the composite schedule (OCPP 2.0.1 K17). */
export const notifyEvChargingSchedule = messageHandler<NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse>(
  'NotifyEVChargingSchedule',
  async (request, context) => {
    await context.report(limitChangedEvent('EV', request.evseId));
    return { status: 'Accepted' };
  },
);
