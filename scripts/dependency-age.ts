import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, newPackages, type PackageVersion, tooYoung } from './dependency-age/new-packages.ts';
import { readOptions } from './script-options.ts';

// A malicious version of a package is found within days, as a rule: one that is younger is not used.
const usage = `node scripts/dependency-age.ts [options]
Asks the registry when each version was published that package-lock.json has and the one of another commit has not. Fails when one is younger than 7 days.
  --since COMMIT     the commit to compare with (default: HEAD^)
  --help             show this help`;
const { values } = readOptions(usage, { since: { type: 'string' } });
const top = join(import.meta.dirname, '..');
/** Days that a version must be old. */
const DAYS = 7;

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: top, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

function publishedAt({ name, version }: PackageVersion): string | undefined {
  const times: Record<string, string> = JSON.parse(run('npm', ['view', name, 'time', '--json']));
  return times[version];
}

const since = String(values.since ?? 'HEAD^');
const old: Lock = JSON.parse(run('git', ['show', `${since}:package-lock.json`]));
const now: Lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8'));
const found = newPackages(old, now);
const problems = found.flatMap((it) => tooYoung(it, publishedAt(it), { now: Date.now(), days: DAYS }) ?? []);
for (const problem of problems) console.error(problem);
console.log(`${found.length} new versions since ${since}, ${problems.length} of them too young`);
process.exitCode = problems.length > 0 ? 1 : 0;
