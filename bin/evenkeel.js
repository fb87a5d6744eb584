#!/usr/bin/env node
import { existsSync } from 'node:fs';

const launcher = new URL('../scripts/run.js', import.meta.url);
const major = Number(process.versions.node.split('.')[0]);
if (existsSync(launcher)) {
  // A clone, which has sources and no dist/: the same as `npm run evenkeel`.
  process.argv.splice(2, 0, 'evenkeel');
  await import(launcher.href);
} else if (major < 24) {
  console.error(
    `evenkeel needs Node 24 or later, but this is Node ${process.versions.node}: install Node 24 or later from https://nodejs.org and start again.`,
  );
  process.exit(1);
} else {
  await import('../dist/src/cli/main.js');
}
