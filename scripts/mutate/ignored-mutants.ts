// A plugin of Stryker: the mutants that are not run, because they change no decision.

/** The part of a Babel node that decides. */
interface Node {
  type: string;
  value?: unknown;
  quasis?: { value: { raw: string } }[];
  expressions?: { type: string }[];
  test?: Node | null;
  consequent?: { argument?: Node | null }[];
  typeAnnotation?: { type: string };
}

/** The part of a Babel path that decides. */
interface Path {
  node: Node;
  parent?: { type: string } | null;
}

/** The reason not to run the mutants of this node and of all inside it; undefined: run them. */
export function reasonToIgnore({ node, parent }: Path): string | undefined {
  if (isUnreachable(node)) return 'a default that the types make unreachable';
  const decides = parent?.type === 'BinaryExpression' || parent?.type === 'SwitchCase';
  return !decides && textsOf(node).some((it) => SENTENCE.test(it)) ? 'a text for people' : undefined;
}

/** Two words with a blank between them. Names, statuses and keys have no blank. */
const SENTENCE = /[\p{L}\d,:;.…] \p{L}/u;
/** Parts of a text that decide nothing. With any other part (a call, a condition) the whole text is mutated. */
const PLAIN = new Set(['Identifier', 'MemberExpression']);

function textsOf({ type, value, quasis = [], expressions = [] }: Node): readonly string[] {
  if (type === 'StringLiteral') return [String(value)];
  return type === 'TemplateLiteral' && expressions.every((it) => PLAIN.has(it.type)) ? quasis.map((it) => it.value.raw) : [];
}

/** `default: return x satisfies never`. */
function isUnreachable({ type, test, consequent = [] }: Node): boolean {
  const returned = consequent[0]?.argument;
  return type === 'SwitchCase' && !test && returned?.type === 'TSSatisfiesExpression' && returned.typeAnnotation?.type === 'TSNeverKeyword';
}

/** The plugin, in the form that Stryker looks for. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'no-decision', value: { shouldIgnore: reasonToIgnore } }];
