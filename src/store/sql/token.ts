import { asPartyKey, type DriverId, driverId, fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { mapTokenPersonalData } from '../../domain/personal-data.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { driverIdOf, type Encryption } from '../encryption.ts';
import { flag, integer, mapDefined, maybeText, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';
import type { ListWindow } from './session-rights.ts';

/** What a token is found by, its uid under a name that says nothing of the driver, all of it case-folded: two spellings are one token. */
export interface TokenKey {
  party: PartyKey;
  driver: DriverId;
  type: string;
}
/** The key of a token from its names as they came. */
export const tokenKey = (encryption: Encryption, it: { country_code: string; party_id: string; uid: string; type: string }): TokenKey => ({
  party: partyKey(it.country_code, it.party_id),
  driver: driverIdOf(encryption, it.uid),
  type: fold(it.type),
});

/** A token as it stands in the store; `seq` names it where its uid must not stand. */
export interface StoredToken<Body> {
  seq: number;
  party: PartyKey;
  driver: DriverId;
  /** One of ours to give out; else a peer told us of it. */
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
  body: opened<B>(text(row, 'body'), vault),
});
const opened = <B>(body: string, vault: Vault): B => mapTokenPersonalData(JSON.parse(body), (encrypted) => vault.decrypt(encrypted)) satisfies B;

/** Keeps a token unless what is there is newer, or belongs to the other side. */
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

/** Every token with this uid that somebody speaks for today: a party of ours, or an eMSP that is registered. */
export const knownTokens = <B>(driver: DriverId) =>
  select<B>(
    'tokens-shown',
    "WHERE driver = $1 AND (own = 1 OR EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = token.party)) ORDER BY seq",
    [driver],
  );
/** A token that a peer told us of, for that peer only: ownership is part of the question. */
export const tokenOfPeer = <B>(key: TokenKey, peer: PeerId) =>
  select<B>(
    'token-of-peer',
    "WHERE driver = $1 AND type = $2 AND party = $3 AND own = 0 AND party IN (SELECT party FROM peer_party WHERE peer = $4 AND role = 'EMSP')",
    [key.driver, key.type, key.party, peer],
  );
/** Those of our own tokens that a uid and a type name; a valid one first. */
export const ownTokensOfDriver = <B>(driver: DriverId, type: string) =>
  select<B>('own-tokens-named', 'WHERE driver = $1 AND type = $2 AND own = 1 ORDER BY valid DESC, seq DESC', [driver, fold(type)]);
/** All of our own tokens, invalid ones too. */
export const allOwnTokens = <B>() => select<B>('all-own-tokens', 'WHERE own = 1 ORDER BY seq', []);

/** An EMAID is not told around: a CPO learns from the charge point whose it is (OCPI 2.3.0 §12.4.4), and 2.2.1 has no word for it. */
const TOLD = "token.own = 1 AND token.type <> 'EMAID'";
const IN_WINDOW = `${TOLD} AND last_updated >= $1 AND last_updated < $2`;
/** One page of our own tokens. */
export const ownTokens = <B>(w: ListWindow) => select<B>('own-tokens', `WHERE ${IN_WINDOW} ORDER BY seq LIMIT $3 OFFSET $4`, [w.from, w.to, w.limit, w.offset]);
/** How many of our own tokens the pages of a window hold. */
export const countOwnTokens = (w: ListWindow): Query<number> => ({
  name: 'count-own-tokens',
  sql: `SELECT COUNT(*) AS n FROM token WHERE ${IN_WINDOW}`,
  values: [w.from, w.to],
  read: (row) => integer(row, 'n'),
});

/** One of our tokens of which a peer has not acknowledged the newest state, and the state that it did acknowledge. */
export interface TokenToPush<Body> extends StoredToken<Body> {
  acknowledged: Body | undefined;
}
/** What a peer has yet to hear of our tokens, behind the one numbered `after`. */
export const tokensToPush = <B>(peer: PeerId, { after, limit }: { after: number; limit: number }): Query<TokenToPush<B>> => ({
  name: 'untold-tokens',
  sql: `SELECT token.seq, token.party, token.driver, token.own, token.last_updated, token.body, token_push.acknowledged
    FROM token LEFT JOIN token_push ON token_push.token = token.seq AND token_push.peer = $1
    WHERE ${TOLD} AND token.seq > $2 AND (token_push.last_updated IS NULL OR token_push.last_updated < token.last_updated)
    ORDER BY token.seq LIMIT $3`,
  values: [peer, after, limit],
  read: (row, vault) => ({ ...read<B>(row, vault), acknowledged: mapDefined(maybeText(row, 'acknowledged'), (told) => opened<B>(told, vault)) }),
});
/** A peer has acknowledged this state of one of our tokens. */
export const saveTokenPush = (peer: PeerId, { seq, driver, body, lastUpdated }: StoredToken<unknown>): Write => ({
  name: 'save-token-push',
  sql: `INSERT INTO token_push (token, peer, acknowledged, last_updated) VALUES ($1, $2, $3, $4)
    ON CONFLICT (token, peer) DO UPDATE SET acknowledged = excluded.acknowledged, last_updated = excluded.last_updated`,
  values: [seq, peer, (vault) => JSON.stringify(mapTokenPersonalData(body, (clear) => vault.encryptCopy(driver, clear))), lastUpdated],
});

/** Nothing is kept of tokens whose eMSP is no longer registered: they are personal. */
export const forgetOrphanTokens: Write = {
  name: 'forget-ownerless-tokens',
  sql: "DELETE FROM token WHERE own = 0 AND NOT EXISTS (SELECT 1 FROM peer_party WHERE peer_party.role = 'EMSP' AND peer_party.party = token.party)",
  values: [],
};
/** A peer that left and comes back hears everything again, and is asked for everything. */
export const forgetSyncState = (peer: PeerId): readonly Write[] => [
  { name: 'forget-token-pushes', sql: 'DELETE FROM token_push WHERE peer = $1', values: [peer] },
  { name: 'forget-watermarks', sql: 'DELETE FROM watermark WHERE peer = $1', values: [peer] },
];

/** All tokens of one driver. */
export const tokensOfDriver = <B>(driver: DriverId) => select<B>('tokens-of-driver', 'WHERE driver = $1 ORDER BY seq', [driver]);
/** Forgets the tokens of a driver, and what of them was told. */
export const forgetTokensOf = (driver: DriverId): readonly Write[] => [
  { name: 'forget-pushes-of-driver', sql: 'DELETE FROM token_push WHERE token IN (SELECT seq FROM token WHERE driver = $1)', values: [driver] },
  { name: 'forget-tokens-of-driver', sql: 'DELETE FROM token WHERE driver = $1', values: [driver] },
];
