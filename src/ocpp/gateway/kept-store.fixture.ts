import type { KeptMessage, KeptStore, Learnt, NewKeptMessage, ProvisionalId } from './kept-message.ts';

/** What is on the disk of a fake store: it survives a killed process. */
export class KeptDisk {
  rows: (KeptMessage & { isFirst: boolean })[] = [];
  ids = new Map<number, ProvisionalId>();
  #seq = 0;

  add({ uid: _uid, ...message }: NewKeptMessage): number {
    const before = this.rows.length;
    this.rows = this.rows.filter(({ key }) => key === undefined || key !== message.key);
    const replaced = before - this.rows.length;
    this.#seq += 1;
    this.rows.push({ ...message, seq: this.#seq });
    if (message.provisional !== undefined) this.ids.set(message.provisional, { provisional: message.provisional, csms: undefined, endedAt: undefined });
    return replaced;
  }

  first = (): KeptMessage | undefined => this.rows.find((it) => it.isFirst) ?? this.rows[0];

  remove(isRemoved: (row: KeptMessage) => boolean): number {
    const before = this.rows.length;
    this.rows = this.rows.filter((it) => !isRemoved(it));
    return before - this.rows.length;
  }

  learn({ id, ended }: Learnt): void {
    if (id) this.ids.set(id.provisional, { ...id, endedAt: this.ids.get(id.provisional)?.endedAt });
    const known = ended && this.ids.get(ended.provisional);
    if (known) this.ids.set(known.provisional, { ...known, endedAt: ended.at });
  }
}

/** When a call of the store fails: `before`: nothing was committed; `after`: it was, but the caller does not learn it; `never`: the process is gone. */
export type Fate = 'fine' | 'before' | 'after' | 'never-before' | 'never-after';

/** A store over a disk; `fate` decides about each call. */
export function fakeStore(disk: KeptDisk, fate: () => Fate = () => 'fine'): KeptStore {
  const call = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    const how = fate();
    if (how === 'never-before') return new Promise(() => undefined);
    if (how === 'before') throw new Error('the store failed');
    const result = work();
    if (how === 'never-after') return new Promise(() => undefined);
    if (how === 'after') throw new Error('the connection to the store ended');
    await Promise.resolve();
    return result;
  };
  return {
    load: () => call(() => ({ count: disk.rows.length, isBootKept: disk.rows.some((it) => it.isFirst), ids: [...disk.ids.values()], last: disk.rows.at(-1) })),
    count: () => call(() => disk.rows.length),
    add: (message) => call(() => disk.add(message)),
    first: () => call(disk.first),
    drop: (seq, learnt = {}) =>
      call(() => {
        disk.learn(learnt);
        return disk.remove((it) => it.seq === seq);
      }),
    dropOlder: (than) => call(() => disk.remove((it) => it.keptAt < than && it.key !== 'boot')),
    learn: (learnt) => call(() => disk.learn(learnt)),
  };
}
