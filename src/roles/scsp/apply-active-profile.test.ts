import { describe, expect, test } from 'vitest';
import { epochSeconds, seconds, toSeconds, watts } from '../../domain/units.ts';
import { applyActiveProfile } from './apply-active-profile.ts';
import { active, exchange, holding, limits, now, underway, upTo } from './steered-session.fixture.ts';

describe('an active profile at an SCSP', () => {
  const uncertain = holding(1, upTo(32), { mayHold: [upTo(32), upTo(16)], uncertain: { profile: upTo(16), exchange }, intended: undefined });

  test('CP-44: with an uncertain profile, the profile that equals the active one is in force', () => {
    expect(applyActiveProfile(uncertain, active([0, 16]))).toMatchObject({ mayHold: [upTo(16)], uncertain: undefined, intended: upTo(16) });
    expect(applyActiveProfile(uncertain, active([0, 32]))).toMatchObject({ mayHold: [upTo(32)], uncertain: undefined, intended: undefined });
  });

  test('CP-44: with an uncertain profile, an active profile that equals none leaves both possible and requires a new plan', () => {
    expect(applyActiveProfile(uncertain, active([0, 10]))).toMatchObject({ mayHold: [upTo(32), upTo(16)], uncertain: undefined, intended: undefined });
  });

  test('CP-44: limits that differ by rounding and steps that differ by a second are equal', () => {
    const profile = limits([0, 16], [600, 8]);
    const it = { ...uncertain, uncertain: { profile, exchange } };
    expect(applyActiveProfile(it, active([0, 16.04], [601, 8])).mayHold).toEqual([profile]);
    expect(applyActiveProfile(it, active([0, 16], [610, 8])).mayHold).not.toEqual([profile]);
  });

  test('CP-18: a higher active profile means that our profile is not in force; a lower one changes nothing', () => {
    const it = holding(1, upTo(16));
    expect(applyActiveProfile(it, active([0, 16], [300, 20]))).toMatchObject({ mayHold: ['maximum'], intended: undefined });
    expect(applyActiveProfile(it, active([0, 6]))).toBe(it);
  });

  test('CP-18: in another unit, for another time, or while a profile is underway it changes nothing', () => {
    const it = holding(1, upTo(16));
    const inWatts = { unit: 'W', start: toSeconds(now), duration: seconds(900), periods: [{ start: seconds(0), limit: watts(11_040) }] } as const;
    expect(applyActiveProfile(it, inWatts)).toBe(it);
    expect(applyActiveProfile(it, { ...active([0, 32]), start: epochSeconds(now / 1000 - 5_000), duration: seconds(900) })).toBe(it);
    const sent = underway(upTo(16));
    expect(applyActiveProfile(sent, active([0, 32]))).toBe(sent);
  });
});
