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
  test('uses amperes and plans every five minutes by default', () => {
    const read = parseConfig(base('planner: { sites: [{ location_id: LOC1, limit: 32 }], prices: [{ from: 2026-01-31T09:00:00Z, price: 0.3 }] }'));
    expect(read).toMatchObject({
      ok: true,
      value: { planner: { sites: [{ location_id: 'LOC1', limit: 32, unit: 'A' }], prices: [{ from: '2026-01-31T09:00:00Z', price: 0.3 }], every: 300 } },
    });
  });

  test.each([
    ['a site twice', 'planner: { sites: [{ location_id: LOC1, limit: 32 }, { location_id: loc1, limit: 16 }] }', 'location_id loc1 is used twice'],
    [
      'prices out of order',
      'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: 2026-01-31T09:00:00Z, price: 1 }, { from: 2026-01-31T08:00:00Z, price: 2 }] }',
      'planner.prices.1.from: is not later than the price before it',
    ],
    [
      'a price from a date that does not exist',
      'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: 2026-02-31T09:00:00Z, price: 1 }] }',
      'planner.prices.0.from: is not a real date and time',
    ],
    [
      'a price from a text that is no date',
      'planner: { sites: [{ location_id: L, limit: 1 }], prices: [{ from: evening, price: 1 }] }',
      'must be a date and time in UTC',
    ],
    ['a limit in kilowatts', 'planner: { sites: [{ location_id: L, limit: 11, unit: kW }] }', 'must be one of A, W'],
    ['no sites', 'planner: { sites: [] }', 'planner.sites'],
    ['an unknown key', 'planner: { sites: [{ location_id: L, limit: 1 }], horizon: 3 }', 'is not a known key; allowed are sites, prices, every'],
  ])('reports %s', (_, planner, says) => {
    expect(mistakes(base(planner)).join('\n')).toContain(says);
  });

  test('needs a party with role SCSP', () => {
    expect(mistakes(base('planner: { sites: [{ location_id: L, limit: 1 }] }', 'EMSP'))).toEqual(['5 planner: needs a party with role SCSP']);
  });
});
