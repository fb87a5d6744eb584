import { integer } from '../row.ts';
import type { Query } from '../store.ts';

/** Only the newest exchanges are searched, up to this number. */
const MAX_SEARCHED = 20_000;

/** How far a node has come: whether a charge point was ever connected, a session was ever kept, and a profile was ever accepted. */
export interface FirstSteps {
  connected: boolean;
  session: boolean;
  steered: boolean;
}
/** The first steps that the store knows of. The first row that matches ends each search. */
export const firstSteps: Query<FirstSteps> = {
  name: 'first-steps',
  sql: `SELECT CASE WHEN EXISTS (SELECT 1 FROM station) THEN 1 ELSE 0 END AS connected,
    (SELECT COALESCE(MAX(seq), 0) FROM session) AS session,
    CASE WHEN EXISTS (SELECT 1 FROM exchange WHERE exchange.seq > (SELECT COALESCE(MAX(seq), 0) FROM exchange) - ${MAX_SEARCHED}
      AND kind = 'set' AND result = 'ACCEPTED') THEN 1 ELSE 0 END AS steered`,
  values: [],
  read: (row) => ({ connected: integer(row, 'connected') === 1, session: integer(row, 'session') > 0, steered: integer(row, 'steered') === 1 }),
};
