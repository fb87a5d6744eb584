import { expect, test } from 'vitest';
import { amperes, epochSeconds, watts } from '../../units.ts';
import { readCeiling } from '../read-ceiling.ts';
import { type ImposedChange, nodeLimitAt, nodeLimitLine } from './node-limit-line.ts';

const DAY = Date.UTC(2026, 0, 31) / 1_000;
const hour = (n: number) => epochSeconds(DAY + n * 3_600);
const day = { from: hour(0), to: hour(24) };

function limitsOf(description: Parameters<typeof readCeiling>[0], imposed: readonly ImposedChange[] = []) {
  const ceiling = readCeiling(description);
  if (!ceiling.ok) throw new Error(ceiling.problem);
  return { node: { ceiling: ceiling.value }, timeZone: 'UTC', voltage: 230, imposed };
}

const always = (at: ImposedChange['limit']): ImposedChange => ({ at: epochSeconds(-Infinity), ...(at && { limit: at }) });

const CASES = [
  { of: 'its own limit', limits: limitsOf({ limit: { a: 20 } }), line: [[hour(0), 13_800, 20]] },
  { of: 'the lower of A and W, in W', limits: limitsOf({ limit: { a: 20, w: 10_000 } }), line: [[hour(0), 10_000, 20]] },
  { of: 'no limit', limits: limitsOf({}), line: [[hour(0), null, null]] },
  {
    of: 'a schedule of each day, from the evening before',
    limits: limitsOf({
      schedule: [
        { from: '07:00', a: 20 },
        { from: '17:00', a: 10 },
      ],
    }),
    line: [
      [hour(0), 6_900, 10],
      [hour(7), 13_800, 20],
      [hour(17), 6_900, 10],
    ],
  },
  {
    of: 'a limit that was imposed and lifted',
    limits: limitsOf({ limit: { a: 20 } }, [{ at: hour(9), limit: { a: amperes(12) } }, { at: hour(11) }]),
    line: [
      [hour(0), 13_800, 20],
      [hour(9), 8_280, 12],
      [hour(11), 13_800, 20],
    ],
  },
  {
    of: 'an imposed limit that ends by itself, and its fallback',
    limits: limitsOf({ limit: { a: 20 } }, [{ at: hour(9), limit: { a: amperes(12), later: [{ from: hour(10), a: amperes(8) }, { from: hour(12) }] } }]),
    line: [
      [hour(0), 13_800, 20],
      [hour(9), 8_280, 12],
      [hour(10), 5_520, 8],
      [hour(12), 13_800, 20],
    ],
  },
  { of: 'an imposed limit that does not lower its own', limits: limitsOf({ limit: { a: 20 } }, [always({ a: amperes(32) })]), line: [[hour(0), 13_800, 20]] },
  {
    of: 'nothing that is known before the first change that is stored',
    limits: limitsOf({ limit: { a: 20 } }, [
      { at: epochSeconds(-Infinity), unknown: true },
      { at: hour(9), limit: { w: watts(6_900) } },
    ]),
    line: [
      [hour(0), null, null],
      [hour(9), 6_900, 20],
    ],
  },
] as const;

test.each(CASES)('CON-V01: over a day a node has $of', ({ limits, line }) => expect(nodeLimitLine(limits, day)).toEqual(line));

test('CON-V02: the limit of a node at a moment names the part that was imposed; what is not known is undefined', () => {
  const limits = limitsOf({ limit: { a: 20 } }, [{ at: epochSeconds(-Infinity), unknown: true }, { at: hour(9), limit: { a: amperes(12) } }, { at: hour(11) }]);
  expect(nodeLimitAt(limits, hour(8))).toBeUndefined();
  expect(nodeLimitAt(limits, hour(9))).toEqual({ limit: { a: 12 }, imposed: { a: 12 } });
  expect(nodeLimitAt(limits, hour(11))).toEqual({ limit: { a: 20 } });
});
