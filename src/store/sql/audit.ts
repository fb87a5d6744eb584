import type { EpochMillis } from '../../domain/units.ts';
import { epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Who does things: somebody signed in, a system with a key, a command on this machine, or the node by itself. */
export const ACTORS = ['user', 'key', 'command', 'node'] as const;

/** One act, by whom and on what. Ids only: names stand where they can be removed. */
export interface Act {
  at: EpochMillis;
  by: { kind: (typeof ACTORS)[number]; id?: string };
  act: string;
  subject?: string;
  /** Facts without secrets and without personal data. */
  says?: string;
}
/** An act in the chain: its hash covers the act and the hash before it. */
export type AuditEntry = Act & { seq: number; hash: string };

/** Fails when another process has taken that place in the chain. */
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
export const lastAudit: Query<AuditEntry> = { name: 'last-audit', sql: 'SELECT * FROM audit ORDER BY seq DESC LIMIT 1', values: [], read };
export const auditAfter = (seq: number, limit: number): Query<AuditEntry> => ({
  name: 'audit-after',
  sql: 'SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2',
  values: [seq, limit],
  read,
});
export const newestAudit = (before: number, limit: number): Query<AuditEntry> => ({
  name: 'newest-audit',
  sql: 'SELECT * FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2',
  values: [before, limit],
  read,
});
