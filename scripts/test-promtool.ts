import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../.cache/promtool');
const unpacked = join(folder, 'usr/bin/promtool');

/** The program that evaluates the rules of alerts in tests. */
export const promtoolPath = (): string => process.env.EVENKEEL_TEST_PROMTOOL ?? (existsSync(unpacked) ? unpacked : '/usr/bin/promtool');

/** Why alerts are not evaluated, and how to change that; undefined when there is a promtool. */
export const lacksPromtool = (): string | undefined =>
  existsSync(promtoolPath())
    ? undefined
    : `no promtool at ${promtoolPath()}: install it (Debian: apt-get install prometheus), or set EVENKEEL_TEST_PROMTOOL to its path`;

/** Unpacks the promtool of Debian beside the checkout, where there is none: the package is not installed, since it would start a server. */
export function unpackPromtool(): void {
  if (!lacksPromtool() || process.env.EVENKEEL_TEST_PROMTOOL !== undefined) return;
  mkdirSync(folder, { recursive: true });
  console.log('unpacking promtool of the package prometheus for the tests of alerts');
  if (process.getuid?.() === 0) spawnSync('apt-get', ['-qq', 'update']);
  const downloaded = spawnSync('apt-get', ['-qq', 'download', 'prometheus'], { cwd: folder, encoding: 'utf8' });
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  if (file === undefined) return void console.error(`apt-get download failed: ${downloaded.error?.message ?? downloaded.stderr.trim().split('\n').at(-1)}`);
  const { status, stderr } = spawnSync('dpkg', ['-x', file, '.'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) console.error(`dpkg -x ${file} failed: ${stderr.trim()}`);
}
