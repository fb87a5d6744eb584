import { describe, expect, test } from 'vitest';
import { seconds } from '../../domain/units.ts';
import { decide } from './get-active-charging-profile.ts';
import { knownWith, TNM } from './profile-request.fixture.ts';

describe('asking for the active charging profile', () => {
  test('CP-09: is TOO_OFTEN while another question of the session waits', () => {
    expect(decide(knownWith({ waiting: ['get'] }), seconds(900)).answer.result).toBe('TOO_OFTEN');
  });

  test('CP-35: is open to whoever may see the session, also when another party steers it', () => {
    expect(decide(knownWith({ inputs: [{ by: TNM, unit: 'A' }] }), seconds(900)).answer.result).toBe('ACCEPTED');
  });

  test('CP-02: carries the duration that was asked for, and takes the place of nothing', () => {
    const { effects } = decide(knownWith(), seconds(900));
    expect(effects).toEqual([expect.objectContaining({ do: 'carry', ask: { kind: 'get', duration: 900 } })]);
  });
});
