import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { isTimeZone, secondOfDay } from './local-day.ts';

const second = (at: string, zone: string) => secondOfDay(epochSeconds(Date.parse(at) / 1000), zone);

describe('the second of the local day', () => {
  test('is that of the time zone, with its summer time', () => {
    expect(second('2026-01-31T12:34:56Z', 'Europe/Amsterdam')).toBe(13 * 3_600 + 34 * 60 + 56);
    expect(second('2026-07-01T12:34:56Z', 'Europe/Amsterdam')).toBe(14 * 3_600 + 34 * 60 + 56);
    expect(second('2026-07-01T22:00:00Z', 'Europe/Amsterdam')).toBe(0);
  });

  test('is from 0 to 86399 in UTC too, also before 1970 and for a fraction of a second', () => {
    expect(second('2026-07-01T00:00:00Z', 'UTC')).toBe(0);
    expect(second('2026-07-01T23:59:59.9Z', 'UTC')).toBe(86_399);
    expect(secondOfDay(epochSeconds(-1), 'UTC')).toBe(86_399);
    expect(second('2026-07-01T23:59:59Z', 'Etc/GMT')).toBe(86_399);
  });

  test('throws for an unknown time zone', () => {
    expect(() => second('2026-07-01T00:00:00Z', 'Mars/Olympus')).toThrow(RangeError);
  });
});

test('a time zone is one that the machine knows', () => {
  expect([isTimeZone('Europe/Amsterdam'), isTimeZone('UTC'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([true, true, false, false]);
});
