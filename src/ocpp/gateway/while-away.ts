import type { OcppVersion } from '../station.ts';
import { away21, away201 } from './while-away-2x.ts';
import { away16 } from './while-away-16.ts';
import { AWAY_CODE, AWAY_REASON, type AwayAnswer, type AwayRow, fieldsOf, type Given, type Presented } from './while-away-row.ts';

export type { AwayAnswer, Given, Presented } from './while-away-row.ts';

/** One CALL of a station. */
export interface AwayCall {
  version: OcppVersion;
  action: string;
  payload: unknown;
}

/** How a message is kept; its meaning is that of `AwayRow`. */
export interface Keeping {
  keep: AwayRow['keep'];
  /** `newest` only: it replaces an older message with this key. */
  key?: string;
  isEdge: boolean;
  isTransactional: boolean;
  /** The token that must be decided on before the answer. */
  presented?: Presented;
}

/** The decision about one CALL of a station while its CSMS is away. */
export interface WhileAway {
  answer: AwayAnswer;
  keep: AwayRow['keep'];
  key?: string;
}

const TABLES: Readonly<Record<OcppVersion, Readonly<Record<string, AwayRow>>>> = { '1.6': away16, '2.0.1': away201, '2.1': away21 };
const NOT_AN_OBJECT: Readonly<Record<OcppVersion, string>> = { '1.6': 'FormationViolation', '2.0.1': 'FormatViolation', '2.1': 'FormatViolation' };
const rowOf = ({ version, action }: Pick<AwayCall, 'version' | 'action'>) => (Object.hasOwn(TABLES[version], action) ? TABLES[version][action] : undefined);

/** The actions of a version that the table knows: all that a station may send. */
export const actionsKnownAway = (version: OcppVersion): readonly string[] => Object.keys(TABLES[version]);

/** How a message is kept, and which token it presents. Actions that the table does not know are not kept: they may be questions. */
export function keepingOf(call: AwayCall): Keeping {
  const row = rowOf(call);
  const fields = fieldsOf(call.payload);
  if (!row || !fields) return { keep: 'no', isEdge: false, isTransactional: false };
  const presented = row.presents?.(fields);
  return {
    keep: row.keep,
    ...(row.key && { key: row.key(fields) }),
    isEdge: row.isEdge?.(fields) ?? false,
    isTransactional: row.isTransactional ?? false,
    ...(presented && { presented }),
  };
}

/**
 * Decides what a station is answered while its CSMS is away, and how its message is kept. The payload is not checked against the schema:
 * the CSMS judges it when it gets the message. An answer to a valid payload is valid.
 */
export function answerWhileAway(call: AwayCall, given: Given): WhileAway {
  const row = rowOf(call);
  const fields = fieldsOf(call.payload);
  if (!row) return { answer: { is: 'error', code: AWAY_CODE, description: AWAY_REASON }, keep: 'no' };
  if (!fields) return { answer: { is: 'error', code: NOT_AN_OBJECT[call.version], description: 'payload is not an object' }, keep: 'no' };
  return { answer: { is: 'result', payload: row.answer(fields, given) }, keep: row.keep, ...(row.key && { key: row.key(fields) }) };
}
