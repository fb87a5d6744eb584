import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Workers and the nodes and commands that tests start compile the same modules hundreds of times: where Node keeps them by default.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

/** Where tests put their files: in memory when there is room, since a commit to a disk waits for the disk and no test stops the machine. */
function testFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= 2 ** 31 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir(); // this system has no /dev/shm
  }
}

export default defineConfig({
  test: {
    include: ['{src,sim,test,bench,scripts,console}/**/*.test.ts'],
    globalSetup: ['test/set-up/postgres.ts', 'test/set-up/console.ts'],
    env: process.env.TMPDIR === undefined ? { TMPDIR: testFolder() } : {},
    pool: 'forks', // a file may change its process: signals, environment, open files
    isolate: false, // the files of a worker share the loaded modules, which halves the CPU of a run; a file undoes what it changes in its process
    maxWorkers: 3, // most of a flow is waiting: three at a time, on two cores too
    testTimeout: 20_000,
    hookTimeout: 30_000, // a first database waits for initdb
    coverage: { provider: 'v8', include: ['src/**', 'sim/**'], reportsDirectory: 'coverage' },
    reporters: ['default', ['json', { outputFile: '.reports/tests.json' }]],
  },
});
