import type { GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp21/types.js';
import { toSeconds } from '../../domain/units.ts';
import { ask, type CompositeRequest } from '../dialect.ts';
import { parseMoment } from '../moment.ts';
import { answerComposite } from '../reported-schedule.ts';
import { becauseOf } from '../status-info.ts';
import { getCompositeSchedule as before } from '../v201/get-composite-schedule.ts';

/** As in OCPP 2.0.1, but a period may have no limit, or one for each phase (OCPP 2.1 ChargingSchedulePeriodType). */
export const getCompositeSchedule = ask<CompositeRequest, GetCompositeScheduleResponse>({
  action: before.action,
  compose: before.compose,
  read: ({ status, statusInfo, schedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: becauseOf(status, statusInfo) };
    const start = toSeconds(parseMoment(schedule?.scheduleStart ?? '') ?? now);
    const unit = schedule?.chargingRateUnit ?? 'A';
    return answerComposite(
      schedule && { ...schedule, periods: schedule.chargingSchedulePeriod.map((it) => ({ startPeriod: it.startPeriod, limit: limitOf(it, unit) })) },
      { request, start },
    );
  },
});

interface PhaseLimits {
  limit?: number;
  limit_L2?: number;
  limit_L3?: number;
}

/** Amperes are per phase, so the least of them holds; watts are in all, so they add up. `limit` alone is for all phases. */
function limitOf({ limit, limit_L2: second, limit_L3: third }: PhaseLimits, unit: 'A' | 'W'): number | undefined {
  if (limit === undefined || (second === undefined && third === undefined)) return limit;
  const limits = [limit, second, third].filter((it) => it !== undefined);
  return unit === 'A' ? Math.min(...limits) : limits.reduce((sum, it) => sum + it, 0);
}
