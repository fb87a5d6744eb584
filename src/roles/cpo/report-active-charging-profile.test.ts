import { describe, expect, test } from 'vitest';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochMillis, epochSeconds, seconds } from '../../domain/units.ts';
import { socket } from './profile-request.fixture.ts';
import { activeProfileToReport, HORIZON, mustPush, REVIEW_AFTER } from './report-active-charging-profile.ts';

const now = epochMillis(1_800_000_000_000);
const active = (limit: number, start = 1_800_000_000): ActiveChargingProfile => ({
  unit: 'A',
  start: epochSeconds(start),
  duration: HORIZON,
  periods: [{ start: seconds(0), limit: amperes(limit) }],
});

describe('the reported active profile', () => {
  test('CP-22: covers 5 to 60 minutes', () => {
    expect(HORIZON).toBeGreaterThanOrEqual(300);
    expect(HORIZON).toBeLessThanOrEqual(3_600);
  });

  test('CP-23: is read again before it ends', () => {
    expect(REVIEW_AFTER).toBe(HORIZON - 300);
  });

  test('CP-19: is the composite schedule of the charge point', () => {
    const answer = { is: 'ACCEPTED', activeProfile: active(8) } as const;
    expect(activeProfileToReport({ answer, evse: socket, unit: 'A', now })).toEqual(active(8));
  });

  test('CP-23: is the maximum of the EVSE when no profile is installed and the charge point rejects the request', () => {
    const answer = { is: 'REJECTED', because: 'no profile' } as const;
    expect(activeProfileToReport({ answer, evse: socket, unit: undefined, now })).toEqual(active(32));
  });

  test('CP-23: is in watts for a DC connector', () => {
    const answer = { is: 'REJECTED', because: 'no profile' } as const;
    expect(activeProfileToReport({ answer, evse: { ...socket, powerType: 'DC' }, unit: undefined, now })).toMatchObject({
      unit: 'W',
      periods: [{ start: 0, limit: 7_360 }],
    });
  });

  test.each([
    ['a profile is installed and the charge point rejects the request', { is: 'REJECTED', because: 'x' }, 'A'],
    ['the charge point did not answer', { is: 'SILENT', because: 'deadline' }, undefined],
    ['the request could not be sent', { is: 'NOT_SENT', because: 'offline' }, undefined],
    ['its answer has no schedule', { is: 'ACCEPTED' }, 'A'],
  ] as const)('CP-21: is undefined when %s', (_, answer, unit) => {
    expect(activeProfileToReport({ answer, evse: socket, unit, now })).toBeUndefined();
  });
});

describe('whether the active profile is pushed', () => {
  test('CP-18: the first one is, and each different one', () => {
    expect(mustPush({ profile: undefined, stale: false }, active(8), socket)).toBe(true);
    expect(mustPush({ profile: active(10), stale: false }, active(8), socket)).toBe(true);
  });

  test('CP-19: the same limits a minute later are not', () => {
    expect(mustPush({ profile: active(8), stale: false }, active(8, 1_800_000_060), socket)).toBe(false);
  });

  test('CP-23: the same limit after the end of the pushed profile is not, another limit is', () => {
    expect(mustPush({ profile: active(8), stale: false }, active(8, 1_800_003_600), socket)).toBe(false);
    expect(mustPush({ profile: active(8), stale: false }, active(32, 1_800_003_600), socket)).toBe(true);
  });

  test('CP-18: the same limits are, when the last push may not have arrived', () => {
    expect(mustPush({ profile: active(8), stale: true }, active(8), socket)).toBe(true);
  });
});
