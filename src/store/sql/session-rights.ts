import { asPartyKey, asSessionKey, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import type { EpochMicros, EpochMillis } from '../../domain/units.ts';
import { flag, integer, mapDefined, maybeText, text } from '../row.ts';
import type { Query, Row } from '../store.ts';
import { coversSession } from './contract.ts';
import { IS_OPEN } from './exchange.ts';
import { readSession, type StoredSession } from './session.ts';

const waits = (kind: string) =>
  `(SELECT COUNT(*) FROM exchange WHERE exchange.session_key = session.key AND exchange.${IS_OPEN} AND exchange.state = 'ACCEPTED' AND exchange.kind = '${kind}' AND exchange.side <> 'sent') AS ${kind}`;
const COLUMNS = `session.key, session.status, session.token_party, session.station, session.evse_uid, session.transaction_id, session.profile_id, ${waits('get')}, ${waits('clear')}`;
const otherThan = (party: string) => `(SELECT MIN(exchange.party) FROM exchange WHERE exchange.session_key = session.key AND exchange.${IS_OPEN}
    AND exchange.state IN ('ACCEPTED', 'SENDING') AND exchange.kind = 'set' AND exchange.side <> 'sent' AND exchange.party <> ${party}) AS other`;
const AT_OURS = 'session.peer IS NULL AND session.transaction_id IS NOT NULL';
const granted = (party: string, now: string, right: 'may_see' | 'may_control') =>
  `EXISTS (SELECT 1 FROM contract WHERE contract.party = ${party} AND contract.${right} = 1 AND ${coversSession(now)})`;

/** What the CPO must know of a session before it can decide; no row when it is none that the party may see (SEC-15). */
export interface SessionAccess {
  key: SessionKey;
  status: string;
  station: StationId;
  evseUid: string;
  transactionId: string;
  profileId: number;
  tokenParty: PartyKey | undefined;
  /** The party that asks owns the session, or has a contract to control it (CP-35). */
  mayControl: boolean;
  /** Kinds of requests that wait unsent. */
  waiting: readonly string[];
  /** Another party, whose profile is on its way to the charge point. */
  otherPartySending: PartyKey | undefined;
}
const readControlled = (row: Row): SessionAccess => ({
  key: asSessionKey(text(row, 'key')),
  status: text(row, 'status'),
  station: stationId(text(row, 'station')),
  evseUid: text(row, 'evse_uid'),
  transactionId: text(row, 'transaction_id'),
  profileId: integer(row, 'profile_id'),
  tokenParty: mapDefined(maybeText(row, 'token_party'), asPartyKey),
  mayControl: flag(row, 'may'),
  waiting: (['get', 'clear'] as const).filter((kind) => integer(row, kind) > 0),
  otherPartySending: mapDefined(maybeText(row, 'other'), asPartyKey),
});

/** A session of ours as one party may see it: its own customer's, or one that a contract covers. */
export const sessionAccess = (foldedId: string, party: PartyKey, now: EpochMillis): Query<SessionAccess> => ({
  name: 'session-seen-by',
  sql: `SELECT ${COLUMNS}, CASE WHEN session.token_party = $2 THEN 1 WHEN ${granted('$2', '$3', 'may_control')} THEN 1 ELSE 0 END AS may, ${otherThan('$2')}
    FROM session WHERE session.folded_id = $1 AND ${AT_OURS} AND (session.token_party = $2 OR ${granted('$2', '$3', 'may_see')})`,
  values: [foldedId, party, now],
  read: readControlled,
});
/** For the operator, who may see every session of the house. */
export const operatorAccess = (key: SessionKey): Query<SessionAccess> => ({
  name: 'controlled-by-key',
  sql: `SELECT ${COLUMNS}, 1 AS may, ${otherThan("'operator'")} FROM session WHERE session.key = $1 AND ${AT_OURS}`,
  values: [key],
  read: readControlled,
});

/** The window of a paginated list: from inclusive, to exclusive. */
export interface ListWindow {
  from: EpochMicros;
  to: EpochMicros;
  offset: number;
  limit: number;
}
/** Who reads a list: the parties that ask, and those of ours whose customers' sessions are relayed. */
export interface ListReaders {
  parties: readonly PartyKey[];
  relayedFor: readonly PartyKey[];
  now: EpochMillis;
}
/** A session in a list, with the party that may see it. */
export type ReadableSession<B, P> = StoredSession<B, P> & { reader: PartyKey };

/**
 * The party that may see each session, as a column: the owner of the token for sessions of ours, or whoever has a contract, for
 * sessions of ours and for those of our customers elsewhere. None: the row is not there for them.
 */
function seen({ parties, relayedFor, now }: ListReaders, w: Pick<ListWindow, 'from' | 'to'>) {
  const values: (string | number)[] = [w.from, w.to, now, ...parties, ...relayedFor];
  const list = (from: number, count: number) => (count === 0 ? '(NULL)' : `(${Array.from({ length: count }, (_, n) => `$${from + n}`).join(', ')})`);
  const asking = list(4, parties.length);
  const ours = list(4 + parties.length, relayedFor.length);
  const byContract = `(SELECT MIN(contract.party) FROM contract WHERE contract.party IN ${asking} AND ${coversSession('$3')})`;
  const reader = `CASE WHEN session.peer IS NULL AND session.token_party IN ${asking} THEN session.token_party
    WHEN session.peer IS NULL AND session.token_party IS NOT NULL THEN ${byContract}
    WHEN session.token_party IN ${ours} THEN ${byContract} END`;
  const from = `(SELECT session.*, ${reader} AS reader FROM session WHERE session.last_updated >= $1 AND session.last_updated < $2) AS seen WHERE seen.reader IS NOT NULL`;
  return { name: `${parties.length}-${relayedFor.length}`, from, values };
}

export function readableSessions<B, P>(readers: ListReaders, w: ListWindow): Query<ReadableSession<B, P>> {
  const { name, from, values } = seen(readers, w);
  const next = values.length + 1;
  return {
    name: `sessions-seen-by-${name}`,
    sql: `SELECT * FROM ${from} ORDER BY seen.seq LIMIT $${next} OFFSET $${next + 1}`,
    values: [...values, w.limit, w.offset],
    read: (row, vault) => ({ ...readSession<B, P>(row, vault), reader: asPartyKey(text(row, 'reader')) }),
  };
}
export function countReadableSessions(readers: ListReaders, w: ListWindow): Query<number> {
  const { name, from, values } = seen(readers, w);
  return { name: `count-sessions-seen-by-${name}`, sql: `SELECT COUNT(*) AS n FROM ${from}`, values, read: (row) => integer(row, 'n') };
}

/** A party that was told of a running session by contract, or steers it, and may not any more; a halted one may not steer, whoever it is. */
export interface ExpiredRight {
  session: SessionKey;
  party: PartyKey;
  /** It may still see the session, but not control it. */
  maySee: boolean;
}
export const expiredRights = (now: EpochMillis): Query<ExpiredRight> => ({
  name: 'lapses',
  sql: `SELECT told.session_key, told.party, MAX(CASE WHEN session.token_party = told.party OR ${granted('told.party', '$1', 'may_see')} THEN 1 ELSE 0 END) AS sees FROM (
      SELECT session_key, party, 'may_see' AS needs FROM push UNION SELECT session_key, party, 'may_see' FROM relayed
      UNION SELECT session_key, party, 'may_control' FROM steering UNION SELECT session_key, party, 'may_control' FROM input
    ) AS told JOIN session ON session.key = told.session_key
    WHERE session.status IN ('PENDING', 'ACTIVE', 'RESERVATION') AND told.party <> 'operator'
      AND CASE WHEN told.needs = 'may_control' AND EXISTS (SELECT 1 FROM halt WHERE halt.party = told.party) THEN 1
        WHEN session.token_party = told.party THEN 0
        WHEN told.needs = 'may_see' AND ${granted('told.party', '$1', 'may_see')} THEN 0
        WHEN told.needs = 'may_control' AND ${granted('told.party', '$1', 'may_control')} THEN 0 ELSE 1 END = 1
    GROUP BY told.session_key, told.party ORDER BY told.session_key, told.party`,
  values: [now],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')), maySee: flag(row, 'sees') }),
});

/** A session at a charge point of ours, for the parties whose customer's it is; nobody else's is there for them (SEC-15). */
export const sessionOwnedBy = <B, P>(foldedId: string, parties: readonly PartyKey[]): Query<StoredSession<B, P>> => ({
  name: `session-owned-by-${parties.length}`,
  sql: `SELECT * FROM session WHERE folded_id = $1 AND peer IS NULL AND token_party IN (${['NULL', ...parties.map((_, n) => `$${n + 2}`)].join(', ')})`,
  values: [foldedId, ...parties],
  read: readSession<B, P>,
});

/** Whether anybody knows a session by this id: one who may not see it, and names it, has it from somewhere. */
export const sessionExists = (foldedId: string): Query<SessionKey> => ({
  name: 'session-exists',
  sql: 'SELECT key FROM session WHERE folded_id = $1 UNION ALL SELECT session_key FROM relayed WHERE id = $1 LIMIT 1',
  values: [foldedId],
  read: (row) => asSessionKey(text(row, 'key')),
});

/** Whose customer a session of this id belongs to, at a charge point of ours or elsewhere. */
export const tokenPartyOf = (foldedId: string): Query<PartyKey> => ({
  name: 'token-party-of',
  sql: 'SELECT token_party FROM session WHERE folded_id = $1 AND token_party IS NOT NULL ORDER BY seq DESC LIMIT 1',
  values: [foldedId],
  read: (row) => asPartyKey(text(row, 'token_party')),
});

/** Running sessions that a party of a registered platform may see by contract and was not told of, as when a contract or a consent is new. */
export const sessionsToPush = (now: EpochMillis): Query<SessionKey> => ({
  name: 'untold',
  sql: `SELECT DISTINCT session.key FROM session JOIN contract ON ${coversSession('$1')} JOIN spoken_for ON spoken_for.party = contract.party AND spoken_for.role = 'SCSP'
    WHERE session.status IN ('PENDING', 'ACTIVE', 'RESERVATION') AND session.token_party IS NOT NULL AND session.token_party <> contract.party
      AND NOT EXISTS (SELECT 1 FROM push WHERE push.session_key = session.key AND push.party = contract.party) ORDER BY session.key`,
  values: [now],
  read: (row) => asSessionKey(text(row, 'key')),
});
