#!/usr/bin/env node
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `evenkeel needs Node 24 or later, but this is Node ${process.versions.node}: install Node 24 or later from https://nodejs.org and start again.`,
  );
  process.exit(1);
}
await import('../dist/src/cli/main.js');
