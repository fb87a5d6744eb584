import { epochMillis } from '../../domain/units.ts';
import { integer, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** Most views of one owner. */
export const MOST_VIEWS = 50;

/** Filters of a list that its owner, a user or an API key, keeps under a name. */
export interface SavedView {
  list: string;
  name: string;
  /** The query of the address, such as `party=NL*SCS&sort=power`. */
  query: string;
  createdAt: number;
}

/** Saves a view, or replaces the one with this name; changes no row when the owner has 50 others. */
export const saveView = (owner: string, { list, name, query, createdAt }: SavedView): Write => ({
  name: 'save-view',
  sql: `INSERT INTO saved_view (owner, list, name, query, created_at) SELECT $1, $2, $3, $4, $5
    WHERE (SELECT COUNT(*) FROM saved_view WHERE owner = $1 AND NOT (list = $2 AND name = $3)) < ${MOST_VIEWS}
    ON CONFLICT (owner, list, name) DO UPDATE SET query = excluded.query`,
  values: [owner, list, name, query, createdAt],
  serial: `views of ${owner}`,
});
/** Deletes a view. */
export const removeView = (owner: string, list: string, name: string): Write => ({
  name: 'remove-view',
  sql: 'DELETE FROM saved_view WHERE owner = $1 AND list = $2 AND name = $3',
  values: [owner, list, name],
});
/** The views of an owner, by list and name. */
export const viewsOf = (owner: string): Query<SavedView> => ({
  name: 'views-of',
  sql: 'SELECT * FROM saved_view WHERE owner = $1 ORDER BY list, name',
  values: [owner],
  read: (row) => ({ list: text(row, 'list'), name: text(row, 'name'), query: text(row, 'query'), createdAt: epochMillis(integer(row, 'created_at')) }),
});
/** Deletes the views of an owner who is removed. */
export const removeViewsOf = (owner: string): Write => ({ name: 'remove-views-of', sql: 'DELETE FROM saved_view WHERE owner = $1', values: [owner] });
