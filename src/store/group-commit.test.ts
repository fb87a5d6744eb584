import { describe, expect, test } from 'vitest';
import { CommitInDoubt, groupCommits, type Transact } from './group-commit.ts';
import type { Write } from './store.ts';

const write = (name: string): Write => ({ name, sql: '', values: [] });
const names = (writes: readonly Write[]) => writes.map(({ name }) => name);

/** Notes each transaction; `fails` says whether it throws, and what. */
function ledger(fails: (writes: readonly Write[]) => Error | undefined = () => undefined) {
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
  test('what is ready in one turn shares a transaction, and each unit gets its own answers', async () => {
    const { transactions, commit } = ledger();
    const [one, two] = await Promise.all([commit([write('a'), write('b')]), commit([write('c')])]);
    expect(transactions).toEqual([['a', 'b', 'c']]);
    expect([one, two].map((written) => written.flatMap(({ rows }) => rows))).toEqual([[{ name: 'a' }, { name: 'b' }], [{ name: 'c' }]]);
  });

  test('what comes while one runs shares the next', async () => {
    const { transactions, commit } = ledger();
    const first = commit([write('a')]);
    await first;
    await Promise.all([commit([write('b')]), commit([write('c')])]);
    expect(transactions).toEqual([['a'], ['b', 'c']]);
  });

  test('a unit that is refused fails alone', async () => {
    const { transactions, commit } = ledger(containing('bad', new Error('no such table')));
    const settled = await Promise.allSettled([commit([write('a')]), commit([write('bad')]), commit([write('c')])]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(transactions).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  });

  test('a group in doubt fails as a whole, and nothing of it is tried again', async () => {
    const { transactions, commit } = ledger(containing('a', new CommitInDoubt('connection lost')));
    const settled = await Promise.allSettled([commit([write('a')]), commit([write('b')])]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(transactions).toEqual([['a', 'b']]);
  });

  test('after a failure the next group goes', async () => {
    const { commit } = ledger(containing('bad', new CommitInDoubt('connection lost')));
    await expect(commit([write('bad')])).rejects.toThrow('connection lost');
    await expect(commit([write('a')])).resolves.toHaveLength(1);
  });
});
