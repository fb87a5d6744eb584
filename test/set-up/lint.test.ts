import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Lines of code that are forbidden somewhere, each with the name of its rule. */
const violations = [
  ['export const clock1 = Date.now();', 'plugin'],
  ['export const clock2 = new Date();', 'plugin'],
  ['export const clock3 = [1].map(Date.now);', 'plugin'],
  ['export const clock4 = globalThis.setTimeout;', 'plugin'],
  ['export const timer1 = setTimeout(run, 1);', 'noRestrictedGlobals'],
  ['export const timer2 = setInterval;', 'noRestrictedGlobals'],
  ["export { setTimeout as timer3 } from 'node:timers/promises';", 'noRestrictedImports'],
  ['export const setting = process.env.PORT;', 'noProcessEnv'],
  ['export const anything: any = 1;', 'noExplicitAny'],
  ['export const surely = [1][0]!;', 'noNonNullAssertion'],
  ['export default run;', 'noDefaultExport'],
] as const;
const allowed = ['export function run(): Date {', '  return new Date(5);', '}'];
const code = [...allowed, ...violations.map(([line]) => line), ''].join('\n');

const everything = violations.map(([, rule]) => rule).sort();
const time = ['plugin', 'noRestrictedGlobals', 'noRestrictedImports'];
const withoutTime = everything.filter((rule) => !time.includes(rule));
const alsoWithoutEnvironment = withoutTime.filter((rule) => rule !== 'noProcessEnv');

const files: [string, readonly string[]][] = [
  ['src/roles/violation.ts', everything],
  ['src/ocpp/violation.ts', everything],
  ['sim/violation.ts', everything],
  ['src/node/violation.ts', withoutTime],
  ['src/delivery/violation.ts', withoutTime],
  ['sim/clock.ts', withoutTime],
  ['src/node/config/config.ts', alsoWithoutEnvironment],
  ['src/roles/violation.test.ts', alsoWithoutEnvironment],
  ['src/roles/violation.fixture.ts', alsoWithoutEnvironment],
  ['test/violation.ts', alsoWithoutEnvironment],
  ['bench/violation.ts', alsoWithoutEnvironment],
  ['scripts/violation.ts', alsoWithoutEnvironment],
];

function build(folder: string): void {
  for (const [file] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
  }
  writeFileSync(join(folder, 'src/Not_kebab.ts'), 'export const one = 1;\n');
  writeFileSync(join(folder, 'src/wide.ts'), `export const wide = "${'x'.repeat(200)}" + 1\n`);
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

/** Runs biome as `npm run check` does; returns the rule of each error, sorted. */
function biome(folder: string, ...args: string[]): string[] {
  const cli = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [cli, ...args, '--reporter=json', '--max-diagnostics=none'], { cwd: folder, encoding: 'utf8' });
  const report: { diagnostics: { category: string; severity: string }[] } = JSON.parse(stdout);
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  return errors.map(({ category }) => category.split('/').at(-1) ?? category).sort();
}

describe('biome.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-lint-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  build(folder);

  test.each(files)('finds what is forbidden in %s', (file, rules) => {
    expect(biome(folder, 'lint', file)).toEqual(rules);
  });
  test('finds a file name that is not kebab-case', () => {
    expect(biome(folder, 'lint', 'src/Not_kebab.ts')).toEqual(['useFilenamingConvention']);
  });
  test('finds a file that is not formatted', () => {
    expect(biome(folder, 'format', 'src/wide.ts')).toEqual(['format']);
  });
});
