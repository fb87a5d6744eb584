import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { syntheticSessionCsv } from './scenarios/synthetic.ts';
import { readPriceCsv, readSessionCsv } from './session-csv.ts';

const HEAD = 'session_id,evse,arrival,departure,energy_kwh,max_a,phases,profile_type';
const row = (changes: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    ...{ session_id: 'S1', evse: 'E1', arrival: '2026-11-23T08:00:00+01:00', departure: '2026-11-23T10:00:00+01:00', energy_kwh: '7.5' },
    ...{ max_a: '16', phases: 'L2', profile_type: 'GREEN' },
    ...changes,
  };
  return HEAD.split(',')
    .map((column) => cells[column])
    .join(',');
};
const read = (...rows: string[]) => readSessionCsv([HEAD, ...rows].join('\n'));

describe('PLN-E03: an operator’s own sessions', () => {
  test('are read with their EVSE', () => {
    const { rows, problems } = read(row(), row({ session_id: 'S2', phases: '3', profile_type: '' }));
    expect(problems).toEqual([]);
    expect(rows[0]).toMatchObject({
      key: 'XX*OWN*S1',
      arrival: Date.parse('2026-11-23T07:00:00Z') / 1_000,
      energy: 7_500,
      electric: { max: 16, phases: [2] },
      profileType: 'GREEN',
    });
    expect(rows[1]).toMatchObject({ electric: { phases: [1, 2, 3] }, profileType: 'CHEAP' });
  });

  test.each([
    [{ session_id: '' }, 'line 3: session_id is empty; it names the session'],
    [{ arrival: '23-11-2026 08:00' }, 'line 3: arrival is "23-11-2026 08:00"; write a time with its zone, such as 2026-11-23T08:15:00+01:00'],
    [{ arrival: '2026-11-23T08:00:00' }, 'line 3: arrival is "2026-11-23T08:00:00"; write a time with its zone, such as 2026-11-23T08:15:00+01:00'],
    [{ departure: '2026-11-23T07:00:00Z' }, 'line 3: departure 2026-11-23T07:00:00Z is not after arrival 2026-11-23T08:00:00+01:00'],
    [{ energy_kwh: '' }, 'line 3: energy_kwh is ""; allowed is a number from 0 to 1000'],
    [{ energy_kwh: '-1' }, 'line 3: energy_kwh is "-1"; allowed is a number from 0 to 1000'],
    [{ max_a: '3' }, 'line 3: max_a is "3"; allowed is a number from 6 to 80'],
    [{ phases: '2' }, 'line 3: phases is "2"; allowed are 1, 3, or conductors such as L2'],
    [{ profile_type: 'SLOW' }, 'line 3: profile_type is "SLOW"; allowed are CHEAP, FAST, GREEN, REGULAR'],
    [{ session_id: 'GOOD' }, 'line 3: the session GOOD is there twice; each session has one line'],
  ])('%j is named with its line', (changes, problem) => {
    const { rows, problems } = read(row({ session_id: 'GOOD' }), row(changes));
    expect([rows.length, problems]).toEqual([1, [problem]]);
  });

  test('a missing column is named with those that exist', () => {
    expect(readSessionCsv('session_id,evse\n').problems[0]).toMatch(/^line 1: the column arrival, departure, energy_kwh is missing; required are /);
  });

  test('prices count until the next line', () => {
    const { rows, problems } = readPriceCsv('from,price_per_kwh\n2026-11-23T00:00:00Z,0.2\n2026-11-23T00:15:00Z,-0.01\nsoon,1\n');
    expect(rows.map(({ price }) => [price.to - price.from, price.value])).toEqual([
      [900, 0.2],
      [3_600, -0.01],
    ]);
    expect(problems).toEqual(['line 4: from is "soon"; write a time with its zone, such as 2026-11-23T08:15:00+01:00']);
  });

  test('the synthetic sessions of the examples are those of the generator', () => {
    expect(readFileSync(new URL('../../examples/evaluate/synthetic-sessions.csv', import.meta.url), 'utf8')).toBe(syntheticSessionCsv());
  });
});
