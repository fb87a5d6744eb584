import { describe, expect, test } from 'vitest';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { patch, put } from './receive-token.ts';

const at = (second: number) => `2026-01-31T09:00:0${second}Z`;
const token = (second: number, more: Partial<WireToken> = {}): WireToken => ({
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'DEADBEEF',
  type: 'RFID',
  contract_id: 'C1',
  issuer: 'MSP',
  valid: true,
  whitelist: 'ALWAYS',
  last_updated: at(second),
  ...more,
});

describe('receiving a token', () => {
  test('TRN-31: a PUT replaces the whole token: a field that it does not have is removed', () => {
    expect(put(undefined, token(1)).token).toEqual(token(1));
    expect(put(token(1, { group_id: 'G1' }), token(2)).token).toEqual(token(2));
  });

  test('a PUT that is older than the stored token changes nothing', () => {
    expect(put(token(2), token(1, { valid: false }))).toEqual({ token: token(2), stale: false });
  });

  test('a PUT with the same last_updated is applied', () => {
    expect(put(token(1), token(1, { valid: false })).token).toEqual(token(1, { valid: false }));
  });

  test('TRN-32: a PATCH keeps the fields that it does not contain', () => {
    expect(patch(token(1, { group_id: 'G1' }), { valid: false, last_updated: at(2) })).toEqual({
      token: token(2, { group_id: 'G1', valid: false }),
      stale: false,
    });
  });

  test('a PATCH with the same last_updated is applied', () => {
    expect(patch(token(1), { valid: false, last_updated: at(1) }).token.valid).toBe(false);
  });

  test('a PATCH that is older than the stored token changes nothing and makes it stale', () => {
    expect(patch(token(2), { valid: false, last_updated: at(1) })).toEqual({ token: token(2), stale: true });
  });
});
