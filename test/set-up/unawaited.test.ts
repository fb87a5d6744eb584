import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { compareWithPage, type Finder, findIn, findInSources, rowsUnder } from './guards-page.ts';

/** Calls whose result is dropped on purpose and is no promise: a timer, the removal or the addition of an entry, a transaction of SQLite, a report of a mistake. */
const SYNCHRONOUS = ['.after', '.delete', '.push', 'transact', 'report'];
const HANDLERS = ['.then', '.catch', '.finally'];

/** The name of what is called; that of a method begins with a dot. */
const nameOf = ({ expression }: ts.CallExpression): string => (ts.isPropertyAccessExpression(expression) ? `.${expression.name.text}` : expression.getText());

/** A call that nobody awaits: `void f()`, or a statement `f().catch(…)`. Plain statements `f()` are found by biome (noFloatingPromises). */
function isUnawaited(node: ts.Node): boolean {
  if (ts.isVoidExpression(node)) return ts.isCallExpression(node.expression) && !SYNCHRONOUS.includes(nameOf(node.expression));
  return ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) && HANDLERS.includes(nameOf(node.expression));
}

/** The first line of such a call. */
const unawaited: Finder = (node) => (isUnawaited(node) ? node.getText().split('\n')[0] : undefined);

describe('R-08: work that nobody awaits is started by the register (src/node/core/running-work.ts)', () => {
  test.each([
    ['void run();', 1],
    ['const f = () => void run().catch(() => undefined);', 1],
    ['run().then(() => 1);', 1],
    ['run().catch(() => 1).finally(() => 2);', 1],
    ['const x = run().catch(() => 1); return await run().then(() => 1);', 0],
    ['const f = async () => void (await run()); const g = () => void known.delete(1);', 0],
  ])('the check of %s finds %i', (code, count) => {
    expect(findIn('src/some.ts', code, unawaited)).toHaveLength(count);
  });

  test('docs/guards.md lists the other calls, each with what makes it harmless', () => {
    expect(compareWithPage(findInSources(unawaited), rowsUnder('Calls that nobody awaits'))).toEqual({ missing: [], outdated: [] });
  });
});
