import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/set-up/longest-first.ts';
import { folderWithRoom } from './test/set-up/memory-folder.ts';

/** Files of all tests together, in bytes. */
const ROOM = 2 ** 31;

// Workers and the nodes and commands that tests start compile the same modules hundreds of times: where Node keeps them by default.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

export default defineConfig({
  test: {
    include: ['{src,sim,test,bench,scripts,console}/**/*.test.ts'],
    setupFiles: ['test/set-up/sent-frames.ts', 'test/set-up/published-bodies.ts'],
    globalSetup: ['test/set-up/postgres.ts', 'test/set-up/console.ts'],
    env: process.env.TMPDIR === undefined ? { TMPDIR: folderWithRoom(ROOM) } : {},
    pool: 'forks', // a file may change its process: signals, environment, open files
    isolate: false, // the files of a worker share the loaded modules, which halves the CPU of a run; a file undoes what it changes in its process
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3, // most of a flow is waiting: three at a time, on two cores too
    testTimeout: 20_000,
    hookTimeout: 30_000, // a first database waits for initdb
    coverage: { provider: 'v8', include: ['src/**', 'sim/**'], reportsDirectory: 'coverage' },
    reporters: ['default', ['json', { outputFile: '.reports/tests.json' }]],
  },
});
