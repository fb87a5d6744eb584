import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readRequirements } from './page.ts';
import { tableOf } from './table.ts';
import { titlesIn } from './titles.ts';
import { citingFiles } from './tree.ts';

// The groups XX and YY stand on no real page.
describe('the titles of a test file', () => {
  test('are those of tests and groups, however they are made', () => {
    const source = `
      const list = <T>(make: () => T): T[] => [make()];
      describe.concurrent.each(stores)("XX-01: a group (%s)", () => {
        test('XX-02: plain', () => {});
        test.skipIf(lacks)(\`XX-03: \${count} times, \${XX} and XX-04\`, () => {});
        it('XX-05: one part, ' + 'another', () => {});
      });`;
    expect(titlesIn(source)).toEqual(['XX-01: a group (%s)', 'XX-02: plain', 'XX-03:   times,   and XX-04', 'XX-05: one part, another']);
  });
  test('are not what a variable called it is asked, nor what stands in comments and texts', () => {
    const source = `
      // test('XX-01: in a comment', () => {});
      it.world.station('XX-02');
      it.at('XX-03: no title');
      const text = "test('XX-04: in a text')";
      test(named, () => {});`;
    expect(titlesIn(source)).toEqual([]);
  });
  test('come from the rows of a table, where a row begins with ids', () => {
    const source = `
      const rows = [{ what: 'XX-01, XX-02: in an object', n: 1 }, { what: 'no id', n: 2 }] as const;
      test.each(rows)('$what', () => {});
      test.each([['XX-03', 405], ['XX-04', 404]] satisfies Row[])('%s: is %i', () => {});
      test.each(['XX-16', 'XX-21'])('%s', () => {});
      test.each(['XX-16', 'XX-21'])('XX-05: at %s', () => {});
      test.each(made())('%s', () => {});`;
    expect(titlesIn(source)).toEqual(['$what', 'XX-01, XX-02: in an object', '%s: is %i', 'XX-03: is %i', 'XX-04: is %i', '%s', 'XX-05: at %s', '%s']);
  });
});

describe('the table of requirements and their tests', () => {
  const page = [
    '| XX-01 | MUST | node | The first holds. | derived: an example |',
    '| XX-02 | MUST NOT | node | The second happens. | derived: an example |',
    '| XX-03 | SHOULD, MAY | node | The third holds. | derived: an example |',
    '| YY-01 | derived | node | The fourth holds. | derived: an example |',
  ].join('\n');
  const { requirements } = readRequirements(page);

  test('shows files with the number of their titles, each title once', () => {
    const table = tableOf(requirements, [
      { path: 'test/b.test.ts', titles: ['XX-01, XX-01: twice in one', 'XX-01…03: a range'] },
      { path: 'src/a.test.ts', titles: ['XX-01: another', 'nothing'] },
    ]);
    expect(table).toContain('| XX-01 | MUST | [src/a.test.ts](../../src/a.test.ts) (1), [test/b.test.ts](../../test/b.test.ts) (2) |');
    expect(table).toContain('| XX-03 | SHOULD, MAY | [test/b.test.ts](../../test/b.test.ts) (1) |');
    expect(table).toContain('| MUST, MUST NOT | 2 | 2 |\n| SHOULD, SHOULD NOT | 1 | 1 |\n| MAY | 0 | 0 |\n| derived | 1 | 0 |');
    expect(table).toContain('Every MUST and MUST NOT is named by a test.\n\nderived: YY-01\n\n## XX');
  });
  test('lists first what must hold and no title names', () => {
    const table = tableOf(requirements, [{ path: 'src/a.test.ts', titles: ['XX-01: holds'] }]);
    expect(table).toContain('| id | level | requirement |\n|---|---|---|\n| XX-02 | MUST NOT | The second happens. |\n\nSHOULD, SHOULD NOT: XX-03\n');
    expect(table).toContain('| XX-02 | MUST NOT | – |');
  });
  test('is the same in whatever order the files are read', () => {
    const files = [
      { path: 'b.test.ts', titles: ['XX-01: b'] },
      { path: 'a.test.ts', titles: ['XX-01: a'] },
    ];
    expect(tableOf(requirements, files)).toBe(tableOf(requirements, files.toReversed()));
  });
});

test('files that may cite are read from a checkout, without what is built or installed', () => {
  const top = mkdtempSync(join(tmpdir(), 'evenkeel-ids-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const paths = [
    'README.md',
    'src/a/b.ts',
    'docs/some/page.md',
    'console/src/app.tsx',
    'console/dist/app.js',
    'src/node_modules/x/y.js',
    'docs/picture.png',
    'other/z.ts',
  ];
  for (const path of paths) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), path);
  }
  const read = ['README.md', 'console/src/app.tsx', 'docs/some/page.md', 'src/a/b.ts'];
  expect(citingFiles(top)).toEqual(read.map((path) => ({ path, text: path })));
});
