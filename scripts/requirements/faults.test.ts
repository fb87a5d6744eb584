import { describe, expect, test } from 'vitest';
import { faultsIn, PAGE } from './faults.ts';

// The groups XX and B stand on no real page, and sections are put together here: so the check does not take what follows for citations.
const row = (id: string, level = 'MUST') => `| ${id} | ${level} | node | Something holds. | derived: an example |`;
const page = { path: PAGE, text: ['# Requirements', row('XX-01'), row('XX-02', 'SHOULD, MAY'), row('XX-04'), row('B-16', 'derived')].join('\n') };
const section = (name: string, ...numbers: string[]) => `${name} ${numbers.map((number) => `§${number}`).join(' to ')}`;
const faults = (text: string, path = 'src/some.ts') => faultsIn([page, { path, text }]);

describe('the check of ids', () => {
  test('passes on ids that have a row, alone, in lists and in ranges', () => {
    expect(faults('/** Why (XX-01, XX-02; B-16). */\n// XX-01…02, XX-01 to XX-02, XX-01/04')).toEqual([]);
  });
  test('fails on an id without a row, and names file, line and id', () => {
    expect(faults('\n\n// holds (XX-01, XX-03)')).toEqual([`src/some.ts:3: XX-03 has no row in ${PAGE}`]);
    expect(faults('As XX-05 says.', 'docs/some.md')).toEqual([`docs/some.md:1: XX-05 has no row in ${PAGE}`]);
    expect(faults('Nothing', 'README.md')).toEqual([]);
  });
  test.each(['XX-01…04', 'XX-01 … XX-04', 'XX-01–04', 'XX-01..04', 'XX-01 to XX-04', 'XX-02/03'])('counts each id of %s', (cited) => {
    expect(faults(`test('${cited}: holds', () => {});`)).toEqual([`src/some.ts:1: XX-03 has no row in ${PAGE}`]);
  });
  test('a range that runs backwards counts its two ends', () => {
    expect(faults('XX-04…01')).toEqual([]);
    expect(faults('XX-04…03')).toEqual([`src/some.ts:1: XX-03 has no row in ${PAGE}`]);
  });
  test.each([
    'SHA-256, AES-256-GCM, UTF-8, P-256',
    'a charge point XX-201 with the EVSE XX-09-1',
    'LXX-09, xx-09, NL*XX-09, X-XX-09, XX-9',
    'from XX-01 to 99 A, XX-01, 20 of them, XX-01/2001',
    'AB-16 is no B',
  ])('takes no id out of: %s', (text) => {
    expect(faults(text)).toEqual([]);
  });
  test('fails on a page without rows, a second row of an id, an unknown level and a row of too few cells', () => {
    expect(faultsIn([{ path: 'src/some.ts', text: 'XX-99' }])).toEqual([`${PAGE}: has no row of a requirement`]);
    const text = [row('XX-01'), row('XX-01'), row('XX-02', 'WISH'), '| XX-03 | MUST | node | Something holds. |'].join('\n');
    expect(faultsIn([{ path: PAGE, text }])).toEqual([
      `${PAGE}:2: XX-01 has two rows`,
      `${PAGE}:3: XX-02 has the level "WISH", known are MUST, MUST NOT, SHOULD, SHOULD NOT, MAY, derived`,
      `${PAGE}:4: XX-03 has not the five cells id, level, binds, requirement, source`,
    ]);
  });
});

describe('the check of sections', () => {
  const headings = { path: 'docs/how-a-request-runs.md', text: '# How it runs\n## 2. Commits\n### 2.1 The first\n## §3 Sending\n## 44 Other' };
  const check = (text: string) => faultsIn([page, headings, { path: 'src/some.ts', text }]);

  test('passes on headings that begin with the number', () => {
    expect(check(`${section('how-a-request-runs', '2')}, ${section('how-a-request-runs', '2.1')}, ${section('how-a-request-runs', '2', '3')}`)).toEqual([]);
  });
  test('fails on a section that the page has not, and names file, line and section', () => {
    expect(check(`\n${section('how-a-request-runs', '4')}`)).toEqual([
      `src/some.ts:2: ${section('how-a-request-runs', '4')}: docs/how-a-request-runs.md has no heading that begins with 4`,
    ]);
    expect(check(section('how-a-request-runs', '2', '4'))).toHaveLength(1);
    expect(check(`${section('how-a-request-runs', '2')}, §5`)).toHaveLength(1);
  });
  test('fails on a page that is not there', () => {
    expect(check(section('requirements', '3'))).toHaveLength(1);
    expect(check(section('ocpi-to-ocpp', '3'))).toEqual([`src/some.ts:1: ${section('ocpi-to-ocpp', '3')}: docs/ocpi-to-ocpp.md does not exist`]);
  });
  test('leaves the sections of standards alone', () => {
    expect(check('OCPI 2.2.1 §14.5.3, OCPI 2.2.1-d2 §7.3.1, OCPP 2.0.1 part 4 §4.2.3, OCPP-J 1.6 §4, RFC 6265bis §4.1.3.2')).toEqual([]);
  });
  test('fails on a page that names a file that is not there', () => {
    expect(faults('See `src/some.ts`, `src/gone.ts` and `src/*.ts`.', 'docs/some.md')).toEqual([
      'docs/some.md:1: there is no file src/some.ts',
      'docs/some.md:1: there is no file src/gone.ts',
    ]);
    expect(faultsIn([page, { path: 'src/some.ts', text: '' }, { path: 'docs/some.md', text: 'See `src/some.ts`, `src/some` and `src/`.' }])).toEqual([]);
  });
});
