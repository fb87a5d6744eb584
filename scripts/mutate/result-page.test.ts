import { expect, test } from 'vitest';
import { type EquivalentMutants, sortSurvivors } from './equivalents.ts';
import { scoreOf } from './result.ts';
import { type Run, resultPage } from './result-page.ts';

const run = (folder: string, killed: number, more: Partial<Run> = {}): Run => ({
  folder,
  date: '2026-01-31T09:00:00.000Z',
  machine: { cores: 2, node: 'v24.0.0' },
  killed,
  timeouts: 0,
  survived: 90 - killed,
  noCoverage: 10,
  ignored: 5,
  broken: 0,
  equivalent: 1,
  ...more,
});
const mutant = { file: 'src/roles/cpo/a.ts', code: 'a || b', mutated: 'a && b' };
const listed: EquivalentMutants = { file: mutant.file, why: 'a and b are equal.', mutants: [['a || b', 'a && b']] };

test('the score counts mutants without a test as not killed', () => {
  expect(scoreOf(run('src/roles', 80))).toBe(80);
  expect(scoreOf({ killed: 0, survived: 0, noCoverage: 0 })).toBe(100);
});

test('the page has the last run of each folder, their sum and every run', () => {
  const page = resultPage([run('src/roles', 60), run('src/planner', 70), run('src/roles', 90)], [listed]);
  expect(page).toContain('| src/roles | 90.0 % | 90 | 0 | 10 | 1 | 5 | 2026-01-31 |');
  expect(page).toContain('| all | 80.0 % | 160 | 20 | 20 | 2 | 10 |');
  expect(page.match(/^- 2026.*$/gm)).toEqual([
    expect.stringMatching(/src\/roles 60\.0 % .* ⚠$/),
    expect.stringMatching(/src\/planner 70\.0 % .* ⚠$/),
    expect.stringMatching(/src\/roles 90\.0 % .*\)$/),
  ]);
});

test('an equivalent mutant is shown with its reason, and long code is cut', () => {
  const long: EquivalentMutants = { ...listed, mutants: [...listed.mutants, ['x'.repeat(101), '']] };
  expect(resultPage([run('src/roles', 90)], [long])).toContain(
    `- src/roles/cpo/a.ts: a and b are equal.\n  - \`\` a || b \`\` → \`\` a && b \`\`\n  - \`\` ${'x'.repeat(99)}… \`\` → \`\`   \`\`\n`,
  );
});

test('survivors of the list are equivalent, the others are not, and an entry that did not survive is outdated', () => {
  const survivor = { ...mutant, line: 3, mutator: 'LogicalOperator' };
  const other = { ...survivor, mutated: 'true' };
  const outdated: EquivalentMutants = { ...listed, mutants: [['x > 0', 'x >= 0']] };
  const elsewhere: EquivalentMutants = { ...listed, file: 'src/domain/a.ts' };
  expect(sortSurvivors('src/roles', [survivor, other], [listed, outdated, elsewhere])).toEqual({
    equivalent: [survivor],
    others: [other],
    outdated: [{ file: mutant.file, code: 'x > 0', mutated: 'x >= 0' }],
  });
});
