import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { compareWithPage, type Finder, findIn, findInSources, rowsUnder } from './guards-page.ts';

const GROWING = ['Map', 'Set', 'TokenBuckets', 'SerialByKey'];

/** Whether an inner function uses this variable, so that it may outlive the call; also when it belongs to the whole file. */
function outlivesCall(variable: ts.VariableDeclaration): boolean {
  let scope: ts.Node = variable.parent;
  while (scope.parent && !ts.isFunctionLike(scope)) scope = scope.parent;
  const uses = (node: ts.Node, isInner: boolean): boolean =>
    (isInner && ts.isIdentifier(node) && node.text === variable.name.getText()) ||
    (ts.forEachChild(node, (child) => uses(child, isInner || (node !== scope && ts.isFunctionLike(node))) || undefined) ?? false);
  return ts.isSourceFile(scope) || uses(scope, false);
}

/** A collection that is empty at first and may outlive the call that creates it: a field, or a variable. */
const collection: Finder = (node) => {
  if (!ts.isNewExpression(node) || !GROWING.includes(node.expression.getText())) return undefined;
  const isMapOfValues = ['Map', 'Set'].includes(node.expression.getText()) && (node.arguments?.length ?? 0) > 0;
  const { parent } = node;
  if (isMapOfValues) return undefined;
  if (ts.isPropertyDeclaration(parent)) return parent.name.getText();
  return ts.isVariableDeclaration(parent) && outlivesCall(parent) ? parent.name.getText() : undefined;
};

describe('R-20: each collection in memory has a bound, or an owner that clears it', () => {
  test.each([
    ['class A { readonly #known = new Map<string, number>(); }', 1],
    ['const known = new Set<string>();', 1],
    ['const create = () => { const known = new Set(); return (it) => known.add(it); };', 1],
    ['class A { readonly #buckets = new TokenBuckets(5); }', 1],
    ['const count = (all) => { const known = new Set(); for (const it of all) known.add(it); return known.size; };', 0],
    ['class A { readonly #listed = new Map(config.tokens); }', 0],
  ])('the check of %s finds %i', (code, count) => {
    expect(findIn('src/some.ts', code, collection)).toHaveLength(count);
  });

  test('docs/guards.md lists all collections, each with its bound or its owner', () => {
    expect(compareWithPage(findInSources(collection), rowsUnder('Collections in memory'))).toEqual({ missing: [], outdated: [] });
  });
});
