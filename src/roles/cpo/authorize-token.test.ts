import { describe, expect, test } from 'vitest';
import { cdrTokenOf, decideLocally, identifyToken, type KnownToken } from './authorize-token.ts';

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

describe('whose token was shown', () => {
  test('CP-35: the operator’s list decides, whatever others say, also that it may not charge', () => {
    const listed = known({ party_id: 'TNM', valid: false });
    expect(identifyToken(card, listed, [known()])).toEqual({ is: 'KNOWN', token: listed });
  });

  test('CP-35: else the eMSP that told of it', () => {
    expect(identifyToken(card, undefined, [known()])).toEqual({ is: 'KNOWN', token: known() });
    expect(identifyToken(card, undefined, [])).toEqual({ is: 'UNKNOWN' });
  });

  test('CP-35: nobody’s, when two eMSPs tell of it', () => {
    expect(identifyToken(card, undefined, [known(), known({ party_id: 'TNM' })])).toEqual({ is: 'DISPUTED', parties: ['NL*MSP', 'NL*TNM'] });
  });

  test('one that is invalid disputes nothing', () => {
    expect(identifyToken(card, undefined, [known({ valid: false, whitelist: 'NEVER' }), known({ party_id: 'TNM' })])).toMatchObject({
      is: 'KNOWN',
      token: { party_id: 'TNM' },
    });
  });

  test('the kind that the charge point saw decides between several types, and only then', () => {
    const app = known({ party_id: 'TNM', type: 'APP_USER' });
    expect(identifyToken(card, undefined, [app, known()])).toEqual({ is: 'KNOWN', token: known() });
    expect(identifyToken({ uid: 'deadbeef', type: 'RFID' }, undefined, [app])).toEqual({ is: 'KNOWN', token: app });
    expect(identifyToken({ uid: 'deadbeef', type: 'Central' }, undefined, [app, known()])).toMatchObject({ is: 'DISPUTED' });
    expect(identifyToken({ uid: 'deadbeef', type: 'eMAID' }, undefined, [known(), known({ party_id: 'TNM', type: 'EMAID' })])).toMatchObject({
      token: { party_id: 'TNM' },
    });
  });

  test('an invalid one is known if its eMSP wants to be asked all the same', () => {
    expect(identifyToken(card, undefined, [known({ valid: false })])).toEqual({ is: 'UNKNOWN' });
    expect(identifyToken(card, undefined, [known({ valid: false, whitelist: 'NEVER' })])).toMatchObject({ is: 'KNOWN' });
  });

  test('a session gets five fields of it, and no more', () => {
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
] as const)('OCPI 2.2.1 §12.4.5: whitelist %s, valid %s: %s', (whitelist, valid, what) => {
  expect(decideLocally({ whitelist, valid })).toBe(what);
});
