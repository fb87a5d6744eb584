import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { stores } from '../world.ts';
import { fileOf, openCanaryWorld } from './canary.fixture.ts';

/** The public data of S1 to S5 are not part of the project: their test needs them beside it. */
const DATA = join(import.meta.dirname, '../../../shared/data');
const SESSIONS = join(import.meta.dirname, '../../examples/evaluate/synthetic-sessions.csv');
const rows = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| planner'));
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'evenkeel-evaluate-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

describe('evenkeel evaluate', () => {
  test('PLN-E05: without options it compares all planners on the synthetic week, and writes a table and a picture', async () => {
    using out = folder();
    const { code, stdout } = await runCommand('evaluate', '--out', out.path);
    expect(code).toBe(0);
    expect(rows(stdout).map((line) => line.split(' | ')[0])).toEqual(['| OPTIMISED', '| LLF', '| EDF', '| FCFS', '| EQUAL_SHARE', '| UNCONTROLLED']);
    expect(readFileSync(join(out.path, 'evaluation.md'), 'utf8')).toBe(stdout);
    expect(readFileSync(join(out.path, 'evaluation.svg'), 'utf8')).toMatch(/^<svg [\s\S]*OPTIMISED serves [\s\S]*<\/svg>\n$/);
  });

  test('PLN-E05: it respects every limit, is cheaper than LLF, and JSON has the same figures', async () => {
    const { stdout } = await runCommand('evaluate', '--caps', '40', '--planner', 'OPTIMISED,LLF', '--json');
    const [optimised, llf] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([optimised.violations, llf.violations, optimised.fallbacks]).toEqual([0, 0, 0]);
    expect(optimised.energyCost / optimised.energy).toBeLessThan(llf.energyCost / llf.energy);
  });

  test('PLN-E03: own sessions are charged again; wrong lines end the command, each with its number', async () => {
    using files = folder();
    const good = await runCommand('evaluate', '--sessions', SESSIONS, '--planner', 'LLF', '--caps', '30');
    expect([good.code, rows(good.stdout).length]).toEqual([0, 1]);
    const bad = join(files.path, 'bad.csv');
    writeFileSync(bad, readFileSync(SESSIONS, 'utf8').split('\n').slice(0, 4).join('\n').replaceAll(',16,3,', ',16,7,'));
    const refused = await runCommand('evaluate', '--sessions', bad);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr.split('\n')[0]).toBe(`evenkeel: ${bad}, line 2: phases is "7"; allowed are 1, 3, or conductors such as L2`);
  });

  test('PLN-E06: a scenario without its data, a wrong planner and a wrong limit are refused', async () => {
    const errors = await Promise.all(
      [['--scenario', 'S1'], ['--planner', 'BEST'], ['--caps', '0'], ['--history']].map((args) => runCommand('evaluate', ...args)),
    );
    expect(errors.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(errors[0]?.stderr).toBe('evenkeel: S1 needs its data: name the folder with --data DIR; without --scenario the synthetic data are used\n');
  });

  test.runIf(existsSync(DATA))('PLN-E07: the simulated car park of S1 has the published peak and energy of uncontrolled charging', async () => {
    const { stdout } = await runCommand('evaluate', '--scenario', 'S1', '--data', DATA, '--caps', '140', '--planner', 'UNCONTROLLED', '--json');
    const { served, peak } = JSON.parse(stdout);
    expect(served).toBeCloseTo(0.9988, 3);
    expect(peak).toBeCloseTo(99, 0);
  });
});

describe.each(stores)('evenkeel evaluate --history (%s)', (store) => {
  test('PLN-E08: reads the sessions of the database of a node, beside the running node; without one that took energy it says so', async () => {
    using files = folder();
    await using it = await openCanaryWorld(store);
    const config = fileOf(it.world.settings(), files.path);
    const empty = await runCommand('evaluate', '--history', '--config', config);
    expect([empty.code, empty.stderr]).toEqual([1, `evenkeel: the database of ${config} has no ended session with energy\n`]);
  });
});
