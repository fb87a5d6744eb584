import ts from 'typescript';

const MAKERS: ReadonlySet<string> = new Set(['test', 'it', 'describe']);
const MODIFIERS: ReadonlySet<string> = new Set(['each', 'for', 'skip', 'only', 'skipIf', 'runIf', 'concurrent', 'sequential', 'todo', 'fails']);
/** A title whose beginning comes from the table of its test, such as `%s: is refused` or `$what`. */
const FROM_ROW = /^(?:%(?:\.\d+)?[a-z]|\$\w+)/;
/** Ids at the beginning of a title that a row has filled in; a charge point that is called CP-16 has no colon behind it. */
const BEGINS_WITH_IDS = /^[A-Z]{1,4}-\d{2}(?:(?:, |…|–|\.\.| to )(?:[A-Z]{1,4}-)?\d{2})*:/;

/** The titles of tests and groups of tests in a source. What a template inserts is left out; a row that fills in the ids counts as a title of its own. */
export function titlesIn(source: string): string[] {
  const file = ts.createSourceFile('any.test.ts', source, ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && makesTests(node.expression)) titles.push(...titlesOf(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

/** `test`, `describe.each(rows)`, `test.concurrent` and the like. */
function makesTests(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return MAKERS.has(callee.text);
  if (ts.isPropertyAccessExpression(callee)) return MODIFIERS.has(callee.name.text) && makesTests(callee.expression);
  if (ts.isCallExpression(callee)) return makesTests(callee.expression);
  return ts.isTaggedTemplateExpression(callee) && makesTests(callee.tag);
}

function titlesOf(call: ts.CallExpression, file: ts.SourceFile): string[] {
  const title = textOf(call.arguments[0]);
  if (title === undefined) return [];
  const [placeholder] = FROM_ROW.exec(title) ?? [];
  if (placeholder === undefined || !ts.isCallExpression(call.expression)) return [title];
  const filled = rowsOf(call.expression.arguments[0], file).map((row) => `${textOf(firstOf(row, placeholder)) ?? ''}${title.slice(placeholder.length)}`);
  return [title, ...filled.filter((text) => BEGINS_WITH_IDS.test(text))];
}

function textOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const parts = [textOf(node.left), textOf(node.right)];
  return parts.every((part) => part === undefined) ? undefined : parts.join('');
}

/** The rows of a table that is written in the same file; none when it is made elsewhere. */
function rowsOf(table: ts.Expression | undefined, file: ts.SourceFile): readonly ts.Expression[] {
  const bare = table && plain(table);
  if (bare && ts.isArrayLiteralExpression(bare)) return bare.elements.map(plain);
  const named = bare && ts.isIdentifier(bare) ? declared(bare.text, file) : undefined;
  return named && ts.isArrayLiteralExpression(named) ? named.elements.map(plain) : [];
}

function firstOf(row: ts.Expression, placeholder: string): ts.Expression | undefined {
  if (ts.isArrayLiteralExpression(row)) return row.elements[0];
  if (!ts.isObjectLiteralExpression(row)) return row;
  const field = row.properties.find((it) => it.name && ts.isIdentifier(it.name) && it.name.text === placeholder.slice(1));
  return field && ts.isPropertyAssignment(field) ? field.initializer : undefined;
}

/** Without `as const`, `satisfies` and brackets. */
function plain(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node) ? plain(node.expression) : node;
}

function declared(name: string, file: ts.SourceFile): ts.Expression | undefined {
  const search = (node: ts.Node): ts.Expression | undefined =>
    ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name && node.initializer
      ? plain(node.initializer)
      : ts.forEachChild(node, search);
  return search(file);
}
