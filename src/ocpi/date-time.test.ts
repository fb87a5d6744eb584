import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { epochMillis, epochSeconds } from '../domain/units.ts';
import { compareDateTimes, dateTimeMillis, dateTimeSeconds, printDateTime, printSeconds, readDateTime } from './date-time.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('a DateTime', () => {
  test.each([
    ['2015-06-29T20:39:09Z', 1_435_610_349_000],
    ['2015-06-29T20:39:09', 1_435_610_349_000],
    ['2016-12-29T17:45:09.2Z', 1_483_033_509_200],
    ['2016-12-29T17:45:09.2', 1_483_033_509_200],
    ['2018-01-01T01:08:01.123Z', 1_514_768_881_123],
    ['2018-01-01T01:08:01.123', 1_514_768_881_123],
  ])('TYP-04: %s, one of the six formats in the specification, is read', (text, millis) => {
    expect(dateTimeMillis(text)).toBe(millis);
  });

  test.each([
    ['an offset', '2015-06-29T20:39:09+02:00'],
    ['+00:00', '2015-06-29T20:39:09+00:00'],
    ['a space instead of T', '2015-06-29 20:39:09Z'],
    ['a lower-case t', '2015-06-29t20:39:09Z'],
    ['a lower-case z', '2015-06-29T20:39:09z'],
    ['a week date', '2015-W27-1T20:39:09Z'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['hour 24', '2026-02-27T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['no seconds', '2026-01-01T00:00Z'],
    ['a date alone', '2026-01-01'],
    ['a dot without digits', '2026-01-01T00:00:00.Z'],
    ['ten decimals of a second', '2026-01-01T00:00:00.1234567890Z'],
    ['an empty text', ''],
  ])('TYP-04: %s is not read', (_, text) => {
    expect(readDateTime(text)).toBeUndefined();
  });

  test('TYP-04: 29 February of a leap year is read', () => {
    expect(dateTimeSeconds('2028-02-29T00:00:00Z')).toBe(1_835_395_200);
  });

  test('TYP-05: without a time zone it is UTC, whatever the time zone of the machine', () => {
    process.env.TZ = 'Asia/Tokyo';
    expect(new Date(2015, 5, 29).getTimezoneOffset()).toBe(-540);
    expect(dateTimeMillis('2015-06-29T20:39:09')).toBe(dateTimeMillis('2015-06-29T20:39:09Z'));
  });

  test('TYP-06: one to nine decimals of a second keep their order down to the microsecond', () => {
    const inOrder = ['09', '09.000001', '09.0000019', '09.1', '09.12', '09.123', '09.1234', '09.12345', '09.123456', '09.2'].map(
      (it) => `2015-06-29T20:39:${it}Z`,
    );
    const micros = inOrder.map((it) => readDateTime(it));
    expect(micros.every((it, at) => at === 0 || (it ?? 0) >= (micros[at - 1] ?? 0))).toBe(true);
    expect(compareDateTimes('2015-06-29T20:39:09.123456Z', '2015-06-29T20:39:09.123457')).toBeLessThan(0);
  });

  test('TYP-07: a written DateTime ends in Z, has three decimals of a second, and reads back as the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (millis) => {
        const text = printDateTime(epochMillis(millis));
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(dateTimeMillis(text)).toBe(millis);
      }),
    );
    expect(printSeconds(epochSeconds(0))).toBe('1970-01-01T00:00:00Z');
  });
});
