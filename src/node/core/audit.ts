import type { Clock } from '../../domain/clock.ts';
import type { Encryption } from '../../store/encryption.ts';
import { type Act, type AuditEntry, addAudit, auditAfter, lastAudit } from '../../store/sql/audit.ts';
import type { Store } from '../../store/store.ts';

/** Who acts: a user, an API key or a command. */
export type Actor = Act['by'];
/** An act and its subject; `says` adds facts for people, without secrets and personal data. */
export interface AuditedAct {
  act: string;
  subject?: string | undefined;
  says?: string | undefined;
}

/** The result of a check of the whole chain; `last` is the hash of the newest entry. */
export type AuditCheck = { is: 'whole'; entries: number; last: string | undefined } | { is: 'broken'; seq: number; because: string };

interface Waiting {
  act: Act;
  done(seq: number): void;
  failed(error: unknown): void;
}
/** Another process may append the same number first: then the next number is tried, at most this often. */
const MAX_TRIES = 20;
const PAGE_SIZE = 1_000;
/** Subjects may come from a request, so their length is limited. */
const MAX_CHARACTERS = 200;

/**
 * The audit chain: every act by API, console or command (SEC-39). Each entry carries a keyed hash over itself and the entry before
 * it. Without the key of this node nobody can change, remove or add an entry undetected. Removal of the newest entries shows when
 * the chain is checked for a hash that was noted earlier.
 */
export class Audit {
  readonly #store: Store;
  readonly #encryption: Encryption;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #running = false;

  constructor({ store, encryption, clock }: { store: Store; encryption: Encryption; clock: Clock }) {
    this.#store = store;
    this.#encryption = encryption;
    this.#clock = clock;
  }

  /** Resolves with the number of the entry when it is committed. The act itself must follow, never precede it. */
  note(by: Actor, { act, subject, says }: AuditedAct): Promise<number> {
    const entry: Act = {
      at: this.#clock.now(),
      by,
      act,
      ...(subject !== undefined && { subject: subject.slice(0, MAX_CHARACTERS) }),
      ...(says !== undefined && { says: says.slice(0, MAX_CHARACTERS) }),
    };
    return new Promise((done, failed) => {
      this.#waiting.push({ act: entry, done, failed });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const seqs = await this.#append(group.map(({ act }) => act));
        for (const [n, { done }] of group.entries()) done(seqs[n] ?? 0);
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.#running = false;
  }

  async #append(acts: readonly Act[]): Promise<readonly number[]> {
    for (let tries = 1; ; tries++) {
      const before = await this.#store.first(lastAudit);
      const entries: AuditEntry[] = [];
      for (const act of acts) {
        const last = entries.at(-1) ?? before;
        entries.push(this.#link(act, last));
      }
      try {
        await this.#store.commit(entries.map(addAudit));
        return entries.map(({ seq }) => seq);
      } catch (error) {
        // If no other process appended an entry, the store itself failed.
        if (tries === MAX_TRIES || (await this.#store.first(lastAudit))?.seq === before?.seq) throw error;
      }
    }
  }

  #link(act: Act, last: Pick<AuditEntry, 'seq' | 'hash'> | undefined): AuditEntry {
    const seq = (last?.seq ?? 0) + 1;
    const content = [seq, act.at, act.by.kind, act.by.id ?? null, act.act, act.subject ?? null, act.says ?? null, last?.hash ?? null];
    return { ...act, seq, hash: this.#encryption.pseudonym('audit', JSON.stringify(content)) };
  }

  /** Checks the whole chain; `containing`: a hash from an earlier check, which the chain must contain. */
  async verify(containing?: string): Promise<AuditCheck> {
    let last: AuditEntry | undefined;
    let isContained = containing === undefined;
    for (;;) {
      const page = await this.#store.all(auditAfter(last?.seq ?? 0, PAGE_SIZE));
      for (const entry of page) {
        const expected = this.#link(entry, last);
        if (entry.seq !== expected.seq) return { is: 'broken', seq: expected.seq, because: 'the entry is missing' };
        if (entry.hash !== expected.hash) return { is: 'broken', seq: entry.seq, because: 'the entry, or the one before it, was changed' };
        last = entry;
        isContained ||= entry.hash === containing;
      }
      if (page.length < PAGE_SIZE) break;
    }
    if (!isContained) return { is: 'broken', seq: (last?.seq ?? 0) + 1, because: `no entry has the hash ${containing}: the newest ones were removed` };
    return { is: 'whole', entries: last?.seq ?? 0, last: last?.hash };
  }
}

/** The chain that acts are recorded in, and who performs them. */
export interface Auditing {
  audit: Pick<Audit, 'note'>;
  by: Actor;
}

/** Wraps an act: each call first records the act that `describe` returns, then performs it (SEC-39). */
export function audited<A extends readonly unknown[], R>(
  { audit, by }: Auditing,
  perform: (...args: A) => Promise<R>,
  describe: (...args: A) => AuditedAct | Promise<AuditedAct>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    await audit.note(by, await describe(...args));
    return perform(...args);
  };
}
