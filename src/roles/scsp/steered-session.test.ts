import { expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import { nextMessage } from './pace-messages.ts';

const at = (...moments: number[]) => moments.map((s) => epochMillis(s * 1000));
const next = (sentAt: number[], gap = 30, quiet = 0) => nextMessage({ sentAt: at(...sentAt), gap: seconds(gap), quietUntil: epochMillis(quiet * 1000) });

test('CP-44: the first message goes at once, the next after the gap', () => {
  expect(next([])).toEqual({ at: 0, crowded: false });
  expect(next([100])).toEqual({ at: 130_000, crowded: false });
  expect(next([100], 240)).toEqual({ at: 340_000, crowded: false });
});

test('CP-44: after three within ten minutes the next waits for the first to be ten minutes old', () => {
  expect(next([100, 200])).toEqual({ at: 230_000, crowded: false });
  expect(next([100, 200, 300])).toEqual({ at: 700_000, crowded: true });
  expect(next([0, 100, 200, 300])).toEqual({ at: 700_000, crowded: true });
  expect(next([100, 200, 300], 900)).toEqual({ at: 1_200_000, crowded: false });
});

test('CP-44: none goes while what holds is being asked', () => {
  expect(next([100], 30, 150)).toEqual({ at: 150_000, crowded: false });
});
