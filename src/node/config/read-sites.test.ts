import { describe, expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';
import { readSites } from './read-sites.ts';

const rest = `
public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points:
  - id: CP-1
    password: 0123456789abcdef
    location_id: LOC1
    evses:
      - { uid: E1, evse_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }
      - { uid: E2, evse_id: 2, power_type: AC_1_PHASE, max_voltage: 230, max_amperage: 32 }
`;
const mistakes = (sites: string): string[] => {
  const read = parseConfig(`${sites.trim()}\n${rest}`);
  return read.ok ? [] : read.problem.map(({ line, key, says }) => `${line} ${key}: ${says}`);
};

describe('sites in a configuration', () => {
  test('become trees of limits over the EVSEs of the charge points', () => {
    const read = parseConfig(`
sites:
  - name: garage
    rule: first_come
    time_zone: Europe/Amsterdam
    limit: { a: 80, w: 50000 }
    schedule: [{ from: '07:00', a: 60 }, { from: '22:00', a: 80 }]
    children:
      - name: north
        limit: { a: 40 }
        children: [{ name: wall, evses: [{ uid: E2, rotation: S }] }]
        evses: [{ uid: e1 }]
${rest}`);
    const sites = read.ok ? readSites(read.value) : read;
    const [site] = sites.ok ? sites.value : [];
    expect(site?.rule).toBe('first-come');
    expect(site?.tree.nodes.map(({ path }) => path)).toEqual(['garage', 'garage/north', 'garage/north/wall']);
    expect(site?.tree.evses.map(({ uid }) => uid)).toEqual(['E1', 'E2']);
  });
  test('are optional', () => expect(mistakes('')).toEqual([]));
  test('with mistakes are reported by line, key and path of the node', () => {
    expect(
      mistakes(`
sites:
  - name: garage
    children:
      - name: north
        limit: { a: 40 }
        evses: [{ uid: E9 }]
`),
    ).toEqual([
      '2 sites.0: garage is the root and has no limit: give it what the grid connection carries, as limit: { a: … } (A per phase), { w: … } (W) or a schedule',
      '6 sites.0.children.0.evses.0: garage/north EVSE E9 is not known: name one of charge_points.evses by its uid',
    ]);
  });
  test('with an unknown key are reported at any depth, with the known keys', () => {
    expect(mistakes('sites: [{ name: g, limit: { a: 9 }, children: [{ name: n, children: [{ name: m, fuse: 3 }] }] }]')).toContain(
      '1 sites.0.children.0.children.0.fuse: is not a known key; allowed are name, limit, schedule, meter, evses, children',
    );
  });
  test('with an empty limit are reported', () => {
    expect(mistakes('sites: [{ name: g, limit: {} }]').join()).toContain('sites.0.limit');
  });
  test('with an alias that contains itself are reported, not followed', () => {
    expect(mistakes('sites: [&g { name: g, limit: { a: 9 }, children: [*g] }]')).toEqual([
      '1 sites.0.children.0: contains itself through a YAML alias: remove the alias',
    ]);
  });
});
