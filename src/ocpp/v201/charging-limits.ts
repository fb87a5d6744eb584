import type {
  ClearedChargingLimitRequest,
  ClearedChargingLimitResponse,
  NotifyChargingLimitRequest,
  NotifyChargingLimitResponse,
  NotifyEVChargingScheduleRequest,
  NotifyEVChargingScheduleResponse,
} from 'typed-ocpp/dist/ocpp20/types.js';
import { notice } from '../dialect.ts';
import type { StationEvent } from '../station.ts';

/** A limit of someone else's came or went; no EVSE, or EVSE 0, means all of the station's (ocpi-to-ocpp §2.2). */
export const limitChanged = (source: string, evseId: number | undefined, { isOver = false } = {}): StationEvent => ({
  kind: 'limit-changed',
  ...(evseId === undefined || evseId === 0 ? {} : { evseId }),
  source,
  ...(isOver && { isOver }),
});

/** A grid operator or the site's energy manager limits the station (OCPP 2.0.1 K12, K13). */
export const notifyChargingLimit = notice<NotifyChargingLimitRequest, NotifyChargingLimitResponse>('NotifyChargingLimit', async (told, ears) => {
  await ears.heard(limitChanged(told.chargingLimit.chargingLimitSource, told.evseId));
  return {};
});

export const clearedChargingLimit = notice<ClearedChargingLimitRequest, ClearedChargingLimitResponse>('ClearedChargingLimit', async (told, ears) => {
  await ears.heard(limitChanged(told.chargingLimitSource, told.evseId, { isOver: true }));
  return {};
});

/** The car's own plan (ISO 15118); the composite schedule shows it from now on (OCPP 2.0.1 K17). */
export const notifyEvChargingSchedule = notice<NotifyEVChargingScheduleRequest, NotifyEVChargingScheduleResponse>(
  'NotifyEVChargingSchedule',
  async (told, ears) => {
    await ears.heard(limitChanged('EV', told.evseId));
    return { status: 'Accepted' };
  },
);
