import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import type { MutationResult, Survivor } from './result.ts';

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** What one run mutates and which tests it runs. */
export interface Target {
  /** The tests below this folder run. */
  folder: string;
  /** The sources below this path are mutated: the folder, or a folder or file below it. */
  path: string;
}

/** Mutates the sources of a target and runs the unit tests of its folder. Throws when a test fails without a mutant. */
export async function runStryker({ folder, path }: Target, concurrency: number): Promise<MutationResult> {
  const mutants = await new Stryker({
    mutate: path.endsWith('.ts') ? [path] : [`${path}/**/*.ts`, `!${path}/**/*.{test,fixture}.ts`],
    concurrency,
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutate/vitest.config.ts', dir: folder, related: false },
    coverageAnalysis: 'perTest',
    plugins: ['@stryker-mutator/vitest-runner', join(import.meta.dirname, 'ignored-mutants.ts')],
    ignorers: ['no-decision'],
    ignorePatterns: ['/*', '!/src', '!/scripts', '!/package.json', '!/tsconfig.json'],
    timeoutMS: 20_000, // an endless loop is noticed earlier, by counting; a busy machine must kill no mutant
    disableTypeChecks: false,
    tempDirName: '.cache/mutate',
    cleanTempDir: 'always',
    allowConsoleColors: process.stdout.isTTY === true,
    warnings: { unknownOptions: true, preprocessorErrors: true, unserializableOptions: true, slow: false },
    reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only'],
  }).runMutationTest();
  const count = (...statuses: Mutant['status'][]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return {
    killed: count('Killed', 'Timeout'),
    timeouts: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    ignored: count('Ignored'),
    broken: count('CompileError', 'RuntimeError'),
    survivors: mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(describeMutant),
  };
}

function describeMutant({ fileName, location: { start, end }, mutatorName, replacement = '' }: Mutant): Survivor {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const code = lines.map((text, at) => text.slice(at === 0 ? start.column - 1 : 0, at === lines.length - 1 ? end.column - 1 : undefined));
  return {
    file: relative(process.cwd(), fileName).replaceAll('\\', '/'),
    line: start.line,
    mutator: mutatorName,
    code: oneLine(code.join(' ')),
    mutated: oneLine(replacement),
  };
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
