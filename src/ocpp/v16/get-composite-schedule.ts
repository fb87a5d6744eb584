import type { GetCompositeScheduleRequest, GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { ok } from '../../domain/result.ts';
import { toSeconds } from '../../domain/units.ts';
import { type CompositeRequest, requestMapping } from '../dialect.ts';
import { compositeAnswer, requestedUnit } from '../reported-schedule.ts';

/** Asks for the limits of a connector from now on (OCPP 1.6 §5.7). */
export const getCompositeSchedule = requestMapping<CompositeRequest, GetCompositeScheduleResponse>({
  action: 'GetCompositeSchedule',
  compose: ({ evse, duration, unit }, context) =>
    ok({ connectorId: evse.evseId, duration: Math.max(1, Math.ceil(duration)), ...requestedUnit(unit, context) } satisfies GetCompositeScheduleRequest),
  read: ({ status, scheduleStart, chargingSchedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: status };
    // Errata 3.57 leaves startSchedule out, but some stations give the start only there.
    const start = parseMoment(scheduleStart ?? '') ?? parseMoment(chargingSchedule?.startSchedule ?? '') ?? now;
    return compositeAnswer(chargingSchedule, { request, start: toSeconds(start), now: toSeconds(now) });
  },
});
