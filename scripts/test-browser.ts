import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The browser of the tests of the console. */
export const browserPath = process.env.EVENKEEL_TEST_CHROMIUM ?? '/usr/bin/chromium';

/** Why the tests of the console are skipped, and how to change that; undefined when there is a browser. */
export const lacksBrowser = (): string | undefined =>
  existsSync(browserPath)
    ? undefined
    : `no browser at ${browserPath}: install one (Debian: apt-get install chromium), or set EVENKEEL_TEST_CHROMIUM to its path`;

/** Installs a browser with apt-get where there is none. Only root can; for others, and where it fails, the tests of the console are skipped. */
export function installBrowser(): void {
  const { PATH = '' } = process.env;
  const hasApt = PATH.split(delimiter).some((folder) => existsSync(join(folder, 'apt-get')));
  if (!lacksBrowser() || process.env.EVENKEEL_TEST_CHROMIUM !== undefined || process.getuid?.() !== 0 || !hasApt) return;
  console.log('installing chromium with apt-get for the tests of the console');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { error, status, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8' });
    if (error || status !== 0) return console.error(`apt-get ${args[0]} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
}
