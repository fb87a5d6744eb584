import { describe, expect, test } from 'vitest';
import { inAmperes, inWatts, knownWith, MSP, S1, socket, TNM } from './profile-request.fixture.ts';
import { decide } from './set-charging-profile.ts';

const dc = { ...socket, powerType: 'DC' } as const;

describe('setting a charging profile', () => {
  test('CP-36: is refused while the profile of another party steers the session', () => {
    expect(decide(knownWith({ inputs: [{ by: TNM, unit: 'A' }] }), inAmperes(10))).toEqual({
      answer: { result: 'REJECTED', message: 'another party steers this session' },
      effects: [],
    });
  });

  test('CP-35: goes on for the party whose profile steers the session', () => {
    expect(decide(knownWith({ inputs: [{ by: MSP, unit: 'A' }] }), inAmperes(10)).answer.result).toBe('ACCEPTED');
  });

  test('CP-32: in watts suits a charge point that takes amperes only, where phases and voltage are known', () => {
    expect(decide(knownWith({ station: { units: ['A'] } }), inWatts(6_900)).answer.result).toBe('ACCEPTED');
  });

  test.each([
    ['W', ['A'], inWatts(50_000)],
    ['A', ['W'], inAmperes(125)],
  ] as const)('CP-10: in %s is NOT_SUPPORTED on a DC connector that takes %s only', (_, units, profile) => {
    const { answer, effects } = decide(knownWith({ evse: dc, station: { units } }), profile);
    expect(answer.result).toBe('NOT_SUPPORTED');
    expect(effects).toEqual([]);
  });

  test('CP-10: on a DC connector goes through in the unit that the charge point takes', () => {
    expect(decide(knownWith({ evse: dc, station: { units: ['W'] } }), inWatts(50_000)).answer.result).toBe('ACCEPTED');
  });

  test('CP-03: a newer set takes the place of one that waits, so a waiting one is no obstacle', () => {
    const { answer, effects } = decide(knownWith({ waiting: ['set'] }), inAmperes(8));
    expect(answer.result).toBe('ACCEPTED');
    expect(effects).toContainEqual({ do: 'supersede', session: S1 });
  });
});
