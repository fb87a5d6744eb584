import { defineConfig } from 'vitest/config';

// Unit tests only: no database, no console. vitest.config.ts starts both.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'], // below the folder that run-stryker.ts names
    setupFiles: ['scripts/mutate/fixed-seed.ts'],
    isolate: false, // each mutant starts a new worker; its test files share the loaded modules
  },
});
