import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { buildSites } from './build-sites.ts';
import { capacityWithin } from './ceiling.ts';
import type { NodeDescription, SiteDescription } from './description.ts';
import { evseOf, treeOf } from './site.fixture.ts';

const known = [evseOf('E1'), evseOf('E2', 'AC_1_PHASE'), evseOf('E3', 'DC'), evseOf('E4', 'AC_3_PHASE', { maxAmperage: evseOf('E4').maxAmperage })];
const mistakes = (...sites: SiteDescription[]) => {
  const built = buildSites(sites, known);
  return built.ok ? [] : built.problem.map(({ key, path, says }) => `${key} ${path} ${says}`);
};
const site = (more: Partial<SiteDescription>): SiteDescription => ({ name: 'grid', limit: { a: 100 }, ...more });
const moment = (text: string) => epochSeconds(Date.parse(text) / 1000);

describe('errors in a site description', () => {
  test('none in a correct site', () => {
    expect(
      mistakes(site({ children: [{ name: 'panel', limit: { a: 40 }, evses: [{ uid: 'E1' }, { uid: 'E2', rotation: 'T' }] }], evses: [{ uid: 'e3' }] })),
    ).toEqual([]);
  });
  test('a node that contains itself', () => {
    const panel: NodeDescription & { children: NodeDescription[] } = { name: 'panel', children: [] };
    panel.children.push(panel);
    expect(mistakes(site({ children: [panel] }))).toEqual(['0.children.0.children.0 grid/panel/panel contains itself: remove it from its own children']);
  });
  test('a name that appears twice in one site', () => {
    const twice = [{ name: 'panel' }, { name: 'Panel' }];
    expect(mistakes(site({ children: twice }))).toEqual([
      '0.children.1 grid/Panel appears twice, here and as grid/panel: give each node of a site its own name and list it once',
    ]);
    expect(mistakes(site({ children: [{ name: 'panel' }] }), site({ name: 'other', children: [{ name: 'panel' }] }))).toEqual([]);
    expect(mistakes(site({}), site({}))).toEqual(['1 grid appears twice: give each site its own name']);
  });
  test('an EVSE under two nodes, also of two sites', () => {
    expect(mistakes(site({ evses: [{ uid: 'E1' }] }), site({ name: 'other', evses: [{ uid: 'e1' }] }))).toEqual([
      '1.evses.0 other EVSE e1 appears twice, here and in grid: list it only under the node that feeds it',
    ]);
  });
  test('an unknown EVSE', () => {
    expect(mistakes(site({ evses: [{ uid: 'E9' }] }))).toEqual(['0.evses.0 grid EVSE E9 is not known: name one of charge_points.evses by its uid']);
  });
  test('an EVSE of one phase without its rotation', () => {
    expect(mistakes(site({ evses: [{ uid: 'E2' }] }))).toEqual([
      '0.evses.0 grid EVSE E2 has 1 phases and rotation none: set rotation to the grid phase of each, such as R',
    ]);
  });
  test('an EVSE whose maximum is below its minimum charging current', () => {
    expect(mistakes(site({ evses: [{ uid: 'E1', minimum: 33 }] }))[0]).toContain('carries 32 A on each phase and needs 33 A');
  });
  test('a root without a limit, or without a limit before its first date', () => {
    expect(mistakes({ name: 'grid' })[0]).toContain('is the root and has no limit');
    expect(mistakes({ name: 'grid', schedule: [{ from: '2026-07-01T00:00:00Z', a: 5 }] })[0]).toContain('has no limit before 2026-07-01T00:00:00Z');
  });
  test('a limit that is always above the limit of a node above it', () => {
    const errors = (panel: Partial<NodeDescription>, root: Partial<SiteDescription> = {}) =>
      mistakes(site({ ...root, children: [{ name: 'panel', ...panel }] }));
    expect(errors({ limit: { a: 101 } })).toEqual([
      '0.children.0 grid/panel has a limit in A that is always above that of grid, so it has no effect: lower it, raise the other one, or remove it',
    ]);
    expect(errors({ limit: { a: 100 } })).toEqual([]);
    expect(errors({ limit: { w: 101_000 } })).toEqual([]);
    expect(errors({ limit: { w: 101_000 } }, { limit: { w: 100_000 } })[0]).toContain('has a limit in W');
    expect(
      errors({
        schedule: [
          { from: '07:00', a: 200 },
          { from: '22:00', a: 90 },
        ],
      }),
    ).toEqual([]);
    expect(errors({ limit: { a: 90 } }, { schedule: [{ from: '07:00', a: 50 }] })[0]).toContain('always above');
  });
  test('a dated limit that is always above the limit of a node above it, also of one further up', () => {
    const on = (panel: NodeDescription['schedule'], root?: NodeDescription['schedule'], more: Partial<NodeDescription> = {}) =>
      mistakes(site({ ...(root && { schedule: root }), children: [{ name: 'panel', ...(panel && { schedule: panel }), ...more }] })).length;
    const from = (day: number, a: number) => ({ from: `2026-07-0${day}T00:00:00Z`, a });
    expect(on([from(1, 101)])).toBe(1);
    expect(on([from(1, 101), from(2, 99)])).toBe(0);
    expect(on(undefined, [from(1, 50)], { limit: { a: 60 } })).toBe(0);
    expect(on([from(1, 60)], [from(1, 50)])).toBe(1);
    expect(on([from(1, 60), from(2, 45)], [from(1, 50)])).toBe(0);
    expect(on([{ from: '07:00', a: 200 }], [from(1, 50)])).toBe(0);
    expect(on([from(1, 200)], [{ from: '07:00', a: 50 }])).toBe(0);
    const deep = [{ name: 'panel', limit: { w: 90_000 }, children: [{ name: 'group', limit: { a: 101 } }] }];
    expect(mistakes(site({ children: deep }))[0]).toContain('grid/panel/group has a limit in A that is always above that of grid,');
  });
  test.each([
    [[{ from: '7:00', a: 5 }], 'has a schedule from 7:00: write HH:MM'],
    [[{ from: '07:00' }], 'has a schedule entry without a limit'],
    [
      [
        { from: '07:00', a: 5 },
        { from: '2026-07-01T00:00:00Z', a: 5 },
      ],
      'has a schedule of times of day and of dates',
    ],
    [
      [
        { from: '07:00', a: 5 },
        { from: '06:00', a: 5 },
      ],
      'has a schedule that is not in order',
    ],
  ])('an invalid schedule: %j', (schedule, says) => expect(mistakes(site({ schedule }))[0]).toContain(says));
  test('an unknown time zone', () => expect(mistakes(site({ time_zone: 'Mars/Olympus' }))[0]).toContain('has the time zone Mars/Olympus'));
});

