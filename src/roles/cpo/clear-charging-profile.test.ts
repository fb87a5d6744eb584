import { describe, expect, test } from 'vitest';
import { decide } from './clear-charging-profile.ts';
import { knownWith, S1, TNM } from './profile-request.fixture.ts';

describe('clearing a charging profile', () => {
  test('CP-04: is carried out also when no profile was ever set; the charge point says UNKNOWN then', () => {
    expect(decide(knownWith({ inputs: [] })).answer.result).toBe('ACCEPTED');
  });

  test('CP-36: is refused while the profile of another party steers the session', () => {
    expect(decide(knownWith({ inputs: [{ by: TNM, unit: 'A' }] }))).toMatchObject({ answer: { result: 'REJECTED' }, effects: [] });
  });

  test('CP-09: is TOO_OFTEN while another clear of the session waits', () => {
    expect(decide(knownWith({ waiting: ['clear'] })).answer.result).toBe('TOO_OFTEN');
  });

  test('CP-04: makes sets that wait pointless', () => {
    expect(decide(knownWith({ waiting: ['set'] })).effects).toContainEqual({ do: 'supersede', session: S1 });
  });
});
