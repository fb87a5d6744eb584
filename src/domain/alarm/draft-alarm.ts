import type { AlarmKind, AlarmSubjects, FoundAlarm, Mend, Severity } from './alarm.ts';
import type { Row } from './facts.ts';

/** The key of an alarm. */
export const keyOf = (kind: AlarmKind, subject: string): string => `${kind}:${subject}`;

/** An alarm with what its kind needs; the rest has a default. */
export interface Draft {
  kind: AlarmKind;
  about: string;
  severity: Severity;
  says: string;
  mend: readonly Mend[];
  subjects?: AlarmSubjects;
  values?: FoundAlarm['values'];
  weight?: number;
  afterMs?: number;
  seen?: Row;
}

/** Completes an alarm. */
export const draft = ({ kind, about, severity, says, mend, subjects = {}, values = {}, weight = 1, afterMs = 0, seen }: Draft): FoundAlarm => ({
  key: keyOf(kind, about),
  kind,
  severity,
  subjects,
  values,
  says,
  weight,
  count: seen?.count ?? 1,
  ...(seen && { seen: { first: seen.first, last: seen.last } }),
  afterMs,
  mend,
});

/** A path of the operator API from names, percent-encoded. */
export const path = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');
/** A way to mend that opens a page, with a command that shows the same. */
export const see = (action: Mend['action'], command?: string): Mend => ({ action, ...(command !== undefined && { command }) });
/** A word of a command, in quotes where a shell would change it. */
export const word = (text: string): string => (/^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
