import type { Dialect } from '../dialect.ts';
import { v201 } from '../v201/dialect.ts';
import { learning } from './abilities.ts';
import { getCompositeSchedule } from './get-composite-schedule.ts';
import { notices } from './message-handlers.ts';

/** OCPP 2.1 edition 1: what OCPP 2.0.1 has, where not said otherwise. */
export const v21: Dialect = { ...v201, version: '2.1', subprotocol: 'ocpp2.1', hasSend: true, composite: getCompositeSchedule, notices, learning };
