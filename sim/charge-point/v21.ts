import type { Dialect } from './dialect.ts';
import { status } from './dialect.ts';
import { v201 } from './v201.ts';

/** OCPP 2.1 as a station speaks it: for smart charging it differs from 2.0.1 in what it may leave out and refuse. */
export const v21: Dialect = {
  ...v201,
  version: '2.1',
  subprotocol: 'ocpp2.1',
  answers: {
    ...v201.answers,
    UpdateDynamicSchedule: () => status('Rejected'),
    UsePriorityCharging: () => status('Rejected'),
  },
};
