import { describe, expect, test } from 'vitest';
import { factsWith, inAmperes, inWatts, MSP, S1, socket, TNM } from './profile-request.fixture.ts';
import { decide } from './set-charging-profile.ts';

const dc = { ...socket, powerType: 'DC' } as const;

describe('setting a charging profile', () => {
  test('CP-36: is refused while another party has a profile on the session', () => {
    expect(decide(factsWith({ inputs: [{ by: TNM, unit: 'A' }] }), inAmperes(10))).toEqual({
      answer: { result: 'REJECTED', message: 'this session is steered already' },
      effects: [],
    });
  });

  test('CP-35: is accepted from the party whose profile steers the session', () => {
    expect(decide(factsWith({ inputs: [{ by: MSP, unit: 'A' }] }), inAmperes(10)).answer.result).toBe('ACCEPTED');
  });

  test('CP-32: in watts is accepted on AC by a charge point that takes amperes only', () => {
    expect(decide(factsWith({ station: { units: ['A'] } }), inWatts(6_900)).answer.result).toBe('ACCEPTED');
  });

  test.each([
    ['W', ['A'], inWatts(50_000)],
    ['A', ['W'], inAmperes(125)],
  ] as const)('CP-10: in %s is NOT_SUPPORTED on a DC connector that takes %s only', (_, units, profile) => {
    const { answer, effects } = decide(factsWith({ evse: dc, station: { units } }), profile);
    const message = `the charge point takes ${units[0]}, and ${profile.unit} cannot be converted on a DC connector`;
    expect(answer).toEqual({ result: 'NOT_SUPPORTED', message });
    expect(effects).toEqual([]);
  });

  test('CP-10: on a DC connector is accepted in the unit that the charge point takes', () => {
    expect(decide(factsWith({ evse: dc, station: { units: ['W'] } }), inWatts(50_000)).answer.result).toBe('ACCEPTED');
  });

  test('CP-03: supersedes a set that is not sent yet', () => {
    const { answer, effects } = decide(factsWith({ waiting: ['set'] }), inAmperes(8));
    expect(answer.result).toBe('ACCEPTED');
    expect(effects).toContainEqual({ do: 'supersede', session: S1 });
  });
});
