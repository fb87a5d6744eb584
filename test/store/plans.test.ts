import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { databaseFor, stores } from '../world.ts';
import { runCpo, runEmsp, runScsp } from './busy-nodes.ts';
import { accessesOf } from './query-plan.ts';
import { recordStatements } from './recorded-statements.ts';

describe.each(stores)('plans (%s)', (kind) => {
  test('R-02', { timeout: 120_000 }, async () => {
    const { statements, around } = recordStatements();
    await runCpo(kind, around);
    await runEmsp(kind, around);
    await runScsp(kind, around);
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await databaseFor(kind, stack)));
    for (const it of statements.values()) console.log(it.name, '|', (await accessesOf(store, it)).map(({ text }) => text).join(' ; '));
    expect(1).toBe(1);
  });
});
