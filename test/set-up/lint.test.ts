import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const top = join(import.meta.dirname, '../..');

/** One line of code for each thing that is refused; the comment is the rule. */
const offences = [
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
const innocent = ['export function run(): Date {', '  return new Date(5);', '}'];
const code = [...innocent, ...offences.map(([line]) => line), ''].join('\n');

const everything = offences.map(([, rule]) => rule).sort();
const time = ['plugin', 'noRestrictedGlobals', 'noRestrictedImports'];
const withoutTime = everything.filter((rule) => !time.includes(rule));
const alsoWithoutEnvironment = withoutTime.filter((rule) => rule !== 'noProcessEnv');

const files: [string, readonly string[]][] = [
  ['src/roles/offence.ts', everything],
  ['src/ocpp/offence.ts', everything],
  ['sim/offence.ts', everything],
  ['src/node/offence.ts', withoutTime],
  ['src/delivery/offence.ts', withoutTime],
  ['sim/clock.ts', withoutTime],
  ['src/node/config/config.ts', alsoWithoutEnvironment],
  ['src/roles/offence.test.ts', alsoWithoutEnvironment],
  ['src/roles/offence.fixture.ts', alsoWithoutEnvironment],
  ['test/offence.ts', alsoWithoutEnvironment],
  ['bench/offence.ts', alsoWithoutEnvironment],
  ['scripts/offence.ts', alsoWithoutEnvironment],
];

function build(folder: string): void {
  for (const [file] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
  }
  writeFileSync(join(folder, 'src/Not_kebab.ts'), 'export const one = 1;\n');
  writeFileSync(join(folder, 'src/wide.ts'), `export const wide = "${'x'.repeat(200)}" + 1\n`);
  cpSync(join(top, 'biome.json'), join(folder, 'biome.json'));
  cpSync(join(top, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'));
}

/** Runs biome as `npm run check` does; gives the rules that spoke, one for each time, sorted. */
function biome(folder: string, ...args: string[]): string[] {
  const cli = join(top, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [cli, ...args, '--reporter=json', '--max-diagnostics=none'], { cwd: folder, encoding: 'utf8' });
  const said: { diagnostics: { category: string; severity: string }[] } = JSON.parse(stdout);
  const errors = said.diagnostics.filter(({ severity }) => severity === 'error');
  return errors.map(({ category }) => category.split('/').at(-1) ?? category).sort();
}

describe('the rules of the house, as biome enforces them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-lint-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  build(folder);

  test.each(files)('%s: what is refused there', (file, rules) => {
    expect(biome(folder, 'lint', file)).toEqual(rules);
  });
  test('a file name that is not kebab-case is refused', () => {
    expect(biome(folder, 'lint', 'src/Not_kebab.ts')).toEqual(['useFilenamingConvention']);
  });
  test('text that is not formatted is refused', () => {
    expect(biome(folder, 'format', 'src/wide.ts')).toEqual(['format']);
  });
});
