import { expect, test } from 'vitest';
import { align } from './chart-model.ts';
import type { SiteDay } from './console-api-types.ts';
import { cutAt, dayChart, keyStep, rangeAround, sumOf } from './site-day.ts';

const session = (evse: string, drawn: SiteDay['sessions'][number]['drawn'], phases: SiteDay['sessions'][number]['phases'] = ['L1', 'L2', 'L3']) => ({
  session: `NL*EVK*${evse}`,
  evse,
  phases,
  from: '2026-01-31T10:00:00Z',
  drawn,
  estimated: [],
  allowed: [],
});
const begin = Date.UTC(2026, 0, 31) / 1_000;
const day = (sessions: SiteDay['sessions']): SiteDay => ({
  site: 'garage',
  node: 'garage',
  nodes: ['garage'],
  from: '2026-01-31T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  now: '2026-01-31T12:00:00Z',
  limit: [
    [begin, 13_800, 20],
    [begin + 64_800, 9_660, 14],
  ],
  limit_unknown: [],
  sessions,
  more: false,
});

test('CON-V03: the chart of a day stacks the sessions of each EVSE below the limit, which is dashed from now on', () => {
  const two = day([
    session('A', [
      [begin, 6_900, 10],
      [begin + 600, null, null],
    ]),
    session('A', [[begin + 900, 4_140, 6]]),
    session('B', [[begin, 4_140, 6]], ['L1']),
  ]);
  const model = dayChart(two, 'kW', begin);
  expect(model.lines.map(({ name, dash, alone }) => [name, dash, alone])).toEqual([
    ['A', undefined, undefined],
    ['B', undefined, undefined],
    ['Limit', undefined, true],
    ['Planned limit', true, true],
  ]);
  const [times, a, b, limit] = align(model);
  const last = times.indexOf(begin + 900);
  expect([a?.[0], b?.[0], limit?.[0]]).toEqual([11_040, 4_140, 13_800]);
  expect([a?.[last], b?.[last]]).toEqual([8_280, 4_140]);
  expect(dayChart(two, 'L2', begin).lines.map(({ name }) => name)).toEqual(['A', 'Limit', 'Planned limit']);
  expect(dayChart(two, 'L1', begin).axis.unit).toBe('A');
});

test('CON-V03: more EVSEs than have a colour of their own are one line with their sum', () => {
  const many = day(Array.from({ length: 13 }, (_, n) => session(`E${n + 10}`, [[begin, 1_000 * (13 - n), 1]])));
  const { lines } = dayChart(many, 'kW', begin);
  expect(lines).toHaveLength(13);
  expect(lines[10]).toMatchObject({ name: '3 other EVSEs', points: [[begin, 6_000]] });
});

test('CON-V03: sums and cuts of step lines', () => {
  expect(
    sumOf([
      [
        [0, 1],
        [10, null],
      ],
      [
        [5, 2],
        [20, null],
      ],
    ]),
  ).toEqual([
    [0, 1],
    [5, 3],
    [10, 2],
    [20, null],
  ]);
  expect(
    cutAt(
      [
        [0, 1],
        [10, 2],
      ],
      5,
    ),
  ).toEqual({
    before: [
      [0, 1],
      [6, null],
    ],
    after: [
      [5, 1],
      [10, 2],
    ],
  });
});

test.each([
  ['ArrowRight', false, 60],
  ['ArrowRight', true, 1],
  ['ArrowLeft', true, -1],
  ['ArrowLeft', false, -60],
  ['PageUp', true, 900],
  ['a', false, undefined],
])('CON-V03: the key %s with Shift %s moves the chosen moment by %s s', (key, shiftKey, by) => expect(keyStep({ key, shiftKey })).toBe(by));

test.each([
  [0, 50_000, { from: 0, to: 86_400 }],
  [60, 50_000, { from: 48_200, to: 51_800 }],
  [60, 10, { from: 0, to: 3_600 }],
  [360, 86_000, { from: 64_800, to: 86_400 }],
] as const)('CON-V03: %s minutes around %s are %o of the day', (minutes, centre, is) =>
  expect(rangeAround({ from: 0, to: 86_400 }, minutes, centre)).toEqual(is),
);