describe('a limit over time', () => {
  const capacityAt = (more: Partial<SiteDescription>, at: string, lead = 0) => {
    const [node] = treeOf(site(more), known).nodes;
    return node && capacityWithin(node.ceiling, { from: moment(at), to: epochSeconds(moment(at) + lead) }, more.time_zone ?? 'UTC');
  };
  const daily = {
    schedule: [
      { from: '07:00', a: 60 },
      { from: '22:00', a: 80, w: 9000 },
    ],
  };
  test.each([
    ['2026-07-01T06:59:59Z', 80, 9000],
    ['2026-07-01T07:00:00Z', 60, Infinity],
    ['2026-07-01T22:00:00Z', 80, 9000],
  ])('by the time of day, at %s', (at, a, w) => expect(capacityAt(daily, at)).toEqual({ a, w }));
  test('uses the time zone of the site', () =>
    expect(capacityAt({ ...daily, time_zone: 'Europe/Amsterdam' }, '2026-07-01T05:00:00Z')).toEqual({ a: 60, w: Infinity }));
  test('a reduction within the lead time counts now, also across midnight', () => {
    expect(capacityAt(daily, '2026-07-01T06:59:30Z', 60)).toEqual({ a: 60, w: 9000 });
    const midnight = {
      schedule: [
        { from: '00:00', a: 10 },
        { from: '01:00', a: 50 },
      ],
    };
    expect(capacityAt(midnight, '2026-07-01T23:59:30Z', 60)?.a).toBe(10);
    expect(capacityAt(midnight, '2026-07-01T23:58:30Z', 60)?.a).toBe(50);
  });
  test('the lower of the fixed and the scheduled limit applies', () =>
    expect(capacityAt({ limit: { a: 70 }, ...daily }, '2026-07-01T23:00:00Z')).toEqual({ a: 70, w: 9000 }));
  test('by dates, each until the next one', () => {
    const dated = {
      schedule: [
        { from: '2026-07-01T00:00:00+02:00', a: 20 },
        { from: '2026-08-01T00:00:00Z', a: 30 },
      ],
    };
    expect(['2026-06-30T21:59:59Z', '2026-06-30T22:00:00Z', '2027-01-01T00:00:00Z'].map((at) => capacityAt(dated, at)?.a)).toEqual([100, 20, 30]);
  });
});

describe('the load of an EVSE', () => {
  test('is added to each node above, on its phases and in W', () => {
    const tree = treeOf(site({ children: [{ name: 'panel', evses: [{ uid: 'E2', rotation: 'STR' }] }] }), known);
    expect(tree.evses[0]?.loads).toEqual([
      { cell: 5, per: 1 },
      { cell: 7, per: 23 },
      { cell: 1, per: 1 },
      { cell: 3, per: 23 },
    ]);
  });
  test('of DC is three balanced phases of its power', () => {
    const [dc] = treeOf(site({ evses: [{ uid: 'E3' }] }), known).evses;
    expect([dc?.maximum, dc?.loads.map(({ cell }) => cell)]).toEqual([86.9, [0, 1, 2, 3]]);
  });
});
