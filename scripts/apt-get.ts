import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Installs a package with apt-get. Only root can; for others, and where it fails, the tests that need it are skipped. */
export function installWithApt(name: string, tests: string): void {
  const { PATH = '' } = process.env;
  const hasApt = PATH.split(delimiter).some((folder) => existsSync(join(folder, 'apt-get')));
  if (process.getuid?.() !== 0 || !hasApt) return;
  console.log(`installing ${name} with apt-get for ${tests}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    const { error, status, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8' });
    if (!error && status === 0) continue;
    console.error(`apt-get ${args[0]} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
    return;
  }
}
