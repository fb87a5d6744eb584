import { fold } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json } from '../row.ts';
import type { Query } from '../store.ts';
import type { EvidenceBody } from './evidence.ts';

/** The answer of a charge point to a limit of its site, in A on each phase. */
export interface AnsweredLimit {
  at: EpochMillis;
  a: number;
  accepted: boolean;
}

/** The answers to limits of one EVSE that came before a moment, newest first; from `from` on, when it is named. */
export const answeredLimits = (
  evseUid: string,
  { from = epochMillis(0), before, limit }: { from?: EpochMillis; before: EpochMillis; limit: number },
): Query<AnsweredLimit> => ({
  name: 'answered-limits',
  sql: 'SELECT at, body FROM evidence WHERE evse = $1 AND at >= $2 AND at < $3 ORDER BY at DESC, seq DESC LIMIT $4',
  values: [fold(evseUid), from, before, limit],
  read: (row) => {
    const { a, answer } = json<Extract<EvidenceBody, { kind: 'answered' }>>(row, 'body');
    return { at: epochMillis(integer(row, 'at')), a, accepted: answer === 'ACCEPTED' };
  },
});
