import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '..');
const files = globSync(['app.tsx', 'page-router.tsx', 'pages/*.tsx', 'parts/*.{ts,tsx}', 'data/*.ts'], { cwd: source }).filter((it) => !it.includes('.test.'));

/** Attributes whose values a person reads or hears. */
const READ_ATTRIBUTES = /^(alt|title|placeholder|label|aria-label|aria-description|name|what|note|empty|success)$/;
/** Attributes with literal values for the browser. */
const NOT_READ = /^(class|key|type|role|id|href|src|rel|style|search|lang|pattern|autoComplete|method|fill|stroke|d)$/;
/** Formats and units that are the same in every language. */
const SAME_EVERYWHERE = /^(PNG|SVG|CSV|OCPI|OCPP|URL|A|W|kW|V|s|min|h|UTC|\?)$/;

/** In code: several words, or a word that begins with a capital letter followed by small ones. Identifiers, codes and paths are neither. */
/** Markup of an SVG file, and a list of fonts. */
const isDrawing = (value: string): boolean => /^<\w+|sans-serif/.test(value.trim());
const isSentence = (value: string): boolean => !isDrawing(value) && (/\p{L}{2,} \p{L}/u.test(value) || /^\p{Lu}\p{Ll}+(?![\w-])/u.test(value.trim()));
const hasWord = (value: string): boolean => /\p{L}/u.test(value) && !SAME_EVERYWHERE.test(value.trim());

/** The texts of a file that a person would read. */
function shownTexts(name: string, code: string): string[] {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const note = (node: ts.Node, value: string) => found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${value.trim()}`);
  const visit = (node: ts.Node, where: 'code' | 'markup' | 'hidden'): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    if (ts.isJsxText(node) && hasWord(node.text)) note(node, node.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (where === 'markup' ? hasWord(node.text) && !isCompared(node) : where === 'code' && isSentence(node.text)) note(node, node.text);
    }
    ts.forEachChild(node, (it) => visit(it, placeOf(it, where)));
  };
  visit(file, 'code');
  return found;
}

/** Where a node stands: in code, in the markup that a person reads, or in what only the browser reads. */
function placeOf(node: ts.Node, parent: 'code' | 'markup' | 'hidden'): 'code' | 'markup' | 'hidden' {
  if (ts.isJsxAttribute(node)) {
    const name = node.name.getText();
    if (name === 'name' && /^[a-z]/.test(node.parent.parent.tagName.getText())) return 'hidden'; // the name of a form's field
    return READ_ATTRIBUTES.test(name) ? 'markup' : NOT_READ.test(name) || /^(data|aria)-/.test(name) ? 'hidden' : 'code';
  }
  if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent)) return 'markup';
  // What a call, a condition or a function in the markup gets is code again.
  if (parent === 'markup' && (ts.isCallExpression(node) || ts.isArrowFunction(node) || ts.isElementAccessExpression(node) || ts.isJsxOpeningLikeElement(node)))
    return 'code';
  return parent;
}
const isCompared = ({ parent }: ts.Node): boolean => ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText());

test('CON-T01: every text that a person reads in the console is in console/src/text', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(files.flatMap((it) => shownTexts(it, readFileSync(join(source, it), 'utf8')))).toEqual([]);
});

test.each([
  ['<p>Loading</p>', 'Loading'],
  ['<p title="Hi">{n}</p>', 'Hi'],
  ["<p>{open ? 'open' : name}</p>", 'open'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the code under test is a template
  ['<p>{`${n} sites`}</p>', 'sites'],
  ["const a = 'There is no page';", 'There is no page'],
  ["const a = 'Cancel';", 'Cancel'],
])('the search finds the text in %s', (code, text) => expect(shownTexts('x.tsx', code).join()).toContain(text));

test.each([
  "<p class={a === 'x' ? 'said bad' : 'row'}>{it.state === 'open' && <b>{labelOf('OPEN')}</b>}</p>",
  "import { a } from 'a b';",
  "type A = 'One thing';",
  "const a = 'TIMED_OUT';",
  '<button type="button">CSV</button>',
])('the search leaves alone what nobody reads: %s', (code) => expect(shownTexts('x.tsx', code)).toEqual([]));
