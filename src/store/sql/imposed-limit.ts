import type { Ceiling } from '../../domain/site/ceiling.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** A limit that somebody imposed on a node of a site, named by its folded path. */
export interface ImposedLimit {
  node: string;
  limit: Ceiling;
  at: EpochMillis;
}

export const imposeLimit = ({ node, limit, at }: ImposedLimit): Write => ({
  name: 'impose-limit',
  sql: 'INSERT INTO imposed_limit (node, body, at) VALUES ($1, $2, $3) ON CONFLICT (node) DO UPDATE SET body = excluded.body, at = excluded.at',
  values: [node, JSON.stringify(limit), at],
});
export const liftLimit = (node: string): Write => ({ name: 'lift-limit', sql: 'DELETE FROM imposed_limit WHERE node = $1', values: [node] });
export const imposedLimits: Query<ImposedLimit> = {
  name: 'imposed-limits',
  sql: 'SELECT * FROM imposed_limit ORDER BY node',
  values: [],
  read: (row) => ({ node: text(row, 'node'), limit: json<Ceiling>(row, 'body'), at: epochMillis(integer(row, 'at')) }),
};
