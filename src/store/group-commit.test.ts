import { describe, expect, test } from 'vitest';
import { CommitInDoubt, groupCommits, type Transact } from './group-commit.ts';
import type { Write } from './store.ts';

const write = (name: string): Write => ({ name, sql: '', values: [] });
const names = (writes: readonly Write[]) => writes.map(({ name }) => name);

/** A store that records each transaction; `fails` returns the error of a transaction. */
function recordingStore(fails: (writes: readonly Write[]) => Error | undefined = () => undefined) {
  const transactions: string[][] = [];
  const transact: Transact = async (writes) => {
    transactions.push(names(writes));
    const error = fails(writes);
    if (error) throw error;
    return writes.map(({ name }) => ({ changed: 1, rows: [{ name }] }));
  };
  return { transactions, commit: groupCommits(transact) };
}
const containing = (name: string, error: Error) => (writes: readonly Write[]) => (names(writes).includes(name) ? error : undefined);

describe('group commit', () => {
  test('the units of one turn share a transaction, and each unit gets its own rows', async () => {
    const { transactions, commit } = recordingStore();
    const [one, two] = await Promise.all([commit([write('a'), write('b')]), commit([write('c')])]);
    expect(transactions).toEqual([['a', 'b', 'c']]);
    expect([one, two].map((written) => written.flatMap(({ rows }) => rows))).toEqual([[{ name: 'a' }, { name: 'b' }], [{ name: 'c' }]]);
  });

  test('units that arrive during a transaction share the next one', async () => {
    const { transactions, commit } = recordingStore();
    const first = commit([write('a')]);
    await first;
    await Promise.all([commit([write('b')]), commit([write('c')])]);
    expect(transactions).toEqual([['a'], ['b', 'c']]);
  });

  test('a refused unit fails alone', async () => {
    const { transactions, commit } = recordingStore(containing('bad', new Error('no such table')));
    const settled = await Promise.allSettled([commit([write('a')]), commit([write('bad')]), commit([write('c')])]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(transactions).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  });

  test('a group whose commit is in doubt fails as a whole and is not tried again', async () => {
    const { transactions, commit } = recordingStore(containing('a', new CommitInDoubt('connection lost')));
    const settled = await Promise.allSettled([commit([write('a')]), commit([write('b')])]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(transactions).toEqual([['a', 'b']]);
  });

  test('after a failure the next group is committed', async () => {
    const { commit } = recordingStore(containing('bad', new CommitInDoubt('connection lost')));
    await expect(commit([write('bad')])).rejects.toThrow('connection lost');
    await expect(commit([write('a')])).resolves.toHaveLength(1);
  });
});
