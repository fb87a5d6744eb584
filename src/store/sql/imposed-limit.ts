import type { WrittenLimit } from '../../domain/site/imposed-limit.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, maybeText, orNull, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** A limit that an operator imposed on a node of a site, which is identified by its folded path. */
export interface ImposedLimit {
  node: string;
  limit: WrittenLimit;
  at: EpochMillis;
  /** The id of the user or API key that imposed it, and the reason that was given. */
  author?: string;
  reason?: string;
}

/** Saves a limit and replaces an earlier one of the node. */
export const imposeLimit = ({ node, limit, at, author, reason }: ImposedLimit): Write => ({
  name: 'impose-limit',
  sql: `INSERT INTO imposed_limit (node, body, at, author, reason) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (node) DO UPDATE SET body = excluded.body, at = excluded.at, author = excluded.author, reason = excluded.reason`,
  values: [node, JSON.stringify(limit), at, orNull(author), orNull(reason)],
});
/** Deletes the limit of a node. */
export const liftLimit = (node: string): Write => ({ name: 'lift-limit', sql: 'DELETE FROM imposed_limit WHERE node = $1', values: [node] });
/** All imposed limits. */
export const imposedLimits: Query<ImposedLimit> = {
  name: 'imposed-limits',
  sql: 'SELECT * FROM imposed_limit ORDER BY node',
  values: [],
  read: (row) => {
    const [author, reason] = [maybeText(row, 'author'), maybeText(row, 'reason')];
    return {
      node: text(row, 'node'),
      limit: json<WrittenLimit>(row, 'body'),
      at: epochMillis(integer(row, 'at')),
      ...(author !== undefined && { author }),
      ...(reason !== undefined && { reason }),
    };
  },
};
