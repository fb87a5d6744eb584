import type { GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp21/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { toSeconds } from '../../domain/units.ts';
import { type CompositeRequest, requestMapping } from '../dialect.ts';
import { compositeAnswer } from '../reported-schedule.ts';
import { getCompositeSchedule as ofV201 } from '../v201/get-composite-schedule.ts';
import { statusText } from '../v201/status-info.ts';

/** As in OCPP 2.0.1, but a period may have no limit, or a limit for each phase (OCPP 2.1 ChargingSchedulePeriodType). */
export const getCompositeSchedule = requestMapping<CompositeRequest, GetCompositeScheduleResponse>({
  action: ofV201.action,
  compose: ofV201.compose,
  read: ({ status, statusInfo, schedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: statusText(status, statusInfo) };
    const start = toSeconds(parseMoment(schedule?.scheduleStart ?? '') ?? now);
    return compositeAnswer(schedule, { request, start, now: toSeconds(now) });
  },
});
