import type { StationId } from '../../domain/ids.ts';
import { ERASED } from '../../domain/personal-data.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, mapDefined, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Write, WriteValue } from '../store.ts';
import { MOST_AT_ONCE } from './retention.ts';

/** A message to keep; `body`: the encrypted text of the frame. */
export interface MessageToKeep {
  station: StationId;
  isFirst: boolean;
  replaces: string | undefined;
  action: string;
  messageId: string;
  keptAt: EpochMillis;
  provisional: number | undefined;
  body: WriteValue;
}

/** A stored message; `body` is undefined when its driver was erased. A text that is encrypted with the key of the node is still encrypted. */
export interface StoredKeptMessage {
  seq: number;
  replaces: string | undefined;
  action: string;
  messageId: string;
  keptAt: EpochMillis;
  provisional: number | undefined;
  body: string | undefined;
}

/** Adds a message behind the others of its station. */
export const addKeptMessage = (it: MessageToKeep): Write => ({
  name: 'add-kept-message',
  sql: `INSERT INTO kept_message (station, place, replaces, action, message_id, kept_at, provisional, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
  values: [it.station, it.isFirst ? 0 : 1, orNull(it.replaces), it.action, it.messageId, it.keptAt, orNull(it.provisional), it.body],
});

/** Removes the message that a newer one replaces. */
export const dropReplacedMessage = (station: StationId, replaces: string): Write => ({
  name: 'drop-replaced-message',
  sql: 'DELETE FROM kept_message WHERE station = $1 AND replaces = $2',
  values: [station, replaces],
});

/** Removes one message. */
export const dropKeptMessage = (station: StationId, seq: number): Write => ({
  name: 'drop-kept-message',
  sql: 'DELETE FROM kept_message WHERE seq = $2 AND station = $1',
  values: [station, seq],
});

/** Removes messages of a station that were kept before a moment, but no BootNotification. */
export const dropOldKeptMessages = (station: StationId, before: EpochMillis): Write => ({
  name: 'drop-old-kept-messages',
  sql: 'DELETE FROM kept_message WHERE station = $1 AND kept_at < $2 AND place = 1',
  values: [station, before],
});

const COLUMNS = 'seq, replaces, action, message_id, kept_at, provisional, body';
const readMessage: Query<StoredKeptMessage>['read'] = (row, vault) => {
  const body = vault.decrypt(text(row, 'body'));
  return {
    seq: integer(row, 'seq'),
    replaces: maybeText(row, 'replaces'),
    action: text(row, 'action'),
    messageId: text(row, 'message_id'),
    keptAt: epochMillis(integer(row, 'kept_at')),
    provisional: maybeInteger(row, 'provisional'),
    body: body === ERASED ? undefined : body,
  };
};

/** The message of a station to send on next. */
export const firstKeptMessage = (station: StationId): Query<StoredKeptMessage> => ({
  name: 'first-kept-message',
  sql: `SELECT ${COLUMNS} FROM kept_message WHERE station = $1 ORDER BY place, seq LIMIT 1`,
  values: [station],
  read: readMessage,
});

/** The newest message of a station. */
export const lastKeptMessage = (station: StationId): Query<StoredKeptMessage> => ({
  name: 'last-kept-message',
  sql: `SELECT ${COLUMNS} FROM kept_message WHERE station = $1 AND place = 1 ORDER BY place DESC, seq DESC LIMIT 1`,
  values: [station],
  read: readMessage,
});

/** How many messages of a station are kept, and whether a BootNotification is among them. */
export const countKeptMessages = (station: StationId): Query<{ count: number; isBootKept: boolean }> => ({
  name: 'count-kept-messages',
  sql: 'SELECT COUNT(*) AS messages, COALESCE(MIN(place), 1) AS place FROM kept_message WHERE station = $1',
  values: [station],
  read: (row) => ({ count: integer(row, 'messages'), isBootKept: integer(row, 'place') === 0 }),
  pace: 'slow',
});

/** A provisional transaction id of a charge point, the CSMS's own id once it is known, and when the CSMS took the end. */
export interface StoredProvisionalId {
  provisional: number;
  csms: number | undefined;
  endedAt: EpochMillis | undefined;
}

/** Saves a provisional id, with the id that the CSMS gave if it is known. */
export const saveProvisionalId = (station: StationId, { provisional, csms }: Omit<StoredProvisionalId, 'endedAt'>): Write => ({
  name: 'save-provisional-id',
  sql: `INSERT INTO provisional_id (station, provisional, csms) VALUES ($1, $2, $3)
    ON CONFLICT (station, provisional) DO UPDATE SET csms = COALESCE(excluded.csms, provisional_id.csms)`,
  values: [station, provisional, orNull(csms)],
});

/** Notes that the CSMS has taken the end of a transaction. */
export const endProvisionalId = (station: StationId, provisional: number, at: EpochMillis): Write => ({
  name: 'end-provisional-id',
  sql: 'UPDATE provisional_id SET ended_at = $3 WHERE station = $1 AND provisional = $2',
  values: [station, provisional, at],
});

/** All provisional ids of a station. */
export const provisionalIds = (station: StationId): Query<StoredProvisionalId> => ({
  name: 'provisional-ids',
  sql: 'SELECT provisional, csms, ended_at FROM provisional_id WHERE station = $1 ORDER BY provisional',
  values: [station],
  read: (row) => ({
    provisional: integer(row, 'provisional'),
    csms: maybeInteger(row, 'csms'),
    endedAt: mapDefined(maybeInteger(row, 'ended_at'), epochMillis),
  }),
});

/** Deletes a batch of the ids of transactions that ended before a moment. */
export const forgetProvisionalIds = (before: EpochMillis): Write => ({
  name: 'forget-provisional-ids',
  sql: `DELETE FROM provisional_id WHERE (station, provisional) IN (SELECT station, provisional FROM provisional_id
    WHERE ended_at IS NOT NULL AND ended_at < $1 ORDER BY ended_at LIMIT ${MOST_AT_ONCE})`,
  values: [before],
});
