import { describe, expect, test } from 'vitest';
import { decide } from './clear-charging-profile.ts';
import { factsWith, MSP, S1, TNM } from './profile-request.fixture.ts';

describe('clearing a charging profile', () => {
  test('CP-04: is accepted also when no profile was set; the charge point answers UNKNOWN then', () => {
    expect(decide(factsWith({ inputs: [] })).answer.result).toBe('ACCEPTED');
  });

  test('CP-36: is refused while only another party has a profile on the session', () => {
    expect(decide(factsWith({ inputs: [{ by: TNM, unit: 'A' }] }))).toMatchObject({ answer: { result: 'REJECTED' }, effects: [] });
  });

  test('CP-68: clears the own profile only, also of parties that share the session', () => {
    const sharingWith = () => 'strictest' as const;
    expect(decide(factsWith({ inputs: [{ by: TNM, unit: 'A' }], sharingWith }))).toEqual({
      answer: { result: 'REJECTED', message: 'this session is steered already' },
      effects: [],
    });
    expect(decide(factsWith({ inputs: [{ by: TNM, unit: 'A' }, { by: MSP }], sharingWith })).answer.result).toBe('ACCEPTED');
  });

  test('CP-09: is TOO_OFTEN while another clear of the session is not sent yet', () => {
    expect(decide(factsWith({ waiting: ['clear'] })).answer.result).toBe('TOO_OFTEN');
  });

  test('CP-04: supersedes sets that are not sent yet', () => {
    expect(decide(factsWith({ waiting: ['set'] })).effects).toContainEqual({ do: 'supersede', session: S1 });
  });
});
