import { idsIn, sectionsIn } from './cited.ts';
import { readRequirements } from './page.ts';

/** One text file, by its path from the top of the checkout. */
export interface TextFile {
  path: string;
  text: string;
}

/** Where the rows stand. */
export const PAGE = 'docs/requirements.md';

/** What is wrong with the citations of these files, one sentence each with file and line. The page of requirements is one of the files. */
export function faultsIn(files: readonly TextFile[]): string[] {
  const { requirements, wrong } = readRequirements(files.find(({ path }) => path === PAGE)?.text ?? '');
  if (requirements.length === 0) return [`${PAGE}: has no row of a requirement`];
  const known = new Set([...requirements, ...wrong].map(({ id }) => id));
  const groups = new Set(requirements.map(({ group }) => group));
  const pages = pagesOf(files);
  return [
    ...wrong.map(({ id, line, says }) => `${PAGE}:${line}: ${id} ${says}`),
    ...files.flatMap((file) => [...unknownIds(file, { known, groups }), ...unknownSections(file, pages)]),
    ...unknownPaths(files),
  ];
}

function unknownIds({ path, text }: TextFile, { known, groups }: { known: ReadonlySet<string>; groups: ReadonlySet<string> }): string[] {
  const unknown = idsIn(text, groups).filter(({ id }) => !known.has(id));
  return [...new Set(unknown.map(({ id, line }) => `${path}:${line}: ${id} has no row in ${PAGE}`))];
}

function unknownSections({ path, text }: TextFile, pages: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return sectionsIn(text, [...pages.keys()]).flatMap(({ page, section, line }) => {
    const sections = pages.get(page);
    if (sections?.has(section)) return [];
    return [`${path}:${line}: ${page} §${section}: docs/${page}.md ${sections ? `has no heading that begins with ${section}` : 'does not exist'}`];
  });
}

/** The pages directly in docs/ by name, each with the numbers that its headings begin with. */
const pagesOf = (files: readonly TextFile[]): Map<string, Set<string>> =>
  new Map(
    files.flatMap(({ path, text }) => {
      const [, name] = /^docs\/([^/]+)\.md$/.exec(path) ?? [];
      return name === undefined ? [] : [[name, numbersOf(text)] as const];
    }),
  );

const numbersOf = (page: string): Set<string> => new Set([...page.matchAll(/^#+ §?(\d+(?:\.\d+)*)\.?(?=\s|$)/gm)].map(([, number = '']) => number));

/** A path in backticks on a page that is neither a file of the checkout nor a folder of one; patterns with `*`, `<`, `{` or `…` are not paths. */
function unknownPaths(files: readonly TextFile[]): string[] {
  const paths = files.map(({ path }) => path);
  const exists = (name: string) => paths.some((path) => path === name || path === `${name}.ts` || path.startsWith(`${name.replace(/\/$/, '')}/`));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, n) => {
        const named = [...line.matchAll(/`((?:src|sim|test|bench|scripts|docs)\/[^`\s*<{…]+)`/g)].map(([, name = '']) => name);
        return named.filter((name) => !exists(name)).map((name) => `${path}:${n + 1}: there is no file ${name}`);
      }),
    );
}
