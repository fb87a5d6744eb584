import type {
  ChargingScheduleType,
  ClearedChargingLimitRequest,
  ClearedChargingLimitResponse,
  NotifyChargingLimitRequest,
  NotifyChargingLimitResponse,
  NotifyEVChargingScheduleRequest,
  NotifyEVChargingScheduleResponse,
} from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import type { ReportedSchedule } from '../../domain/profile/active-profile.ts';
import { reportedSchedule } from '../../domain/profile/read-composite.ts';
import { type EpochMillis, toSeconds } from '../../domain/units.ts';
import { messageHandler } from '../dialect.ts';
import type { StationEvent } from '../station.ts';

/** The event for a limit that another source has set or cleared (`isOver`). Without an EVSE number, or with 0, it applies to the whole station. */
export const limitChangedEvent = (
  source: string,
  evseId: number | undefined,
  { isOver = false, limits = [] }: { isOver?: boolean; limits?: readonly ReportedSchedule[] | undefined } = {},
): StationEvent => ({
  kind: 'limit-changed',
  ...(evseId === undefined || evseId === 0 ? {} : { evseId }),
  source,
  ...(isOver && { isOver }),
  ...(limits.length > 0 && { limits }),
});

/**
 * The amount of a limit; empty when a part of it is missing, because half a schedule would say something else. A schedule without a start,
 * or with an unreadable one, counts from `otherwise`.
 */
function amountIn(schedule: Partial<ChargingScheduleType> | undefined, otherwise: EpochMillis): readonly ReportedSchedule[] {
  const { chargingRateUnit, chargingSchedulePeriod: periods = [], duration, startSchedule } = schedule ?? {};
  if ((chargingRateUnit !== 'A' && chargingRateUnit !== 'W') || periods.length === 0) return [];
  const start = toSeconds(parseMoment(startSchedule ?? '') ?? otherwise);
  const read = reportedSchedule({ chargingRateUnit, chargingSchedulePeriod: periods, duration }, start);
  return read.periods.every((it) => Number.isFinite(it.start) && Number.isFinite(it.limit)) ? [read] : [];
}

/** Reports a limit set by a grid operator or the site's energy manager (OCPP 2.0.1 K12, K13). */
export const notifyChargingLimit = messageHandler<NotifyChargingLimitRequest, NotifyChargingLimitResponse>('NotifyChargingLimit', async (request, context) => {
  const limits = request.chargingSchedule?.flatMap((it) => amountIn(it, context.now()));
  await context.report(limitChangedEvent(request.chargingLimit.chargingLimitSource, request.evseId, { limits }));
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
    const limits = amountIn(request.chargingSchedule, parseMoment(request.timeBase) ?? context.now());
    await context.report(limitChangedEvent('EV', request.evseId, { limits }));
    return { status: 'Accepted' };
  },
);
