import { describe, expect, test } from 'vitest';
import { epochSeconds, seconds, toSeconds, watts } from '../../domain/units.ts';
import { applyActiveProfile } from './apply-active-profile.ts';
import { active, exchange, holding, limits, now, underway, upTo } from './steered-session.fixture.ts';

describe('what an active profile tells an SCSP', () => {
  const doubted = holding(1, upTo(32), { mayHold: [upTo(32), upTo(16)], uncertain: { profile: upTo(16), exchange }, intended: undefined });

  test('CP-44: in doubt, it holds what it equals', () => {
    expect(applyActiveProfile(doubted, active([0, 16]))).toMatchObject({ holds: [upTo(16)], doubted: undefined, meant: upTo(16) });
    expect(applyActiveProfile(doubted, active([0, 32]))).toMatchObject({ holds: [upTo(32)], doubted: undefined, meant: undefined });
  });

  test('CP-44: in doubt, what equals nothing leaves the worse of old and new, and a new plan', () => {
    expect(applyActiveProfile(doubted, active([0, 10]))).toMatchObject({ holds: [upTo(32), upTo(16)], doubted: undefined, meant: undefined });
  });

  test('CP-44: a limit that is a rounding away, or an edge that is a second late, is the same', () => {
    const profile = limits([0, 16], [600, 8]);
    const it = { ...doubted, doubted: { profile, exchange } };
    expect(applyActiveProfile(it, active([0, 16.04], [601, 8])).mayHold).toEqual([profile]);
    expect(applyActiveProfile(it, active([0, 16], [610, 8])).mayHold).not.toEqual([profile]);
  });

  test('CP-18: without a doubt, more than ours means that ours is gone; less is the CPO’s business', () => {
    const it = holding(1, upTo(16));
    expect(applyActiveProfile(it, active([0, 16], [300, 20]))).toMatchObject({ holds: ['maximum'], meant: undefined });
    expect(applyActiveProfile(it, active([0, 6]))).toBe(it);
  });

  test('CP-18: in another unit, of another time, or while a profile is underway it tells nothing', () => {
    const it = holding(1, upTo(16));
    const inWatts = { unit: 'W', start: toSeconds(now), duration: seconds(900), periods: [{ start: seconds(0), limit: watts(11_040) }] } as const;
    expect(applyActiveProfile(it, inWatts)).toBe(it);
    expect(applyActiveProfile(it, { ...active([0, 32]), start: epochSeconds(now / 1000 - 5_000), duration: seconds(900) })).toBe(it);
    const sent = underway(upTo(16));
    expect(applyActiveProfile(sent, active([0, 32]))).toBe(sent);
  });
});
