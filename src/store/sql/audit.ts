import type { EpochMillis } from '../../domain/units.ts';
import { epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** The kinds of actors: a user who is signed in, a system with a key, a command on this machine, or the node itself. */
export const ACTORS = ['user', 'key', 'command', 'node'] as const;

/** One audited act: actor, act and subject. It contains ids only, because names must be removable. */
export interface Act {
  at: EpochMillis;
  by: { kind: (typeof ACTORS)[number]; id?: string };
  act: string;
  subject?: string;
  /** Details without secrets and personal data. */
  says?: string;
}
/** An act in the audit chain: its hash covers the act and the hash of the entry before. */
export type AuditEntry = Act & { seq: number; hash: string };

/** Appends an entry; fails when another process has used its number in the chain. */
export const addAudit = (it: AuditEntry): Write => ({
  name: 'add-audit',
  sql: 'INSERT INTO audit (seq, at, by_kind, by_id, act, subject, says, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
  values: [it.seq, it.at, it.by.kind, orNull(it.by.id), it.act, orNull(it.subject), orNull(it.says), it.hash],
});

const read = (row: Row): AuditEntry => {
  const [id, subject, says] = [maybeText(row, 'by_id'), maybeText(row, 'subject'), maybeText(row, 'says')];
  return {
    seq: integer(row, 'seq'),
    at: epochMillis(integer(row, 'at')),
    by: { kind: enumValue(row, 'by_kind', ACTORS), ...(id !== undefined && { id }) },
    act: text(row, 'act'),
    ...(subject !== undefined && { subject }),
    ...(says !== undefined && { says }),
    hash: text(row, 'hash'),
  };
};
/** The last entry of the chain. */
export const lastAudit: Query<AuditEntry> = { name: 'last-audit', sql: 'SELECT * FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)', values: [], read };
/** Entries after a number, oldest first. */
export const auditAfter = (seq: number, limit: number): Query<AuditEntry> => ({
  name: 'audit-after',
  sql: 'SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2',
  values: [seq, limit],
  read,
});
/** Entries before a number, newest first. */
export const newestAudit = (before: number, limit: number): Query<AuditEntry> => ({
  name: 'newest-audit',
  sql: 'SELECT * FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2',
  values: [before, limit],
  read,
});
/** Entries of one user or key with numbers from `floor` and before a number, newest first: `floor` bounds the rows that are read. */
export const newestAuditOf = (actor: string, { before, floor, limit }: { before: number; floor: number; limit: number }): Query<AuditEntry> => ({
  name: 'newest-audit-of',
  sql: 'SELECT * FROM audit WHERE seq < $1 AND seq >= $2 AND by_id = $3 ORDER BY seq DESC LIMIT $4',
  values: [before, floor, actor, limit],
  read,
});
