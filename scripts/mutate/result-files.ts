import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { equivalentMutants } from './equivalent-mutants.ts';
import { type Run, resultPage } from './result-page.ts';

const file = (ending: 'json' | 'md') => join(import.meta.dirname, '../../bench/results', `mutation.${ending}`);

/** Adds a run over a whole folder to bench/results/mutation.json and writes bench/results/mutation.md anew. */
export function saveRun(run: Run): void {
  const before: Run[] = existsSync(file('json')) ? JSON.parse(readFileSync(file('json'), 'utf8')).runs : [];
  const runs = [...before, run];
  writeFileSync(file('json'), `${JSON.stringify({ figure: 'mutation', runs }, undefined, 2)}\n`);
  writeFileSync(file('md'), resultPage(runs, equivalentMutants));
}
