import { describe, expect, test } from 'vitest';
import { sessionKey } from '../domain/ids.ts';
import type { ValueStep } from '../planner/index.ts';
import { limitAt, sendProfiles } from './send-profiles.ts';
import { hour, MIDNIGHT } from './two-cars.fixture.ts';

const [A, B] = [sessionKey('NL', 'CPO', 'A'), sessionKey('NL', 'CPO', 'B')];
const flat = (value: number): readonly ValueStep[] => [{ from: hour(0), to: hour(8), value }];
const plan = (key: typeof A, value: number) => ({ key, steps: flat(value), until: hour(1), perUnit: 230 });
/** Both limits together are 20 at most. */
const isWithin = (inForce: ReadonlyMap<typeof A, readonly ValueStep[]>) =>
  (limitAt(inForce.get(A), MIDNIGHT) ?? 0) + (limitAt(inForce.get(B), MIDNIGHT) ?? 0) <= 20;
const sent = (old: [number, number], next: [number, number], accepts: (key: typeof A) => boolean = () => true) => {
  const inForce = new Map([
    [A, flat(old[0])],
    [B, flat(old[1])],
  ]);
  const messages = sendProfiles(inForce, [plan(A, next[0]), plan(B, next[1])], { now: MIDNIGHT, accepts, isWithin });
  return [messages, limitAt(inForce.get(A), MIDNIGHT), limitAt(inForce.get(B), MIDNIGHT)];
};

describe('PLN-E04: profiles are sent by rules', () => {
  test.each<[string, { old: [number, number]; next: [number, number]; expected: number[] }]>([
    ['a small change is not sent', { old: [10, 10], next: [10.5, 9.5], expected: [0, 10, 10] }],
    ['both changes are sent', { old: [6, 14], next: [14, 6], expected: [2, 14, 6] }],
    ['a small reduction goes along when an increase needs it', { old: [6, 13], next: [8, 12], expected: [2, 8, 12] }],
  ])('%s', (_, { old, next, expected }) => {
    expect(sent(old, next)).toEqual(expected);
  });

  test('an increase waits while a reduction is refused', () => {
    expect(sent([6, 14], [14, 6], (key) => key !== B)).toEqual([1, 6, 14]);
  });

  test('a first profile is always sent', () => {
    const inForce = new Map<typeof A, readonly ValueStep[]>();
    expect(sendProfiles(inForce, [plan(A, 0)], { now: MIDNIGHT, accepts: () => true, isWithin })).toBe(1);
  });
});
