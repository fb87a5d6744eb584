import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { authorize } from './authorize-token.ts';
import { changedTokens, type ListedToken } from './own-tokens.ts';
import { tokenChange } from './token-changes.ts';

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
const held = (uid: string, minute: number, more: Partial<ListedToken> = {}): WireToken => ({ ...entry(uid, more), last_updated: stamp(minute) });
const changed = (listed: readonly ListedToken[], before: readonly WireToken[], minute: number) =>
  changedTokens(listed, before, epochMillis(noon + minute * 60_000));

describe('the moment of a token', () => {
  test('is when it was first listed', () => {
    expect(changed([entry('A')], [], 0)).toEqual([held('A', 0)]);
  });

  test('does not move while its entry stays as it is, whatever the order of its fields', () => {
    const { uid, ...rest } = entry('A', { language: 'nl' });
    expect(changed([{ ...rest, uid }], [held('A', 0, { language: 'nl' })], 5)).toEqual([]);
  });

  test.each([{ valid: false }, { whitelist: 'NEVER' }, { contract_id: 'C2' }, { visual_number: 'V1' }, { issuer: 'Other' }, { uid: 'a' }] as const)(
    'moves when %o is written',
    (more) => {
      expect(changed([entry('A', more), entry('B')], [held('A', 0), held('B', 0)], 5)).toEqual([held('A', 5, more)]);
    },
  );

  test('moves when a field is taken away', () => {
    expect(changed([entry('A')], [held('A', 0, { group_id: 'G1' })], 5)).toEqual([held('A', 5)]);
  });

  test('moves when it leaves the list, which makes it invalid, once', () => {
    expect(changed([], [held('A', 0)], 5)).toEqual([held('A', 5, { valid: false })]);
    expect(changed([], [held('A', 5, { valid: false })], 9)).toEqual([]);
  });

  test('moves forward, also when the clock was put back', () => {
    expect(changed([entry('A', { valid: false })], [held('A', 5)], 0)).toEqual([
      { ...held('A', 0, { valid: false }), last_updated: '2026-01-31T12:05:00.001Z' },
    ]);
  });

  test('is its own for each type of one uid', () => {
    expect(changed([entry('A'), entry('A', { type: 'APP_USER' })], [held('A', 0)], 5)).toEqual([held('A', 5, { type: 'APP_USER' })]);
  });
});

describe('what a CPO is told', () => {
  test('TRN-31: of a token that it has not acknowledged: all of it', () => {
    expect(tokenChange(undefined, held('A', 0))).toEqual({ by: 'PUT' });
  });

  test('TRN-32: of one that it has: the fields that changed, and when', () => {
    expect(tokenChange(held('A', 0), held('A', 5, { valid: false }))).toEqual({ by: 'PATCH', patch: { valid: false, last_updated: stamp(5) } });
  });

  test('SES-38: of one that lost a field: all of it, since a patch takes nothing away', () => {
    expect(tokenChange(held('A', 0, { group_id: 'G1' }), held('A', 5))).toEqual({ by: 'PUT' });
  });

  test('that asks whether it may charge: ALLOWED at the place that was named, or BLOCKED', () => {
    expect(authorize(held('A', 0), { location_id: 'L1' })).toEqual({ allowed: 'ALLOWED', token: held('A', 0), location: { location_id: 'L1' } });
    expect(authorize(held('A', 0, { valid: false }), { location_id: 'L1' })).toEqual({ allowed: 'BLOCKED', token: held('A', 0, { valid: false }) });
  });
});
