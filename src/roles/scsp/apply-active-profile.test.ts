import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, toSeconds, watts } from '../../domain/units.ts';
import { applyActiveProfile } from './apply-active-profile.ts';
import { active, exchange, holding, inSeconds, limits, now, underway, upTo } from './steered-session.fixture.ts';

describe('an active profile at an SCSP', () => {
  const uncertain = holding(1, upTo(32), { mayHold: [upTo(32), upTo(16)], uncertain: { profile: upTo(16), exchange }, intended: undefined });

  test('CP-44: with an uncertain profile, the profile that equals the active one is in force', () => {
    const quiet = { ...uncertain, quietUntil: inSeconds(30) };
    expect(applyActiveProfile(quiet, active([0, 16]))).toEqual({ ...uncertain, mayHold: [upTo(16)], uncertain: undefined, intended: upTo(16) });
    expect(applyActiveProfile(uncertain, active([0, 32]))).toMatchObject({ mayHold: [upTo(32)], uncertain: undefined, intended: undefined });
  });

  test('CP-44: with an uncertain profile, an active profile that equals none leaves both possible and requires a new plan', () => {
    expect(applyActiveProfile(uncertain, active([0, 10]))).toMatchObject({ mayHold: [upTo(32), upTo(16)], uncertain: undefined, intended: undefined });
  });

  test('CP-44: with an uncertain profile, an active profile in another unit equals none', () => {
    const inWatts = { unit: 'W', start: toSeconds(now), duration: seconds(900), periods: [{ start: seconds(0), limit: watts(16) }] } as const;
    expect(applyActiveProfile(uncertain, inWatts)).toMatchObject({ mayHold: [upTo(32), upTo(16)], intended: undefined });
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
    const sent = underway(upTo(8), { mayHold: [upTo(16)] });
    expect(applyActiveProfile(sent, active([0, 32]))).toBe(sent);
  });

  test('CP-18: without a profile of this SCSP it changes nothing', () => {
    const it = { ...holding(1, upTo(16)), mayHold: ['maximum'] } as const;
    expect(applyActiveProfile(it, active([0, 32]))).toBe(it);
  });

  test('CP-18: above one of the profiles that may be in force means that none of them is', () => {
    const it = holding(1, upTo(16), { mayHold: [upTo(32), upTo(16)] });
    expect(applyActiveProfile(it, active([0, 20]))).toMatchObject({ mayHold: ['maximum'], intended: undefined });
  });

  test('CP-18: a difference of half a tenth is rounding', () => {
    const it = holding(1, upTo(0));
    expect(applyActiveProfile(it, active([0, 0.05]))).toBe(it);
  });

  test('CP-44: a profile without a start is compared from the start of the active one', () => {
    const relative: ChargingProfile = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(16) }] };
    const it = holding(1, relative);
    expect(applyActiveProfile(it, active([0, 16]))).toBe(it);
    expect(applyActiveProfile(it, active([0, 20])).mayHold).toEqual(['maximum']);
    const unsure = holding(1, upTo(32), { mayHold: [upTo(32), relative], uncertain: { profile: relative, exchange } });
    expect(applyActiveProfile(unsure, active([0, 16])).mayHold).toEqual([relative]);
    expect(applyActiveProfile(unsure, active([0, 10])).mayHold).toEqual([upTo(32), relative]);
  });
});
