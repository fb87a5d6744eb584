import { describe, expect, test } from 'vitest';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochMillis, epochSeconds, seconds } from '../../domain/units.ts';
import { socket } from './profile-request.fixture.ts';
import { activeProfileToReport, HORIZON, mustPush } from './report-active-charging-profile.ts';

const now = epochMillis(1_800_000_000_000);
const active = (limit: number, start = 1_800_000_000): ActiveChargingProfile => ({
  unit: 'A',
  start: epochSeconds(start),
  duration: HORIZON,
  periods: [{ start: seconds(0), limit: amperes(limit) }],
});

describe('what is reported as active', () => {
  test('CP-22: looks 5 to 60 minutes ahead', () => {
    expect(HORIZON).toBeGreaterThanOrEqual(300);
    expect(HORIZON).toBeLessThanOrEqual(3_600);
  });

  test('CP-19: is what the charge point has calculated from all its inputs', () => {
    const heard = { is: 'ACCEPTED', activeProfile: active(8) } as const;
    expect(activeProfileToReport({ heard, evse: socket, unit: 'A', now })).toEqual(active(8));
  });

  test('CP-23: is the maximum of the EVSE when nothing is installed and the charge point has nothing to say', () => {
    const heard = { is: 'REJECTED', because: 'no profile' } as const;
    expect(activeProfileToReport({ heard, evse: socket, unit: undefined, now })).toEqual(active(32));
  });

  test('CP-23: is in watts for a DC connector, whose amperes mean nothing', () => {
    const heard = { is: 'REJECTED', because: 'no profile' } as const;
    expect(activeProfileToReport({ heard, evse: { ...socket, powerType: 'DC' }, unit: undefined, now })).toMatchObject({
      unit: 'W',
      periods: [{ start: 0, limit: 7_360 }],
    });
  });

  test.each([
    ['a profile is installed and the charge point does not say what it makes of it', { is: 'REJECTED', because: 'x' }, 'A'],
    ['the charge point did not answer', { is: 'SILENT', because: 'deadline' }, undefined],
    ['the charge point could not be asked', { is: 'NOT_SENT', because: 'offline' }, undefined],
    ['its answer holds no schedule', { is: 'ACCEPTED' }, 'A'],
  ] as const)('CP-21: is nothing when %s', (_, heard, unit) => {
    expect(activeProfileToReport({ heard, evse: socket, unit, now })).toBeUndefined();
  });
});

describe('whether it is news to an entitled sender', () => {
  test('CP-18: the first value is, and each that differs', () => {
    expect(mustPush({ profile: undefined, stale: false }, active(8), socket)).toBe(true);
    expect(mustPush({ profile: active(10), stale: false }, active(8), socket)).toBe(true);
  });

  test('CP-19: the same limits a minute later are not', () => {
    expect(mustPush({ profile: active(8), stale: false }, active(8, 1_800_000_060), socket)).toBe(false);
  });

  test('CP-23: the same limit behind the end of what was told is not, another one is', () => {
    expect(mustPush({ profile: active(8), stale: false }, active(8, 1_800_003_600), socket)).toBe(false);
    expect(mustPush({ profile: active(8), stale: false }, active(32, 1_800_003_600), socket)).toBe(true);
  });

  test('CP-18: they are, when the last push may not have arrived', () => {
    expect(mustPush({ profile: active(8), stale: true }, active(8), socket)).toBe(true);
  });
});
