import type { PartyKey } from '../../domain/ids.ts';
import { integer } from '../row.ts';
import type { Query } from '../store.ts';

/** The modules whose objects a node stores for other parties. */
export type StoredModule = 'tokens' | 'sessions' | 'locations';

/** Which rows are the remote objects of the party `$1`; each condition has an index. The keys of sessions and locations start with the party and `*`. */
const REMOTE_OBJECTS: Readonly<Record<StoredModule, string>> = {
  tokens: 'token WHERE party = $1 AND own = 0',
  sessions: 'session WHERE substr(key, 1, 7) = $1 AND peer IS NOT NULL',
  locations: 'location WHERE substr(key, 1, 7) = $1 AND peer IS NOT NULL',
};

/** How many objects of a party are stored, counted up to `limit`. */
export const countStored = (module: StoredModule, party: PartyKey, limit: number): Query<number> => ({
  name: `count-stored-${module}`,
  sql: `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${REMOTE_OBJECTS[module]} LIMIT $2) AS stored`,
  values: [module === 'tokens' ? party : `${party}*`, limit],
  read: (row) => integer(row, 'n'),
});
