import { describe, expect, test } from 'vitest';
import { seconds } from '../../domain/units.ts';
import { decide } from './get-active-charging-profile.ts';
import { factsWith, TNM } from './profile-request.fixture.ts';

describe('a request for the active charging profile', () => {
  test('CP-09: is TOO_OFTEN while another get of the session is not sent yet', () => {
    expect(decide(factsWith({ waiting: ['get'] }), seconds(900)).answer.result).toBe('TOO_OFTEN');
  });

  test('CP-35: is accepted from every party that may see the session, also when another party steers it', () => {
    expect(decide(factsWith({ inputs: [{ by: TNM, unit: 'A' }] }), seconds(900)).answer.result).toBe('ACCEPTED');
  });

  test('CP-02: is dispatched with its duration, and supersedes no set', () => {
    const { effects } = decide(factsWith(), seconds(900));
    expect(effects).toEqual([expect.objectContaining({ do: 'dispatch', ask: { kind: 'get', duration: 900 } })]);
  });
});
