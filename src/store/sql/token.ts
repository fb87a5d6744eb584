import { asPartyKey, type DriverId, driverId, fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { mapTokenPersonalData } from '../../domain/personal-data.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { driverIdOf, type Encryption } from '../encryption.ts';
import { flag, integer, mapDefined, maybeText, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';
import type { ListWindow } from './session-rights.ts';

/** The key of a token: its party, the driver's pseudonym instead of the uid, and its type, all case-folded. */
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

const read = <B>(row: Row, vault: Vault): StoredToken<B> => ({
  seq: integer(row, 'seq'),
  party: asPartyKey(text(row, 'party')),
  driver: driverId(text(row, 'driver')),
  own: flag(row, 'own'),
  lastUpdated: epochMicros(integer(row, 'last_updated')),
  body: decrypted<B>(text(row, 'body'), vault),
});
const decrypted = <B>(body: string, vault: Vault): B => mapTokenPersonalData(JSON.parse(body), (encrypted) => vault.decrypt(encrypted)) satisfies B;

/** Saves a token, unless the stored one is newer or `own` differs. */
export const saveToken = <B extends { valid: boolean }>(key: TokenKey, token: Pick<StoredToken<B>, 'own' | 'lastUpdated' | 'body'>): Write => ({
  name: 'save-token',
  sql: `INSERT INTO token (party, driver, type, own, valid, last_updated, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (driver, type, party) DO UPDATE SET valid = excluded.valid, last_updated = excluded.last_updated, body = excluded.body
    WHERE token.own = excluded.own AND token.last_updated <= excluded.last_updated`,
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
  read,
});

/** The tokens of a driver whose party is an own party or a registered eMSP. */
export const knownTokens = <B>(driver: DriverId) =>
  select<B>(
    'known-tokens',
    "WHERE driver = $1 AND (own = 1 OR EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = token.party)) ORDER BY seq",
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
export const allOwnTokens = <B>() => select<B>('all-own-tokens', 'WHERE own = 1 ORDER BY seq', []);

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
/** The own tokens that must be pushed to a peer, with numbers above `after`, oldest first. */
export const tokensToPush = <B>(peer: PeerId, { after, limit }: { after: number; limit: number }): Query<TokenToPush<B>> => ({
  name: 'tokens-to-push',
  sql: `SELECT token.seq, token.party, token.driver, token.own, token.last_updated, token.body, token_push.acknowledged
    FROM token LEFT JOIN token_push ON token_push.token = token.seq AND token_push.peer = $1
    WHERE ${IS_SHARED} AND token.seq > $2 AND (token_push.last_updated IS NULL OR token_push.last_updated < token.last_updated)
    ORDER BY token.seq LIMIT $3`,
  values: [peer, after, limit],
  read: (row, vault) => ({ ...read<B>(row, vault), acknowledged: mapDefined(maybeText(row, 'acknowledged'), (body) => decrypted<B>(body, vault)) }),
});
/** Records that a peer has acknowledged the state of an own token. */
export const saveTokenPush = (peer: PeerId, { seq, driver, body, lastUpdated }: StoredToken<unknown>): Write => ({
  name: 'save-token-push',
  sql: `INSERT INTO token_push (token, peer, acknowledged, last_updated) VALUES ($1, $2, $3, $4)
    ON CONFLICT (token, peer) DO UPDATE SET acknowledged = excluded.acknowledged, last_updated = excluded.last_updated`,
  values: [seq, peer, (vault) => JSON.stringify(mapTokenPersonalData(body, (clear) => vault.encryptCopy(driver, clear))), lastUpdated],
});

/** Deletes remote tokens whose eMSP is no longer registered: they are personal data. */
export const forgetOrphanTokens: Write = {
  name: 'forget-orphan-tokens',
  sql: "DELETE FROM token WHERE own = 0 AND NOT EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = token.party)",
  values: [],
};
/** Deletes what a peer has received and how far its lists were pulled, so that a new registration starts from the beginning. */
export const forgetSyncState = (peer: PeerId): readonly Write[] => [
  { name: 'forget-token-pushes', sql: 'DELETE FROM token_push WHERE peer = $1', values: [peer] },
  { name: 'forget-watermarks', sql: 'DELETE FROM watermark WHERE peer = $1', values: [peer] },
];

/** All tokens of one driver. */
export const tokensOfDriver = <B>(driver: DriverId) => select<B>('tokens-of-driver', 'WHERE driver = $1 ORDER BY seq', [driver]);
/** Deletes the tokens of a driver, and their states at peers. */
export const forgetTokensOf = (driver: DriverId): readonly Write[] => [
  { name: 'forget-pushes-of-driver', sql: 'DELETE FROM token_push WHERE token IN (SELECT seq FROM token WHERE driver = $1)', values: [driver] },
  { name: 'forget-tokens-of-driver', sql: 'DELETE FROM token WHERE driver = $1', values: [driver] },
];
