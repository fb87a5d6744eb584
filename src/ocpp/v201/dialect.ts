import type { Dialect } from '../dialect.ts';
import { abilityQuery } from './abilities.ts';
import { clearByCriteria, clearChargingProfile } from './clear-charging-profile.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { limitEvse } from './limit-evse.ts';
import { handlers } from './message-handlers.ts';
import { restoreProfile } from './restore-profile.ts';
import { setChargingProfile } from './set-charging-profile.ts';
import { trigger } from './trigger-message.ts';

/** OCPP 2.0.1 edition 3. */
export const v201: Dialect = {
  version: '2.0.1',
  subprotocol: 'ocpp2.0.1',
  violationCodes: {
    format: 'FormatViolation',
    type: 'TypeConstraintViolation',
    occurrence: 'OccurrenceConstraintViolation',
    property: 'PropertyConstraintViolation',
  },
  frameErrorCode: 'RpcFrameworkError',
  unreadableId: '-1',
  hasResultError: false,
  set: setChargingProfile,
  limit: limitEvse,
  clear: clearChargingProfile,
  restore: restoreProfile,
  composite: getCompositeSchedule,
  clearByCriteria,
  handlers,
  abilityQuery,
  trigger,
};
