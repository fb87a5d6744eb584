import type { Dialect } from '../dialect.ts';
import { abilityQuery } from './abilities.ts';
import { clearByCriteria, clearChargingProfile } from './clear-charging-profile.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { limitEvse } from './limit-evse.ts';
import { handlers } from './message-handlers.ts';
import { restoreProfile } from './restore-profile.ts';
import { setChargingProfile } from './set-charging-profile.ts';
import { trigger } from './trigger-message.ts';

/** OCPP 1.6J edition 2 with its security whitepaper. */
export const v16: Dialect = {
  version: '1.6',
  subprotocol: 'ocpp1.6',
  // `Occurence` is spelled as in OCPP-J 1.6 §4.2.3.
  violationCodes: {
    format: 'FormationViolation',
    type: 'TypeConstraintViolation',
    occurrence: 'OccurenceConstraintViolation',
    property: 'PropertyConstraintViolation',
  },
  frameErrorCode: 'FormationViolation',
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
