import { defineConfig } from 'vitest/config';

// Unit tests only: no database, no console. vitest.config.ts starts both.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'], // below the folder that run-stryker.ts names
    exclude: ['**/simulated-day.test.ts', '**/balance-laws.test.ts'], // simulations of a site take up to minutes for each mutant
    setupFiles: ['scripts/mutate/fixed-seed.ts'],
    testTimeout: 120_000, // the first run counts what each test runs, which is slow; an endless loop is ended by run-stryker.ts
    isolate: false, // each mutant starts a new worker; its test files share the loaded modules
  },
});
