import { asPartyKey, type PartyKey } from '../../domain/ids.ts';
import { integer, text } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { readToken, type StoredToken } from './token.ts';

/** A token whose uid another party has sent before. It has no effect until the operator approves it. */
export interface TokenClaim<Body> extends StoredToken<Body> {
  /** The party whose token of this uid is in force; undefined when there is none any more. */
  owner: PartyKey | undefined;
}

/** The party whose token of a uid is in force. */
const OWNER = 'SELECT MIN(other.party) FROM token AS other WHERE other.driver = token.driver AND other.held = 0';

/** The claims with numbers below `before`, newest first. */
export const tokenClaims = <B>({ before, limit }: { before: number; limit: number }): Query<TokenClaim<B>> => ({
  name: 'token-claims',
  sql: `SELECT seq, party, driver, own, last_updated, body, (${OWNER}) AS owner FROM token WHERE held = 1 AND seq < $1 ORDER BY seq DESC LIMIT $2`,
  values: [before, limit],
  read: (row, vault) => ({ ...readToken<B>(row, vault), owner: row.owner === null ? undefined : asPartyKey(text(row, 'owner')) }),
});

/** How many claims each party has. The grouping is no plain column, so that SQLite reads the index of claims and not that of all tokens by party. */
export const countTokenClaims: Query<{ party: PartyKey; count: number }> = {
  name: 'count-token-claims',
  sql: "SELECT party || '' AS claimant, COUNT(*) AS n FROM token WHERE held = 1 GROUP BY party || '' ORDER BY claimant",
  values: [],
  read: (row) => ({ party: asPartyKey(text(row, 'claimant')), count: integer(row, 'n') }),
};

/** Puts the tokens of the claiming party into force and holds those of every other party with this uid, unless the claim is gone. */
export const approveTokenClaim = (seq: number): Write => ({
  name: 'approve-token-claim',
  sql: `UPDATE token SET held = CASE WHEN party = (SELECT claim.party FROM token AS claim WHERE claim.seq = $1) THEN 0 ELSE 1 END
    WHERE driver = (SELECT claim.driver FROM token AS claim WHERE claim.seq = $1 AND claim.held = 1) RETURNING seq, party, held`,
  values: [seq],
});
