import type { GetCompositeScheduleRequest, GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { ok } from '../../domain/result.ts';
import { toSeconds } from '../../domain/units.ts';
import { type CompositeRequest, requestMapping } from '../dialect.ts';
import { compositeAnswer, requestedUnit } from '../reported-schedule.ts';
import { statusText } from './status-info.ts';

/** Asks for the limits of an EVSE from now on (OCPP 2.0.1 K08). */
export const getCompositeSchedule = requestMapping<CompositeRequest, GetCompositeScheduleResponse>({
  action: 'GetCompositeSchedule',
  compose: ({ evse, duration, unit }, context) =>
    ok({ evseId: evse.evseId, duration: Math.max(1, Math.ceil(duration)), ...requestedUnit(unit, context) } satisfies GetCompositeScheduleRequest),
  read: ({ status, statusInfo, schedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: statusText(status, statusInfo) };
    const start = toSeconds(parseMoment(schedule?.scheduleStart ?? '') ?? now);
    return compositeAnswer(schedule, { request, start, now: toSeconds(now) });
  },
});
