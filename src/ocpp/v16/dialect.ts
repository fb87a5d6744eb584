import type { Dialect } from '../dialect.ts';
import { learning } from './abilities.ts';
import { clearByCriteria, clearChargingProfile } from './clear-charging-profile.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { limitEvse } from './limit-evse.ts';
import { notices } from './message-handlers.ts';
import { setChargingProfile } from './set-charging-profile.ts';

/** OCPP 1.6J edition 2 with its security whitepaper. */
export const v16: Dialect = {
  version: '1.6',
  subprotocol: 'ocpp1.6',
  // Spelled as OCPP-J 1.6 §4.2.3 does, `Occurence` included.
  faultCodes: {
    format: 'FormationViolation',
    type: 'TypeConstraintViolation',
    occurrence: 'OccurenceConstraintViolation',
    property: 'PropertyConstraintViolation',
  },
  frameFault: 'FormationViolation',
  hasSend: false,
  set: setChargingProfile,
  limit: limitEvse,
  clear: clearChargingProfile,
  composite: getCompositeSchedule,
  clearByCriteria,
  notices,
  learning,
};
