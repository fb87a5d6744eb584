// A plugin of Stryker. It ignores mutants that only change a text for people: status messages, problems, texts of errors.

/** The part of a Babel path that decides. */
interface Path {
  node: { type: string; value?: unknown; quasis?: { value: { raw: string } }[]; expressions?: { type: string }[] };
  parent?: { type: string } | null;
}

/** Two words with a blank between them. Names, statuses and keys have no blank. */
const SENTENCE = /[\p{L}\d,:;.…] \p{L}/u;
/** Parts of a text that decide nothing. Mutants in the other parts (calls, conditions) are kept, so such a text is kept as a whole. */
const PLAIN = new Set(['Identifier', 'MemberExpression']);

/** The reason to ignore the mutants of this node; undefined: keep them. A text that is compared with another value is not for people. */
export function reasonToIgnore({ node, parent }: Path): string | undefined {
  if (parent?.type === 'BinaryExpression' || parent?.type === 'SwitchCase') return undefined;
  const texts =
    node.type === 'StringLiteral'
      ? [String(node.value)]
      : node.type === 'TemplateLiteral' && node.expressions?.every(({ type }) => PLAIN.has(type))
        ? (node.quasis ?? []).map(({ value }) => value.raw)
        : [];
  return texts.some((it) => SENTENCE.test(it)) ? 'a text for people' : undefined;
}

/** The plugin, as Stryker looks for it: a list of kind, name and value. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'texts-for-people', value: { shouldIgnore: reasonToIgnore } }];
