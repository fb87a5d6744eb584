import type { Clock } from '../../domain/clock.ts';
import type { StationId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../../domain/units.ts';
import type { Log } from '../log.ts';
import type { IdToken, OcppVersion, TokenDecision } from '../station.ts';

/** A CALL of a station that is kept for its CSMS. */
export interface NewKeptMessage {
  action: string;
  messageId: string;
  /** The frame as the station sent it. */
  text: string;
  keptAt: EpochMillis;
  /** It is sent on before all others: BootNotification. */
  isFirst: boolean;
  /** It replaces an older message with this key. */
  key?: string;
  /** The provisional transaction id that the station got as its answer; stored in the same commit. */
  provisional?: number;
  /** The uid of the token in the message: the text is encrypted with the key of that driver. */
  uid?: string;
}

/** A kept message as it was stored. `text` is undefined when the driver was erased in the meantime. */
export interface KeptMessage extends Omit<NewKeptMessage, 'text' | 'uid' | 'isFirst'> {
  seq: number;
  text: string | undefined;
}

/** A provisional transaction id of a station; `csms`: the id that the CSMS gave, once it is known. */
export interface ProvisionalId {
  provisional: number;
  csms: number | undefined;
  endedAt: EpochMillis | undefined;
}

/** What is stored for one station when a `Keep` is opened. */
export interface KeptState {
  count: number;
  isBootKept: boolean;
  ids: readonly ProvisionalId[];
  /** The newest message: the node may have stopped before its station got the answer. */
  last: KeptMessage | undefined;
}

/** What is committed together with the removal of a sent message. */
export interface Learnt {
  /** The CSMS's id for a provisional one. */
  id?: Omit<ProvisionalId, 'endedAt'> & { csms: number };
  /** The CSMS has taken the end of the transaction with this provisional id. */
  ended?: { provisional: number; at: EpochMillis };
}

/** The kept messages of one station on disk. Each method that writes resolves when the change is durable, and rejects when it is unknown or failed. */
export interface KeptStore {
  load(): Promise<KeptState>;
  /** Adds a message behind the others; returns how many older ones with its key it replaced. */
  add(message: NewKeptMessage): Promise<number>;
  /** The message to send on next: a kept BootNotification, else the oldest. */
  first(): Promise<KeptMessage | undefined>;
  /** Removes a message and stores what its answer taught, in one commit; returns how many messages were removed. */
  drop(seq: number, learnt?: Learnt): Promise<number>;
  /** Removes messages that were kept before a moment, but no BootNotification; returns how many. */
  dropOlder(than: EpochMillis): Promise<number>;
  count(): Promise<number>;
  /** Stores ids that were learnt from messages that passed. */
  learn(learnt: Learnt): Promise<void>;
}

/** Sends a kept CALL to the CSMS when its turn comes. `lost`: the CSMS leg ended, or no answer came in time. */
export type SendOn = (text: string, messageId: string) => Promise<SendOnAnswer>;
/** What became of a message that was sent on. */
export type SendOnAnswer = { is: 'result'; payload: unknown } | { is: 'error'; code: string; description: string } | { is: 'lost' };

/** Decides on a token while the CSMS is away, by the tokens of the node or as its configuration says. */
export type DecideToken = (idToken: IdToken, evseId?: number) => Promise<TokenDecision>;

/** What happened to kept messages, for counters. */
export type KeptCount = 'kept' | 'sent-on' | 'refused-full' | 'refused-store' | 'dropped-old' | 'dropped-refused' | 'dropped-erased';

/** How much is kept for a station, and when failed work is tried again. */
export interface KeepPolicy {
  /** Messages at most; the last tenth of them is for starts and ends of transactions and for BootNotification. */
  messages: number;
  /** Older messages are not sent on any more. */
  days: number;
  /** The heartbeat interval for BootNotification answers; also the wait after a refused boot that names no interval. */
  heartbeat: Seconds;
  /** The wait before a refused message is sent again, times the number of attempts so far; default 60 s. */
  retry?: Seconds;
}

/** What a `Keep` needs. */
export interface KeepOptions {
  station: StationId;
  version: OcppVersion;
  policy: KeepPolicy;
  store: KeptStore;
  clock: Clock;
  decide: DecideToken;
  log: Log;
  count(what: KeptCount, by: number): void;
}

const DAY_MS = 86_400_000;

/** Messages that were kept before this moment are not sent on any more. */
export const oldest = (now: EpochMillis, { days }: Pick<KeepPolicy, 'days'>): EpochMillis => epochMillis(now - days * DAY_MS);

/** The transaction id in a payload; undefined when it has none. */
export function transactionIn(payload: unknown): number | undefined {
  const { transactionId }: { transactionId?: unknown } = Object(payload);
  return typeof transactionId === 'number' && Number.isInteger(transactionId) ? transactionId : undefined;
}
