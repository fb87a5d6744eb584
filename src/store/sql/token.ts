import { asPartyKey, type DriverId, driverId, fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { mapTokenPersonalData } from '../../domain/personal-data.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { driverIdOf, type Encryption } from '../encryption.ts';
import { flag, integer, mapDefined, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';
import { IS_SAME_REGISTRATION, type RegisteredPeer } from './peer.ts';
import type { ListWindow } from './session-rights.ts';

/** The key of a token: its party, the driver's pseudonym instead of the uid, and its type, all case-folded (A-04). */
export interface TokenKey {
  party: PartyKey;
  driver: DriverId;
  type: string;
}
/** The key of a token from the fields of OCPI. */
export const tokenKey = (encryption: Encryption, it: { country_code: string; party_id: string; uid: string; type: string }): TokenKey => ({
  party: partyKey(it.country_code, it.party_id),
  driver: driverIdOf(encryption, it.uid),
  type: fold(it.type),
});

/** A token in the store; `seq` identifies it where the uid must not appear. */
export interface StoredToken<Body> {
  seq: number;
  party: PartyKey;
  driver: DriverId;
  /** Issued by an own party; false for a token of a peer. */
  own: boolean;
  lastUpdated: EpochMicros;
  body: Body;
}

/** Reads a row of the table `token`. */
export const readToken = <B>(row: Row, vault: Vault): StoredToken<B> => ({
  seq: integer(row, 'seq'),
  party: asPartyKey(text(row, 'party')),
  driver: driverId(text(row, 'driver')),
  own: flag(row, 'own'),
  lastUpdated: epochMicros(integer(row, 'last_updated')),
  body: decrypted<B>(text(row, 'body'), vault),
});
const decrypted = <B>(body: string, vault: Vault): B => mapTokenPersonalData(JSON.parse(body), (encrypted) => vault.decrypt(encrypted)) satisfies B;

/** Another party has sent this uid before, in whatever type: in OCPP 1.6 a charge point does not tell the type. */
const IS_CLAIMED = 'EXISTS (SELECT 1 FROM token AS other WHERE other.driver = $2 AND other.party <> $1 AND other.held = 0)';
/**
 * Saves a token, unless the stored one is newer or `own` differs. A new remote token whose uid another party has sent before is held
 * until the operator approves it (R-10); the row that comes back has `seq` and `held`.
 */
export const saveToken = <B extends { valid: boolean }>(key: TokenKey, token: Pick<StoredToken<B>, 'own' | 'lastUpdated' | 'body'>): Write => ({
  name: token.own ? 'save-own-token' : 'save-token',
  sql: `INSERT INTO token (party, driver, type, own, valid, last_updated, body, held)
    VALUES ($1, $2, $3, $4, $5, $6, $7, ${token.own ? '0' : `CASE WHEN ${IS_CLAIMED} THEN 1 ELSE 0 END`})
    ON CONFLICT (driver, type, party) DO UPDATE SET valid = excluded.valid, last_updated = excluded.last_updated, body = excluded.body
    WHERE token.own = excluded.own AND token.last_updated <= excluded.last_updated
    RETURNING seq, held`,
  values: [
    key.party,
    key.driver,
    key.type,
    token.own ? 1 : 0,
    token.body.valid ? 1 : 0,
    token.lastUpdated,
    (vault) => JSON.stringify(mapTokenPersonalData(token.body, (clear) => vault.encrypt(key.driver, clear))),
  ],
});

const select = <B>(name: string, tail: string, values: Query<unknown>['values']): Query<StoredToken<B>> => ({
  name,
  sql: `SELECT seq, party, driver, own, last_updated, body FROM token ${tail}`,
  values,
  read: readToken,
});

/** The tokens of a driver that are in force, whose party is an own party or a registered eMSP. */
export const knownTokens = <B>(driver: DriverId) =>
  select<B>(
    'known-tokens',
    "WHERE driver = $1 AND held = 0 AND (own = 1 OR EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = token.party)) ORDER BY seq",
    [driver],
  );
/** A remote token, only if the peer speaks for its party: the ownership is part of the query. */
export const tokenOfPeer = <B>(key: TokenKey, peer: PeerId) =>
  select<B>(
    'token-of-peer',
    "WHERE driver = $1 AND type = $2 AND party = $3 AND own = 0 AND party IN (SELECT party FROM peer_party WHERE peer = $4 AND role = 'EMSP')",
    [key.driver, key.type, key.party, peer],
  );
/** The own tokens of a driver with this type, valid ones first. */
export const ownTokensOfDriver = <B>(driver: DriverId, type: string) =>
  select<B>('own-tokens-named', 'WHERE driver = $1 AND type = $2 AND own = 1 ORDER BY valid DESC, seq DESC', [driver, fold(type)]);
/** All own tokens, also invalid ones. */
export const allOwnTokens = <B>() => select<B>('all-own-tokens', 'WHERE own = 1 ORDER BY +seq', []);

/** EMAID tokens are not sent to CPOs: a CPO gets the owner from the charge point (OCPI 2.3.0 §12.4.4), and 2.2.1 does not have this type. */
const IS_SHARED = "token.own = 1 AND token.type <> 'EMAID'";
const IN_WINDOW = `${IS_SHARED} AND last_updated >= $1 AND last_updated < $2`;
/** One page of the own tokens. */
export const ownTokens = <B>(w: ListWindow) => select<B>('own-tokens', `WHERE ${IN_WINDOW} ORDER BY seq LIMIT $3 OFFSET $4`, [w.from, w.to, w.limit, w.offset]);
/** How many own tokens all pages have together. */
export const countOwnTokens = (w: ListWindow): Query<number> => ({
  name: 'count-own-tokens',
  sql: `SELECT COUNT(*) AS n FROM token WHERE ${IN_WINDOW}`,
  values: [w.from, w.to],
  read: (row) => integer(row, 'n'),
  pace: 'slow',
});

/** An own token whose newest state a peer has not acknowledged, and the state that it has acknowledged. */
export interface TokenToPush<Body> extends StoredToken<Body> {
  acknowledged: Body | undefined;
}
/** The receiver of own tokens: a peer, or one CPO behind a hub. */
export interface TokenReceiver {
  peer: PeerId;
  behind?: PartyKey;
}
/** The own tokens that must be pushed to a receiver, with numbers above `after`, oldest first. */
export const tokensToPush = <B>({ peer, behind }: TokenReceiver, { after, limit }: { after: number; limit: number }): Query<TokenToPush<B>> => ({
  name: behind === undefined ? 'tokens-to-push' : 'tokens-to-push-behind-hub',
  sql: `SELECT token.seq, token.party, token.driver, token.own, token.last_updated, token.body, push.acknowledged
    FROM token LEFT JOIN ${behind === undefined ? 'token_push' : 'hub_token_push'} AS push ON push.token = token.seq AND push.peer = $1
      ${behind === undefined ? '' : 'AND push.party = $4'}
    WHERE ${IS_SHARED} AND token.seq > $2 AND (push.last_updated IS NULL OR push.last_updated < token.last_updated)
    ORDER BY token.seq LIMIT $3`,
  values: [peer, after, limit, ...(behind === undefined ? [] : [behind])],
  read: (row, vault) => ({ ...readToken<B>(row, vault), acknowledged: mapDefined(maybeText(row, 'acknowledged'), (body) => decrypted<B>(body, vault)) }),
});
/** Records that a receiver has acknowledged the state of an own token. Changes no row when the registration of the peer ended meanwhile. */
export function saveTokenPush({ id, registeredAt }: RegisteredPeer, behind: PartyKey | undefined, token: StoredToken<unknown>): Write {
  const { seq, driver, body, lastUpdated } = token;
  const [name, table] = behind === undefined ? ['save-token-push', 'token_push'] : ['save-token-push-behind-hub', 'hub_token_push'];
  const [column, value] = behind === undefined ? ['', ''] : [', party', ', $6'];
  return {
    name,
    sql: `INSERT INTO ${table} (token, peer, acknowledged, last_updated${column}) SELECT $1, $2, $3, $4${value} WHERE ${IS_SAME_REGISTRATION('$2', '$5')}
    ON CONFLICT (token, peer${column}) DO UPDATE SET acknowledged = excluded.acknowledged, last_updated = excluded.last_updated`,
    values: [
      seq,
      id,
      (vault) => JSON.stringify(mapTokenPersonalData(body, (clear) => vault.encryptCopy(driver, clear))),
      lastUpdated,
      orNull(registeredAt),
      ...(behind === undefined ? [] : [behind]),
    ],
  };
}

/** The next party with remote tokens, in the order of the index token_remote. */
const NEXT_OWNER = 'SELECT party FROM token WHERE own = 0 AND party > owner.party ORDER BY party LIMIT 1';
const IS_ORPHANED = (party: string) => `NOT EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = ${party})`;
/** The owners of remote tokens whose eMSP is no longer registered. Reads one token of each party, not all tokens. */
export const orphanedTokenOwners: Query<PartyKey> = {
  name: 'orphaned-token-owners',
  sql: `WITH RECURSIVE owner (party) AS (SELECT '' UNION ALL SELECT (${NEXT_OWNER}) FROM owner WHERE owner.party IS NOT NULL)
    SELECT party FROM owner WHERE party > '' AND ${IS_ORPHANED('owner.party')}`,
  values: [],
  read: (row) => asPartyKey(text(row, 'party')),
};
/** Deletes the tokens of a party whose eMSP is no longer registered: they are personal data. */
export const forgetOrphanedTokens = (party: PartyKey): Write => ({
  name: 'forget-orphaned-tokens',
  sql: `DELETE FROM token WHERE own = 0 AND party = $1 AND ${IS_ORPHANED('$1')}`,
  values: [party],
});
/** Deletes what a peer has received and how far its lists were pulled, so that a new registration starts from the beginning. */
export const forgetSyncState = (peer: PeerId): readonly Write[] => [
  { name: 'forget-token-pushes', sql: 'DELETE FROM token_push WHERE peer = $1', values: [peer] },
  { name: 'forget-token-pushes-behind-hub', sql: 'DELETE FROM hub_token_push WHERE peer = $1', values: [peer] },
  { name: 'forget-watermarks', sql: 'DELETE FROM watermark WHERE peer = $1', values: [peer] },
];

/** All tokens of one driver. */
export const tokensOfDriver = <B>(driver: DriverId) => select<B>('tokens-of-driver', 'WHERE driver = $1 ORDER BY seq', [driver]);
/** Deletes the tokens of a driver, and their states at peers. */
export const forgetTokensOf = (driver: DriverId): readonly Write[] => [
  { name: 'forget-pushes-of-driver', sql: 'DELETE FROM token_push WHERE token IN (SELECT seq FROM token WHERE driver = $1)', values: [driver] },
  {
    name: 'forget-pushes-of-driver-behind-hubs',
    sql: 'DELETE FROM hub_token_push WHERE token IN (SELECT seq FROM token WHERE driver = $1)',
    values: [driver],
  },
  { name: 'forget-tokens-of-driver', sql: 'DELETE FROM token WHERE driver = $1', values: [driver] },
];
