import { type Dialect, status } from './dialect.ts';
import { v201 } from './v201.ts';

/** OCPP 2.1 on the station's side: OCPP 2.0.1 with two more actions, which this station rejects. */
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
