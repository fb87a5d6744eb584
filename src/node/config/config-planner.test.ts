import { describe, expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';

const base = (planner: string, role = 'SCSP') => `
public_url: https://scsp.example
parties:
  - { role: ${role}, country_code: NL, party_id: EVK, name: Evenkeel }
${planner}
`;
const mistakes = (text: string) => {
  const read = parseConfig(text);
  return read.ok ? [] : read.problem.map(({ line, key, says }) => `${line} ${key}: ${says}`);
};

describe('the planner in the configuration', () => {
  test('counts in amperes and plans again every five minutes, unless told otherwise', () => {
    const read = parseConfig(base('planner: { sites: [{ location_id: LOC1, limit: 32 }], prices: [{ from: 2026-01-31T09:00:00Z, price: 0.3 }] }'));
    expect(read).toMatchObject({
      ok: true,
      value: { planner: { sites: [{ location_id: 'LOC1', limit: 32, unit: 'A' }], prices: [{ from: '2026-01-31T09:00:00Z', price: 0.3 }], every: 300 } },
    });
  });

  test.each([
    ['a site twice', 'planner: { sites: [{ location_id: LOC1, limit: 32 }, { location_id: loc1, limit: 16 }] }', 'location_id loc1 stands twice'],
    [
      'prices out of order',
      'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: 2026-01-31T09:00:00Z, price: 1 }, { from: 2026-01-31T08:00:00Z, price: 2 }] }',
      'planner.prices.1.from: is not later than the one before',
    ],
    [
      'a price from a day that there is not',
      'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: 2026-02-31T09:00:00Z, price: 1 }] }',
      'planner.prices.0.from: is no moment of the calendar',
    ],
    ['a price from some evening', 'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: evening, price: 1 }] }', 'must be a moment in UTC'],
    ['a limit in kilowatts', 'planner: { sites: [{ location_id: L, limit: 11, unit: kW }] }', 'must be one of A, W'],
    ['no sites', 'planner: { sites: [] }', 'planner.sites'],
    ['a word that is not known', 'planner: { sites: [{ location_id: L, limit: 1 }], horizon: 3 }', 'is not known here; allowed are sites, prices, every'],
  ])('names %s as a mistake', (_, planner, says) => {
    expect(mistakes(base(planner)).join('\n')).toContain(says);
  });

  test('is for a party that is an SCSP', () => {
    expect(mistakes(base('planner: { sites: [{ location_id: L, limit: 1 }] }', 'EMSP'))).toEqual(['5 planner: needs a party with role SCSP']);
  });
});
