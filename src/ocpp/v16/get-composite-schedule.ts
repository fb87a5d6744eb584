import type { GetCompositeScheduleRequest, GetCompositeScheduleResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { ok } from '../../domain/result.ts';
import { toSeconds } from '../../domain/units.ts';
import { ask, type CompositeRequest } from '../dialect.ts';
import { answerComposite, wantedUnit } from '../reported-schedule.ts';

/** What a connector will stay below from now on (OCPP 1.6 §5.7). */
export const getCompositeSchedule = ask<CompositeRequest, GetCompositeScheduleResponse>({
  action: 'GetCompositeSchedule',
  compose: ({ evse, duration, unit }, ways) =>
    ok({ connectorId: evse.evseId, duration: Math.max(1, Math.ceil(duration)), ...wantedUnit(unit, ways) } satisfies GetCompositeScheduleRequest),
  read: ({ status, scheduleStart, chargingSchedule }, request, now) => {
    if (status !== 'Accepted') return { is: 'REJECTED', because: status };
    // Errata 3.57 leaves startSchedule out, yet some stations give the start there and nowhere else.
    const start = parseMoment(scheduleStart ?? '') ?? parseMoment(chargingSchedule?.startSchedule ?? '') ?? now;
    return answerComposite(chargingSchedule, { request, start: toSeconds(start) });
  },
});
