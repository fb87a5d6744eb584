import type { GetCompositeScheduleRequest, GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { ok } from '../../domain/result.ts';
import { toSeconds } from '../../domain/units.ts';
import { ask, type CompositeRequest } from '../dialect.ts';
import { answerComposite, wantedUnit } from '../reported-schedule.ts';
import { becauseOf } from './status-info.ts';

/** What an EVSE will stay below from now on (OCPP 2.0.1 K08). */
export const getCompositeSchedule = ask<CompositeRequest, GetCompositeScheduleResponse>({
  action: 'GetCompositeSchedule',
  compose: ({ evse, duration, unit }, ways) =>
    ok({ evseId: evse.evseId, duration: Math.max(1, Math.ceil(duration)), ...wantedUnit(unit, ways) } satisfies GetCompositeScheduleRequest),
  read: ({ status, statusInfo, schedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: becauseOf(status, statusInfo) };
    const start = toSeconds(parseMoment(schedule?.scheduleStart ?? '') ?? now);
    return answerComposite(schedule, { request, start });
  },
});
