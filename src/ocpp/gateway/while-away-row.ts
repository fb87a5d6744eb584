import { printMomentMillis } from '../../domain/moment.ts';
import type { EpochMillis, Seconds } from '../../domain/units.ts';
import type { IdToken, TokenDecision } from '../station.ts';

/** The payload of a CALL as the station sent it: an object whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the caller decided before the station is answered. */
export interface Given {
  now: EpochMillis;
  /** The heartbeat interval for BootNotification answers. */
  heartbeat: Seconds;
  /** Needed when the message presents a token (`Presented`). */
  decision?: TokenDecision;
  /** OCPP 1.6, StartTransaction: the transaction id that the station gets. */
  provisionalId?: number;
}

/** A token in a message, and the EVSE at which it is presented if the message names it. */
export interface Presented {
  idToken: IdToken;
  evseId?: number;
}

/** The answer to the station: the payload of a CALLRESULT, or the code and description of a CALLERROR. */
export type AwayAnswer = { is: 'result'; payload: object } | { is: 'error'; code: string; description: string };

/** What happens to the messages of one action while the CSMS is away. */
export interface AwayRow {
  /**
   * `in-order`: kept behind all messages before it. `newest`: kept in place of an older message with the same key. `no`: the message is a
   * question that has no value for the CSMS afterwards.
   */
  keep: 'in-order' | 'newest' | 'no';
  /** `newest` only: the key under which the message replaces an older one. */
  key?: (fields: Fields) => string;
  /** It begins or ends a transaction. */
  isEdge?: (fields: Fields) => boolean;
  /** A station repeats it when the CSMS fails to process it: OCPP 1.6 §3.7.1, OCPP 2.0.1 E13. */
  isTransactional?: true;
  /** The token that must be decided on before the answer. */
  presents?: (fields: Fields) => Presented | undefined;
  answer: (fields: Fields, given: Given) => object;
}

/** The code of a CALLERROR while the CSMS is away: all versions of OCPP have it. */
export const AWAY_CODE = 'InternalError';
/** The reason in answers and CALLERRORs. */
export const AWAY_REASON = 'the CSMS is away';

/** A report that is kept in order; the answer is empty. */
export const report: AwayRow = { keep: 'in-order', answer: () => ({}) };
/** A question that only the CSMS can answer; the station gets a fixed refusal. */
export const refusal = (payload: object): AwayRow => ({ keep: 'no', answer: () => payload });

/** Heartbeat: the station gets the time of the node. */
export const heartbeat: AwayRow = { keep: 'no', answer: (_, { now }) => ({ currentTime: printMomentMillis(now) }) };
/** BootNotification: accepted, and sent on before all other messages. */
export const boot: AwayRow = {
  keep: 'newest',
  key: () => BOOT_KEY,
  answer: (_, { now, heartbeat: interval }) => ({ status: 'Accepted', currentTime: printMomentMillis(now), interval }),
};
/** The key of a kept BootNotification. */
export const BOOT_KEY = 'boot';

/** A part of a key that a station states: a number, else nothing. */
export const numberIn = (value: unknown): string => (typeof value === 'number' && Number.isFinite(value) ? String(value) : '');
/** A value as fields; undefined when it is no object. */
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
