import { idsIn } from './cited.ts';
import type { Level, Requirement } from './page.ts';

/** The titles of one test file, by its path from the top of the checkout. */
export interface TitledFile {
  path: string;
  titles: readonly string[];
}

/** Where the table is committed. */
export const TABLE = 'docs/conformance/requirements.md';

const HEAD = `# Requirements and their tests

Written by \`npm run requirements\` from the titles of tests; \`npm run check\` fails when it is out of date. It shows which tests name a requirement of [requirements.md](../requirements.md); whether they pass, \`npm test\` says. The number behind a file is how many titles in it name the requirement: tests, groups of tests, and rows of tables.
`;
const NAMES: Readonly<Record<Level, string>> = { MUST: 'MUST, MUST NOT', SHOULD: 'SHOULD, SHOULD NOT', MAY: 'MAY', derived: 'derived' };
const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'derived'];

/** The page that shows for each requirement which test files name it, those first that no test names. */
export function tableOf(requirements: readonly Requirement[], files: readonly TitledFile[]): string {
  const named = countNames(requirements, files);
  const isNamed = ({ id }: Requirement) => named.has(id);
  const byLevel = Map.groupBy(requirements, ({ level }) => level);
  const counts = LEVELS.map((level) => {
    const rows = byLevel.get(level) ?? [];
    return `| ${NAMES[level]} | ${rows.length} | ${rows.filter(isNamed).length} |`;
  });
  const missing = LEVELS.map((level) => missingOf(level, byLevel.get(level)?.filter((row) => !isNamed(row)) ?? []));
  const groups = [...Map.groupBy(requirements, ({ group }) => group)].map(([group, rows]) => groupTable(group, rows, named));
  return [
    HEAD,
    '| level | requirements | named by a test |',
    '|---|---|---|',
    ...counts,
    '',
    '## Not shown by a test',
    ...missing.flat(),
    ...groups.flat(),
    '',
  ].join('\n');
}

function missingOf(level: Level, rows: readonly Requirement[]): string[] {
  if (level !== 'MUST') return rows.length === 0 ? [] : ['', `${NAMES[level]}: ${rows.map(({ id }) => id).join(', ')}`];
  if (rows.length === 0) return ['', 'Every MUST and MUST NOT is named by a test.'];
  return ['', '| id | level | requirement |', '|---|---|---|', ...rows.map(({ id, levels, says }) => `| ${id} | ${levels} | ${says} |`)];
}

type Named = ReadonlyMap<string, ReadonlyMap<string, number>>;

function countNames(requirements: readonly Requirement[], files: readonly TitledFile[]): Named {
  const groups = new Set(requirements.map(({ group }) => group));
  const named = new Map<string, Map<string, number>>();
  for (const { path, titles } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    for (const title of titles)
      for (const id of new Set(idsIn(title, groups).map((cited) => cited.id))) {
        const counts = named.get(id) ?? new Map<string, number>();
        named.set(id, counts.set(path, (counts.get(path) ?? 0) + 1));
      }
  return named;
}

function groupTable(group: string, rows: readonly Requirement[], named: Named): string[] {
  const tests = (id: string) => [...(named.get(id) ?? [])].map(([path, count]) => `[${path}](../../${path}) (${count})`).join(', ') || '–';
  return ['', `## ${group}`, '', '| id | level | tests |', '|---|---|---|', ...rows.map(({ id, levels }) => `| ${id} | ${levels} | ${tests(id)} |`)];
}
