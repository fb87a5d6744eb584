import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { mergePeriods } from './merge-periods.ts';
import { type Limit, limitAt, lowest, scheduleOf } from './schedule.ts';

const inAmperes = (pairs: readonly (readonly [start: number, limit: number])[], duration?: number): ChargingProfile => ({
  unit: 'A',
  ...(duration !== undefined && { duration: seconds(duration) }),
  periods: pairs.map(([start, limit]) => ({ start: seconds(start), limit: amperes(limit) })),
});
const pairsOf = (text: string) => text.split(' ').map((pair): [number, number] => [Number(pair.split(':')[0]), Number(pair.split(':')[1])]);
const print = ({ periods }: ChargingProfile) => periods.map(({ start, limit }) => `${start}:${limit}`).join(' ');

const drawn = fc
  .tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(32)), { minLength: 1, maxLength: 12 }), fc.boolean(), fc.integer({ min: 1, max: 12 }))
  .map(([parts, ends, most]) => {
    let at = 0;
    const pairs = parts.map(([length, limit], i): [number, number] => {
      if (i > 0) at += length;
      return [at, limit];
    });
    return { profile: inAmperes(pairs, ends ? at + 30 : undefined), most };
  });
const steps = (profile: ChargingProfile) => scheduleOf<Limit>(profile, epochSeconds(0));

describe('merging the periods of a profile', () => {
  test.each([
    [4, '0:16 60:15 120:32 180:6'],
    [3, '0:15 120:32 180:6'],
    [2, '0:15 180:6'],
    [1, '0:6'],
  ])('to %i merges the neighbours that lose least energy, at the lower limit: %s', (most, expected) => {
    expect(print(mergePeriods(inAmperes(pairsOf('0:16 60:15 120:32 180:6 3600:7'), 3630), most))).toBe(expected);
  });
  test('lowers a last period that never ends only when no other pair is left', () => {
    expect(print(mergePeriods(inAmperes(pairsOf('0:6 9000000:7 10000000:32')), 2))).toBe('0:6 10000000:32');
  });
  test('keeps the lower number of phases', () => {
    const profile: ChargingProfile = {
      unit: 'A',
      periods: [
        { start: seconds(0), limit: amperes(9), numberPhases: 1 },
        { start: seconds(9), limit: amperes(8) },
      ],
    };
    expect(mergePeriods(profile, 1).periods).toEqual([{ start: 0, limit: 8, numberPhases: 1 }]);
  });
  test('in watts keeps all other fields', () => {
    const profile: ChargingProfile = {
      unit: 'W',
      start: epochSeconds(1_000),
      duration: seconds(90),
      minChargingRate: watts(1_400),
      periods: [5_000, 4_000, 6_000].map((limit, n) => ({ start: seconds(n * 30), limit: watts(limit) })),
    };
    expect(mergePeriods(profile, 1)).toEqual({ ...profile, periods: [{ start: 0, limit: 4_000 }] });
  });
  test('adds no number of phases when none is written, and three count where only one period has it', () => {
    const two = (first?: 1 | 2, second?: 1 | 2): ChargingProfile => ({
      unit: 'A',
      periods: [first, second].map((numberPhases, n) => ({ start: seconds(n), limit: amperes(8), ...(numberPhases && { numberPhases }) })),
    });
    expect([two(), two(2), two(undefined, 1), two(2, 1)].map((it) => mergePeriods(it, 1).periods[0]?.numberPhases)).toEqual([undefined, 2, 1, 1]);
    expect(mergePeriods(two(), 1).periods[0]).not.toHaveProperty('numberPhases');
  });
  test('drops periods at or after the end of the profile', () => {
    expect(print(mergePeriods(inAmperes(pairsOf('0:16 60:8 90:1'), 90), 2))).toBe('0:16 60:8');
  });
  test('returns the same object when it is short enough', () => {
    const profile = inAmperes([[0, 16]]);
    expect(mergePeriods(profile, 1)).toBe(profile);
  });
  test('refuses 0 periods', () => expect(() => mergePeriods(inAmperes([[0, 16]]), 0)).toThrow(RangeError));
  test('merges ten thousand periods', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => [i, (i * 7919) % 320] as const);
    expect(mergePeriods(inAmperes(many), 24).periods).toHaveLength(24);
  });
});

describe('laws of merging periods', () => {
  const law = (says: (made: { profile: ChargingProfile; most: number }) => void) => fc.assert(fc.property(drawn, (made) => void says(made)));
  test('SEC-35: no limit rises', () =>
    law(({ profile, most }) => expect(lowest(steps(mergePeriods(profile, most)), steps(profile))).toEqual(steps(mergePeriods(profile, most)))));
  test('the first period starts at 0, the periods are in order, and there are at most as many as allowed', () =>
    law(({ profile, most }) => {
      const { periods } = mergePeriods(profile, most);
      expect(periods.length).toBe(Math.min(most, profile.periods.length));
      expect(periods.every(({ start }, i) => (i === 0 ? start === 0 : start > (periods[i - 1]?.start ?? 0)))).toBe(true);
    }));
  test('each limit is a limit of the original profile', () =>
    law(({ profile, most }) => {
      const limits = profile.periods.map(({ limit }) => Number(limit));
      expect(mergePeriods(profile, most).periods.every(({ limit }) => limits.includes(limit))).toBe(true);
    }));
  test('merging one pair keeps the most energy possible', () =>
    law(({ profile }) => {
      const { length } = profile.periods;
      if (length < 2 || profile.duration === undefined) return;
      const end = Number(profile.duration);
      const energy = (made: ChargingProfile) =>
        Array.from({ length: end }, (_, at) => Number(limitAt(steps(made), epochSeconds(at)) ?? 0)).reduce((a, b) => a + b, 0);
      const others = profile.periods.slice(1).map((_, i) => {
        const [before, one, next, after] = [profile.periods.slice(0, i), profile.periods[i], profile.periods[i + 1], profile.periods.slice(i + 2)];
        const lower = Math.min(one?.limit ?? 0, next?.limit ?? 0);
        return energy(
          inAmperes([...before.map((p) => [p.start, p.limit] as const), [one?.start ?? 0, lower], ...after.map((p) => [p.start, p.limit] as const)], end),
        );
      });
      expect(energy(mergePeriods(profile, length - 1))).toBe(Math.max(...others));
    }));
});
