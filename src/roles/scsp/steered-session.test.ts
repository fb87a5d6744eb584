import { expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import { keyOf, upTo } from './steered-session.fixture.ts';
import { newSteeredSession, nextMessage, withSent } from './steered-session.ts';

const at = (...moments: number[]) => moments.map((s) => epochMillis(s * 1000));
const next = (sentAt: number[], gap = 30, quiet = 0) => nextMessage({ sentAt: at(...sentAt), gap: seconds(gap), quietUntil: epochMillis(quiet * 1000) });

test('CP-44: the first message is sent at once, the next after the gap', () => {
  expect(next([])).toEqual({ at: 0, limitReached: false });
  expect(next([100])).toEqual({ at: 130_000, limitReached: false });
  expect(next([100], 240)).toEqual({ at: 340_000, limitReached: false });
});

test('CP-44: after three within ten minutes the next waits for the first to be ten minutes old', () => {
  expect(next([100, 200])).toEqual({ at: 230_000, limitReached: false });
  expect(next([100, 200, 300])).toEqual({ at: 700_000, limitReached: true });
  expect(next([0, 100, 200, 300])).toEqual({ at: 700_000, limitReached: true });
  expect(next([100, 200, 300], 900)).toEqual({ at: 1_200_000, limitReached: false });
});

test('CP-44: none is sent while the CPO is asked for the active profile', () => {
  expect(next([100], 30, 150)).toEqual({ at: 150_000, limitReached: false });
});

test('CP-44: a session without a message may hold the maximum of its EVSE, and nothing is underway', () => {
  expect(newSteeredSession(keyOf(1))).toEqual({
    key: keyOf(1),
    state: 'steered',
    mayHold: ['maximum'],
    underway: undefined,
    uncertain: undefined,
    intended: undefined,
    sentAt: [],
    gap: 30,
    quietUntil: 0,
    refusal: undefined,
    refusalReported: false,
    overloadReported: false,
  });
});

test('CP-44: a sent profile is underway and intended, and the moments of the last three messages are kept', () => {
  const sentAt = at(100, 200, 300);
  const sent = withSent({ ...newSteeredSession(keyOf(1)), sentAt }, upTo(16), epochMillis(400_000));
  expect(sent).toEqual({
    ...newSteeredSession(keyOf(1)),
    underway: { profile: upTo(16), exchange: undefined },
    intended: upTo(16),
    sentAt: at(200, 300, 400),
  });
});
