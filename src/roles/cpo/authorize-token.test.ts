import { describe, expect, test } from 'vitest';
import type { WireAuthorizationInfo } from '../../ocpi/tokens/token.ts';
import { cdrTokenOf, decideLocally, identifyToken, type KnownToken, needsNoAuthorization, statusFrom } from './authorize-token.ts';

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
    expect(identifyToken(card, undefined, [known({ valid: false, whitelist: 'NEVER' })])).toMatchObject({ is: 'KNOWN' });
  });

  test('F-32: an invalid token is known, so that its driver reads that it is blocked', () => {
    expect(identifyToken(card, undefined, [known({ valid: false })])).toEqual({ is: 'KNOWN', token: known({ valid: false }) });
    expect(identifyToken(card, undefined, [known({ valid: false }), known({ valid: false, party_id: 'TNM' })])).toMatchObject({ is: 'KNOWN' });
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

const here = { locationId: 'LOC1', evseUids: ['E1'] };

test.each([
  ['BLOCKED', 'Blocked'],
  ['EXPIRED', 'Expired'],
  ['NO_CREDIT', 'NoCredit'],
  ['NOT_ALLOWED', 'NotAtThisLocation'],
] as const)('TOK-10, F-32: %s of the eMSP is %s at the charge point', (allowed, status) => {
  expect(statusFrom({ allowed, token }, here)).toBe(status);
});

test.each([
  { what: 'no location', location: undefined, at: here, status: 'Accepted' },
  { what: 'this location in other letters', location: { location_id: 'loc1' }, at: here, status: 'Accepted' },
  { what: 'another location', location: { location_id: 'LOC2' }, at: here, status: 'NotAtThisLocation' },
  { what: 'another location, while ours is not known', location: { location_id: 'LOC2' }, at: { ...here, locationId: undefined }, status: 'Accepted' },
  { what: 'this EVSE in other letters', location: { location_id: 'LOC1', evse_uids: ['E2', 'e1'] }, at: here, status: 'Accepted' },
  { what: 'no EVSE in a list', location: { location_id: 'LOC1', evse_uids: [] }, at: here, status: 'Accepted' },
  { what: 'another EVSE', location: { location_id: 'LOC1', evse_uids: ['E2'] }, at: here, status: 'NotAtThisLocation' },
  {
    what: 'one of the EVSEs where it may be',
    location: { location_id: 'LOC1', evse_uids: ['E2'] },
    at: { ...here, evseUids: ['E1', 'E2'] },
    status: 'Accepted',
  },
  {
    what: 'none of the EVSEs where it may be',
    location: { location_id: 'LOC1', evse_uids: ['E3'] },
    at: { ...here, evseUids: ['E1', 'E2'] },
    status: 'NotAtThisLocation',
  },
])('TOK-08, F-34: ALLOWED with $what: $status', ({ location, at, status }) => {
  expect(statusFrom({ allowed: 'ALLOWED', token, ...(location && { location }) }, at)).toBe(status);
});

test('F-30: only the type NoAuthorization needs no authorization', () => {
  expect(needsNoAuthorization({ uid: '', type: 'NoAuthorization' })).toBe(true);
  expect(needsNoAuthorization({ uid: '', type: 'RFID' })).toBe(false);
});
