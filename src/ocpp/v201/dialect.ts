import type { Dialect } from '../dialect.ts';
import { learning } from './abilities.ts';
import { clearByCriteria, clearChargingProfile } from './clear-charging-profile.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { limitEvse } from './limit-evse.ts';
import { notices } from './message-handlers.ts';
import { setChargingProfile } from './set-charging-profile.ts';

/** OCPP 2.0.1 edition 3. */
export const v201: Dialect = {
  version: '2.0.1',
  subprotocol: 'ocpp2.0.1',
  faultCodes: {
    format: 'FormatViolation',
    type: 'TypeConstraintViolation',
    occurrence: 'OccurrenceConstraintViolation',
    property: 'PropertyConstraintViolation',
  },
  frameFault: 'RpcFrameworkError',
  unreadableId: '-1',
  hasSend: false,
  set: setChargingProfile,
  limit: limitEvse,
  clear: clearChargingProfile,
  composite: getCompositeSchedule,
  clearByCriteria,
  notices,
  learning,
};
