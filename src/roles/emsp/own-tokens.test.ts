import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { authorize, changedTokens, type ListedToken, tokenChange } from './own-tokens.ts';

const entry = (uid: string, more: Partial<ListedToken> = {}): ListedToken => ({
  country_code: 'NL',
  party_id: 'MSP',
  uid,
  type: 'RFID',
  contract_id: `C-${uid}`,
  issuer: 'MSP',
  valid: true,
  whitelist: 'ALWAYS',
  ...more,
});
const noon = Date.UTC(2026, 0, 31, 12);
const stamp = (minute: number) => new Date(noon + minute * 60_000).toISOString();
const stored = (uid: string, minute: number, more: Partial<ListedToken> = {}): WireToken => ({ ...entry(uid, more), last_updated: stamp(minute) });
const changed = (listed: readonly ListedToken[], before: readonly WireToken[], minute: number) =>
  changedTokens(listed, before, epochMillis(noon + minute * 60_000));

describe('last_updated of a token', () => {
  test('is the moment at which it was first listed', () => {
    expect(changed([entry('A')], [], 0)).toEqual([stored('A', 0)]);
  });

  test('stays while its entry is unchanged, in any order of its fields', () => {
    const { uid, ...rest } = entry('A', { language: 'nl' });
    expect(changed([{ ...rest, uid }], [stored('A', 0, { language: 'nl' })], 5)).toEqual([]);
  });

  test.each([{ valid: false }, { whitelist: 'NEVER' }, { contract_id: 'C2' }, { visual_number: 'V1' }, { issuer: 'Other' }, { uid: 'a' }] as const)(
    'moves when the entry changes to %o',
    (more) => {
      expect(changed([entry('A', more), entry('B')], [stored('A', 0), stored('B', 0)], 5)).toEqual([stored('A', 5, more)]);
    },
  );

  test('moves when a field is removed', () => {
    expect(changed([entry('A')], [stored('A', 0, { group_id: 'G1' })], 5)).toEqual([stored('A', 5)]);
  });

  test('moves once when the token is removed from the list, which makes it invalid', () => {
    expect(changed([], [stored('A', 0)], 5)).toEqual([stored('A', 5, { valid: false })]);
    expect(changed([], [stored('A', 5, { valid: false })], 9)).toEqual([]);
  });

  test('moves forward, also after the clock was set back', () => {
    expect(changed([entry('A', { valid: false })], [stored('A', 5)], 0)).toEqual([
      { ...stored('A', 0, { valid: false }), last_updated: '2026-01-31T12:05:00.001Z' },
    ]);
  });

  test('stays for each of several unchanged tokens', () => {
    expect(changed([entry('A'), entry('B')], [stored('A', 0), stored('B', 0)], 5)).toEqual([]);
  });

  test('is separate for each type of one uid', () => {
    expect(changed([entry('A'), entry('A', { type: 'APP_USER' })], [stored('A', 0)], 5)).toEqual([stored('A', 5, { type: 'APP_USER' })]);
  });
});

test('TYP-12: a token is not another one whose type and uid have the same letters in a row', () => {
  const [listed, removed] = [entry('1', { type: 'APP_USER' }), entry('R1', { type: 'APP_USE' })];
  expect(changed([listed], [{ ...removed, last_updated: stamp(0) }], 5)).toEqual([
    { ...listed, last_updated: stamp(5) },
    { ...removed, valid: false, last_updated: stamp(5) },
  ]);
});

describe('the message to a CPO', () => {
  test('TRN-31: is the whole token when the CPO has not acknowledged it before', () => {
    expect(tokenChange(undefined, stored('A', 0))).toEqual({ by: 'PUT' });
  });

  test('TRN-32: is the changed fields and last_updated when it has', () => {
    expect(tokenChange(stored('A', 0), stored('A', 5, { valid: false }))).toEqual({ by: 'PATCH', patch: { valid: false, last_updated: stamp(5) } });
  });

  test('SES-38: is the whole token when a field was removed, because a PATCH cannot remove one', () => {
    expect(tokenChange(stored('A', 0, { group_id: 'G1' }), stored('A', 5))).toEqual({ by: 'PUT' });
  });

  test('about authorization is ALLOWED with the location of the request, or BLOCKED', () => {
    expect(authorize(stored('A', 0), { location_id: 'L1' })).toEqual({ allowed: 'ALLOWED', token: stored('A', 0), location: { location_id: 'L1' } });
    expect(authorize(stored('A', 0, { valid: false }), { location_id: 'L1' })).toEqual({ allowed: 'BLOCKED', token: stored('A', 0, { valid: false }) });
  });
});

describe('TOK-06, TOK-07: a token that may charge at some places only', () => {
  const [token, here, part] = [stored('A', 0), { location_id: 'L1' }, { location_id: 'L2', evse_uids: ['E1', 'E2'] }];
  test.each([
    { what: 'no location', location: undefined, answer: undefined },
    {
      what: 'its location',
      location: { location_id: 'l1', evse_uids: ['E9'] },
      answer: { allowed: 'ALLOWED', token, location: { location_id: 'l1', evse_uids: ['E9'] } },
    },
    { what: 'its location by EVSEs', location: { location_id: 'L2' }, answer: { allowed: 'ALLOWED', token, location: part } },
    {
      what: 'one of its EVSEs',
      location: { location_id: 'L2', evse_uids: ['e1', 'E3'] },
      answer: { allowed: 'ALLOWED', token, location: { location_id: 'L2', evse_uids: ['e1'] } },
    },
    { what: 'another EVSE', location: { location_id: 'L2', evse_uids: ['E3'] }, answer: { allowed: 'NOT_ALLOWED', token } },
    { what: 'another location', location: { location_id: 'L3' }, answer: { allowed: 'NOT_ALLOWED', token } },
  ])('asked about $what', ({ location, answer }) => {
    expect(authorize(token, location, [here, part])).toEqual(answer);
  });
});
