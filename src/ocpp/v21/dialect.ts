import type { Dialect } from '../dialect.ts';
import { v201 } from '../v201/dialect.ts';
import { abilityQuery } from './abilities.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { handlers } from './message-handlers.ts';

/** OCPP 2.1 edition 1; everything not named here is the same as in OCPP 2.0.1. */
export const v21: Dialect = { ...v201, version: '2.1', subprotocol: 'ocpp2.1', hasResultError: true, composite: getCompositeSchedule, handlers, abilityQuery };
