import { expect, test } from 'vitest';
import type { MeterSample } from '../../meter-sample.ts';
import { epochMillis, epochSeconds, wattHours } from '../../units.ts';
import { type DrawnAt, drawnLine } from './drawn-line.ts';

const evse: DrawnAt = { voltage: 230, phases: 3, dc: false, watts: 22_080, allowed: [] };
const sample = (second: number, values: Partial<MeterSample>): MeterSample => ({
  at: epochMillis(second * 1_000),
  energy: wattHours(0),
  state: 'charging',
  ...values,
});
const until = (second: number) => epochMillis(second * 1_000);

const CASES = [
  {
    of: 'a measured power until the next sample',
    samples: [sample(0, { power: 6_900 }), sample(60, { power: 4_140 })],
    end: 90,
    line: [
      [0, 6_900, 10],
      [60, 4_140, 6],
      [90, null, null],
    ],
  },
  {
    of: 'a current, spread over the phases',
    samples: [sample(0, { current: 30 })],
    end: 10,
    line: [
      [0, 6_900, 10],
      [10, null, null],
    ],
  },
  {
    of: 'no value for longer than 15 minutes',
    samples: [sample(0, { power: 690 })],
    end: 3_600,
    line: [
      [0, 690, 1],
      [900, null, null],
    ],
  },
  { of: 'nothing without a power and a second register', samples: [sample(0, {})], end: 600, line: [] },
  { of: 'nothing over a gap of less than 30 s', samples: [sample(0, {}), sample(20, { energy: wattHours(500) })], end: 60, line: [] },
  { of: 'nothing where a register fell', samples: [sample(0, { energy: wattHours(9) }), sample(60, {})], end: 60, line: [] },
] as const;

test.each(CASES)('CON-V01: a session drew $of', ({ samples, end, line }) => {
  expect(drawnLine(samples, evse, until(end))).toEqual({ line, estimated: [] });
});

test('CON-V01: without a measured power it is the average of the register, at most the maximum of the EVSE, and an estimate', () => {
  const samples = [
    sample(0, {}),
    sample(60, { energy: wattHours(115) }),
    sample(120, { energy: wattHours(9_000) }),
    sample(180, { energy: wattHours(9_000), power: 690 }),
  ];
  expect(drawnLine(samples, evse, until(200))).toEqual({
    line: [
      [0, 6_900, 10],
      [60, 22_080, 32],
      [120, 0, 0],
      [180, 690, 1],
      [200, null, null],
    ],
    estimated: [[0, 180]],
  });
});

test('CON-V01: a current on the side of the car of a DC EVSE says nothing about the grid', () => {
  expect(drawnLine([sample(0, { current: 100 })], { ...evse, dc: true }, until(60)).line).toEqual([]);
});

test('CON-V01: a limit that fell after the last value counts from then on, as an estimate; the next value is measured again', () => {
  const allowed = [
    [epochSeconds(0), 6_900, 10],
    [epochSeconds(20), 4_140, 6],
    [epochSeconds(40), 11_040, 16],
  ] as const;
  expect(drawnLine([sample(0, { power: 6_900 }), sample(60, { power: 6_900 })], { ...evse, allowed }, until(70))).toEqual({
    line: [
      [0, 6_900, 10],
      [20, 4_140, 6],
      [40, 6_900, 10],
      [70, null, null],
    ],
    estimated: [[20, 40]],
  });
});
