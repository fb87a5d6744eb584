import { expect, test } from 'vitest';
import type { WireAuthorizationInfo } from '../../ocpi/tokens/token.ts';
import { allows } from './take-authorization.ts';

const token: WireAuthorizationInfo['token'] = {
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'DEADBEEF',
  type: 'RFID',
  contract_id: 'C1',
  issuer: 'MSP',
  valid: true,
  whitelist: 'NEVER',
  last_updated: '2026-01-31T09:00:00Z',
};

test.each(['BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'] as const)('OCPI 2.2.1 §12.4.1: %s does not let it charge', (allowed) => {
  expect(allows({ allowed, token }, 'LOC1')).toBe(false);
});

test('OCPI 2.2.1 §12.3.1: ALLOWED lets it charge there, unless the answer names another place', () => {
  expect(allows({ allowed: 'ALLOWED', token }, 'LOC1')).toBe(true);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'loc1' } }, 'LOC1')).toBe(true);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'LOC2' } }, 'LOC1')).toBe(false);
  expect(allows({ allowed: 'ALLOWED', token, location: { location_id: 'LOC2' } }, undefined)).toBe(true);
});
