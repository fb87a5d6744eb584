import type { WrittenLimit } from '../../domain/site/imposed-limit.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** A limit that an operator imposed on a node of a site, which is identified by its folded path. */
export interface ImposedLimit {
  node: string;
  limit: WrittenLimit;
  at: EpochMillis;
}

/** Saves a limit and replaces an earlier one of the node. */
export const imposeLimit = ({ node, limit, at }: ImposedLimit): Write => ({
  name: 'impose-limit',
  sql: 'INSERT INTO imposed_limit (node, body, at) VALUES ($1, $2, $3) ON CONFLICT (node) DO UPDATE SET body = excluded.body, at = excluded.at',
  values: [node, JSON.stringify(limit), at],
});
/** Deletes the limit of a node. */
export const liftLimit = (node: string): Write => ({ name: 'lift-limit', sql: 'DELETE FROM imposed_limit WHERE node = $1', values: [node] });
/** All imposed limits. */
export const imposedLimits: Query<ImposedLimit> = {
  name: 'imposed-limits',
  sql: 'SELECT * FROM imposed_limit ORDER BY node',
  values: [],
  read: (row) => ({ node: text(row, 'node'), limit: json<WrittenLimit>(row, 'body'), at: epochMillis(integer(row, 'at')) }),
};
