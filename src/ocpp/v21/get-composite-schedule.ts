import type { GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp21/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { toSeconds } from '../../domain/units.ts';
import { ask, type CompositeRequest } from '../dialect.ts';
import { answerComposite } from '../reported-schedule.ts';
import { getCompositeSchedule as before } from '../v201/get-composite-schedule.ts';
import { becauseOf } from '../v201/status-info.ts';

/** As in OCPP 2.0.1, but a period may have no limit, or one for each phase (OCPP 2.1 ChargingSchedulePeriodType). */
export const getCompositeSchedule = ask<CompositeRequest, GetCompositeScheduleResponse>({
  action: before.action,
  compose: before.compose,
  read: ({ status, statusInfo, schedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: becauseOf(status, statusInfo) };
    const start = toSeconds(parseMoment(schedule?.scheduleStart ?? '') ?? now);
    return answerComposite(schedule, { request, start });
  },
});
