import { describe, expect, test } from 'vitest';
import { epochSeconds, seconds, toSeconds, watts } from '../../domain/units.ts';
import { learnActiveProfile } from './apply-active-profile.ts';
import { active, exchange, holding, limits, now, underway, upTo } from './steered-session.fixture.ts';

describe('what an active profile tells an SCSP', () => {
  const doubted = holding(1, upTo(32), { holds: [upTo(32), upTo(16)], doubted: { profile: upTo(16), exchange }, meant: undefined });

  test('CP-44: in doubt, it holds what it equals', () => {
    expect(learnActiveProfile(doubted, active([0, 16]))).toMatchObject({ holds: [upTo(16)], doubted: undefined, meant: upTo(16) });
    expect(learnActiveProfile(doubted, active([0, 32]))).toMatchObject({ holds: [upTo(32)], doubted: undefined, meant: undefined });
  });

  test('CP-44: in doubt, what equals nothing leaves the worse of old and new, and a new plan', () => {
    expect(learnActiveProfile(doubted, active([0, 10]))).toMatchObject({ holds: [upTo(32), upTo(16)], doubted: undefined, meant: undefined });
  });

  test('CP-44: a limit that is a rounding away, or an edge that is a second late, is the same', () => {
    const profile = limits([0, 16], [600, 8]);
    const it = { ...doubted, doubted: { profile, exchange } };
    expect(learnActiveProfile(it, active([0, 16.04], [601, 8])).holds).toEqual([profile]);
    expect(learnActiveProfile(it, active([0, 16], [610, 8])).holds).not.toEqual([profile]);
  });

  test('CP-18: without a doubt, more than ours means that ours is gone; less is the CPO’s business', () => {
    const it = holding(1, upTo(16));
    expect(learnActiveProfile(it, active([0, 16], [300, 20]))).toMatchObject({ holds: ['maximum'], meant: undefined });
    expect(learnActiveProfile(it, active([0, 6]))).toBe(it);
  });

  test('CP-18: in another unit, of another time, or while a profile is underway it tells nothing', () => {
    const it = holding(1, upTo(16));
    const inWatts = { unit: 'W', start: toSeconds(now), duration: seconds(900), periods: [{ start: seconds(0), limit: watts(11_040) }] } as const;
    expect(learnActiveProfile(it, inWatts)).toBe(it);
    expect(learnActiveProfile(it, { ...active([0, 32]), start: epochSeconds(now / 1000 - 5_000), duration: seconds(900) })).toBe(it);
    const sent = underway(upTo(16));
    expect(learnActiveProfile(sent, active([0, 32]))).toBe(sent);
  });
});
