import type { Clock } from '../../domain/clock.ts';
import type { Encryption } from '../../store/encryption.ts';
import { type Act, type AuditEntry, addAudit, auditAfter, lastAudit } from '../../store/sql/audit.ts';
import type { Store } from '../../store/store.ts';

/** Who acts, as the chain names them. */
export type Actor = Act['by'];
/** What somebody does. */
export type AuditedAct = Pick<Act, 'act' | 'subject' | 'says'>;

/** What reading the whole chain came to. */
export type AuditCheck = { is: 'whole'; entries: number; last: string | undefined } | { is: 'broken'; seq: number; because: string };

interface Waiting {
  act: Act;
  done(seq: number): void;
  failed(error: unknown): void;
}
/** Another process may take the next place in the chain meanwhile; so often the place behind it is tried. */
const TRIES = 20;
const PAGE = 1_000;
/** Subjects may be what somebody sent. */
const LONGEST = 200;

/**
 * The chain of what was done through any door (SEC-39). Each entry carries a keyed hash over itself and the one before it, so
 * that whoever changes, removes or adds a row without the key of this node is found out; removal of the newest ones is found
 * by the hash that an earlier look at the chain ended with.
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

  /** Resolves with the place of the entry once it is committed; what it stands for is done after that, never before. */
  note(by: Actor, { act, subject, says }: AuditedAct): Promise<number> {
    const entry: Act = {
      at: this.#clock.now(),
      by,
      act,
      ...(subject !== undefined && { subject: subject.slice(0, LONGEST) }),
      ...(says !== undefined && { says: says.slice(0, LONGEST) }),
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
        // Whoever was faster has the place; without anybody, the store itself failed.
        if (tries === TRIES || (await this.#store.first(lastAudit))?.seq === before?.seq) throw error;
      }
    }
  }

  #link(act: Act, last: Pick<AuditEntry, 'seq' | 'hash'> | undefined): AuditEntry {
    const seq = (last?.seq ?? 0) + 1;
    const words = [seq, act.at, act.by.kind, act.by.id ?? null, act.act, act.subject ?? null, act.says ?? null, last?.hash ?? null];
    return { ...act, seq, hash: this.#encryption.pseudonym('audit', JSON.stringify(words)) };
  }

  /** Reads the whole chain; `containing`: a hash that it must hold, noted at an earlier look. */
  async verify(containing?: string): Promise<AuditCheck> {
    let last: AuditEntry | undefined;
    let seen = containing === undefined;
    for (;;) {
      const page = await this.#store.all(auditAfter(last?.seq ?? 0, PAGE));
      for (const entry of page) {
        const expected = this.#link(entry, last);
        if (entry.seq !== expected.seq) return { is: 'broken', seq: expected.seq, because: 'the entry is missing' };
        if (entry.hash !== expected.hash) return { is: 'broken', seq: entry.seq, because: 'the entry, or the one before it, was changed' };
        last = entry;
        seen ||= entry.hash === containing;
      }
      if (page.length < PAGE) break;
    }
    if (!seen) return { is: 'broken', seq: (last?.seq ?? 0) + 1, because: `no entry has the hash ${containing}: the newest ones were removed` };
    return { is: 'whole', entries: last?.seq ?? 0, last: last?.hash };
  }
}
