import { describe, expect, test } from 'vitest';
import type { WireAuthorizationInfo } from '../../ocpi/tokens/token.ts';
import { allows, cdrTokenOf, decideLocally, identifyToken, type KnownToken } from './authorize-token.ts';

const known = (more: Partial<KnownToken> = {}): KnownToken => ({
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'DEADBEEF',
  type: 'RFID',
  contract_id: 'C1',
  valid: true,
  whitelist: 'ALWAYS',
  ...more,
});
const card = { uid: 'deadbeef', type: 'ISO14443' };

describe('identifying a presented token', () => {
  test('CP-35: the operator’s list takes precedence over all peers, also for an invalid token', () => {
    const listed = known({ party_id: 'TNM', valid: false });
    expect(identifyToken(card, listed, [known()])).toEqual({ is: 'KNOWN', token: listed });
  });

  test('CP-35: otherwise the token of the eMSP that sent it', () => {
    expect(identifyToken(card, undefined, [known()])).toEqual({ is: 'KNOWN', token: known() });
    expect(identifyToken(card, undefined, [])).toEqual({ is: 'UNKNOWN' });
  });

  test('CP-35: disputed when two eMSPs sent it', () => {
    expect(identifyToken(card, undefined, [known(), known({ party_id: 'TNM' })])).toEqual({ is: 'DISPUTED', parties: ['NL*MSP', 'NL*TNM'] });
  });

  test('an invalid token makes no dispute', () => {
    expect(identifyToken(card, undefined, [known({ valid: false, whitelist: 'NEVER' }), known({ party_id: 'TNM' })])).toMatchObject({
      is: 'KNOWN',
      token: { party_id: 'TNM' },
    });
  });

  test('the type reported by the charge point decides only between several token types', () => {
    const app = known({ party_id: 'TNM', type: 'APP_USER' });
    expect(identifyToken(card, undefined, [app, known()])).toEqual({ is: 'KNOWN', token: known() });
    expect(identifyToken({ uid: 'deadbeef', type: 'RFID' }, undefined, [app])).toEqual({ is: 'KNOWN', token: app });
    expect(identifyToken({ uid: 'deadbeef', type: 'Central' }, undefined, [app, known()])).toMatchObject({ is: 'DISPUTED' });
    expect(identifyToken({ uid: 'deadbeef', type: 'eMAID' }, undefined, [known(), known({ party_id: 'TNM', type: 'EMAID' })])).toMatchObject({
      token: { party_id: 'TNM' },
    });
  });

  test.each(['RFID', 'rfid', 'ISO14443', 'ISO15693'])('CP-35: a %s at the charge point is a token of type RFID', (type) => {
    const app = known({ party_id: 'TNM', type: 'APP_USER' });
    expect(identifyToken({ uid: 'deadbeef', type }, undefined, [app, known()])).toEqual({ is: 'KNOWN', token: known() });
  });

  test('an invalid token is known when its whitelist requires real-time authorization', () => {
    expect(identifyToken(card, undefined, [known({ valid: false })])).toEqual({ is: 'UNKNOWN' });
    expect(identifyToken(card, undefined, [known({ valid: false, whitelist: 'NEVER' })])).toMatchObject({ is: 'KNOWN' });
  });

  test('a session gets exactly five fields of it', () => {
    expect(cdrTokenOf(known())).toEqual({ country_code: 'NL', party_id: 'MSP', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C1' });
  });
});

test.each([
  ['ALWAYS', true, 'YES'],
  ['ALWAYS', false, 'NO'],
  ['ALLOWED', true, 'YES'],
  ['ALLOWED', false, 'NO'],
  ['ALLOWED_OFFLINE', true, 'ASK_FIRST'],
  ['ALLOWED_OFFLINE', false, 'ASK_FIRST'],
  ['NEVER', true, 'ASK'],
  ['NEVER', false, 'ASK'],
] as const)('OCPI 2.2.1 §12.4.5: whitelist %s, valid %s: %s', (whitelist, valid, decision) => {
  expect(decideLocally({ whitelist, valid })).toBe(decision);
});

const token: WireAuthorizationInfo['token'] = { ...known(), issuer: 'MSP', whitelist: 'NEVER', last_updated: '2026-01-31T09:00:00Z' };

test.each(['BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'] as const)('OCPI 2.2.1 §12.4.1: %s does not let the token charge', (allowed) => {
  expect(allows({ allowed, token }, 'LOC1')).toBe(false);
});

test('OCPI 2.2.1 §12.3.1: ALLOWED lets it charge at the location, unless the answer has another location', () => {
  expect(allows({ allowed: 'ALLOWED', token }, 'LOC1')).toBe(true);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'loc1' } }, 'LOC1')).toBe(true);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'LOC2' } }, 'LOC1')).toBe(false);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'LOC2' } }, undefined)).toBe(true);
});
