import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { faultsIn, PAGE } from './requirements/faults.ts';
import { readRequirements } from './requirements/page.ts';
import { TABLE, tableOf } from './requirements/table.ts';
import { titlesIn } from './requirements/titles.ts';
import { citingFiles } from './requirements/tree.ts';
import { readOptions } from './script-options.ts';

const usage = `npm run requirements -- [options]
Writes the table of requirements and their tests.
  --check            write nothing; fail when a file cites a requirement or a section that is not there, or when the table is out of date
  --help             show this help`;
const { values } = readOptions(usage, { check: { type: 'boolean' } });
const top = join(import.meta.dirname, '..');
const files = citingFiles(top);
const textAt = (wanted: string) => files.find(({ path }) => path === wanted)?.text;

const tests = files.filter(({ path }) => /\.test\.tsx?$/.test(path)).map(({ path, text }) => ({ path, titles: titlesIn(text) }));
const table = tableOf(readRequirements(textAt(PAGE) ?? '').requirements, tests);

if (values.check) {
  const stale = textAt(TABLE) === table ? [] : [`${TABLE}: is out of date; npm run requirements writes it anew`];
  const faults = [...faultsIn(files), ...stale];
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
} else {
  mkdirSync(dirname(join(top, TABLE)), { recursive: true });
  writeFileSync(join(top, TABLE), table);
  console.log(`${TABLE} is written: ${tests.length} test files read`);
}
