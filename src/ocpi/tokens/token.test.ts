import { describe, expect, test } from 'vitest';
import { editions } from '../editions.ts';
import { problemWith } from '../problem.ts';
import { AuthorizationInfo, LocationReferences, Token, TokenPatch, tokenNameMismatch, type WireToken } from './token.ts';

const token: WireToken = {
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'DEADBEEF',
  type: 'RFID',
  contract_id: 'NL-MSP-C1',
  issuer: 'MSP',
  valid: true,
  whitelist: 'ALLOWED',
  last_updated: '2026-01-31T09:00:00Z',
};

describe.each(editions)('a token in %s', (edition) => {
  test('is valid with all fields and with only the required ones', () => {
    const more = {
      visual_number: 'M-1',
      group_id: 'G1',
      language: 'nl',
      default_profile_type: 'GREEN',
      energy_contract: { supplier_name: 'Wind', contract_id: '1' },
    };
    for (const it of [token, { ...token, ...more }]) expect(problemWith(Token[edition], it)).toBeUndefined();
  });

  test.each(Object.keys(token))('needs %s', (field) => {
    const { [field]: _, ...less } = { ...token } as Record<string, unknown>;
    expect(problemWith(Token[edition], less)).toBe(`${field}: missing`);
  });

  test.each([
    { uid: '' },
    { uid: '..' },
    { uid: 'x'.repeat(37) },
    { uid: 'DEAD\nBEEF' },
    { uid: 7 },
    { contract_id: 'x'.repeat(37) },
    { issuer: 'x'.repeat(65) },
    { visual_number: 'x'.repeat(65) },
    { group_id: 'ü' },
    { valid: 'true' },
    { whitelist: 'SOMETIMES' },
    { whitelist: 'always' },
    { language: 'nld' },
    { default_profile_type: 'SLOW' },
    { energy_contract: { contract_id: '1' } },
    { last_updated: 'yesterday' },
    { country_code: 'NLD' },
  ])('is refused with %o', (wrong) => {
    expect(problemWith(Token[edition], { ...token, ...wrong })).toContain(Object.keys(wrong)[0]);
  });

  test('SEC-25: a refusal does not quote fields that identify a driver', () => {
    for (const field of ['uid', 'contract_id', 'visual_number', 'group_id']) {
      const secret = 'DRIVER-'.repeat(10);
      expect(problemWith(Token[edition], { ...token, [field]: secret })).not.toContain('DRIVER');
    }
  });

  test('TRN-32: a PATCH needs last_updated and nothing else', () => {
    expect(problemWith(TokenPatch[edition], { valid: false, last_updated: token.last_updated })).toBeUndefined();
    expect(problemWith(TokenPatch[edition], { valid: false })).toBe('last_updated: missing');
  });

  test('a real-time authorization has one of five answers and the whole token', () => {
    for (const allowed of ['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'])
      expect(problemWith(AuthorizationInfo[edition], { allowed, token, location: { location_id: 'L1', evse_uids: ['E1'] } })).toBeUndefined();
    expect(problemWith(AuthorizationInfo[edition], { allowed: 'MAYBE', token })).toContain('allowed');
    expect(problemWith(AuthorizationInfo[edition], { allowed: 'ALLOWED' })).toContain('token');
  });
});

test('EMAID is a token type in 2.3.0 only', () => {
  expect(problemWith(Token['2.2.1'], { ...token, type: 'EMAID' })).toContain('type');
  expect(problemWith(Token['2.3.0'], { ...token, type: 'EMAID' })).toBeUndefined();
});

test('LocationReferences need a location_id', () => {
  expect(problemWith(LocationReferences, { evse_uids: [] })).toBe('location_id: missing');
});

describe('the names of a token in URL and body', () => {
  const url = { country_code: 'NL', party_id: 'MSP', token_uid: 'deadbeef', type: undefined };

  test('are equal in any case, and when the body has none', () => {
    expect(tokenNameMismatch(url, token)).toBeUndefined();
    expect(tokenNameMismatch(url, {})).toBeUndefined();
    expect(tokenNameMismatch({ ...url, type: 'APP_USER' }, { ...token, type: 'APP_USER' })).toBeUndefined();
  });

  test('TOK-09, F-53: must be equal; with a URL without type= the body says the type', () => {
    expect(tokenNameMismatch(url, { ...token, country_code: 'DE' })).toBe('country_code: found "DE", allowed: "NL" as in the URL');
    expect(tokenNameMismatch(url, { ...token, party_id: 'XYZ' })).toBe('party_id: found "XYZ", allowed: "MSP" as in the URL');
    expect(tokenNameMismatch(url, { ...token, type: 'APP_USER' })).toBeUndefined();
    expect(tokenNameMismatch({ ...url, type: 'OTHER' }, token)).toBe('type: found "RFID", allowed: "OTHER" as in the URL');
  });

  test('SEC-25: a different uid is not quoted', () => {
    expect(tokenNameMismatch(url, { ...token, uid: 'C0FFEE' })).toBe('uid: found another one, allowed: the one in the URL');
  });
});
