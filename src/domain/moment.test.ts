import { describe, expect, test } from 'vitest';
import { parseMoment, printMoment, printMomentMillis } from './moment.ts';
import { epochMillis, epochSeconds } from './units.ts';

const at = Date.parse('2026-03-10T07:30:00Z');

describe('reading the dates and times that stations write', () => {
  test.each([
    ['2026-03-10T07:30:00Z', at],
    ['2026-03-10T07:30:00z', at],
    ['2026-03-10T09:30:00+02:00', at],
    ['2026-03-10T09:30:00+0200', at],
    ['2026-03-10T09:30:00+02', at],
    ['2026-03-10T07:30:00', at],
    ['2026-03-10 07:30:00Z', at],
    ['2026-03-10t07:30:00Z', at],
    ['2026-03-10T05:00:00-02:30', at],
    ['2026-03-10T07:30:00,25Z', at + 250],
    ['2026-03-10T07:30:00.123456789012Z', at + 123],
    ['2026-03-10T07:30:00.5Z', at + 500],
    ['2026-03-10T07:30:00.123456789Z', at + 123],
  ])('%s', (text, moment) => {
    expect(parseMoment(text)).toBe(moment);
  });

  test.each([
    '',
    'now',
    '2026-03-10',
    '2026-13-10T07:30:00Z',
    '2026-03-10T25:30:00Z',
    '1773127800',
    '2026-03-10T07:30Z',
    '2026-03-10T07:30:00+99:99',
    'x2026-03-10T07:30:00Z',
    '2026-03-10T07:30:00Zx',
    '2026-03-10T07:30:00.1234567890123Z',
  ])('%s is invalid', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });

  test('the node writes UTC with a Z and whole seconds', () => {
    expect(printMoment(epochSeconds(at / 1000))).toBe('2026-03-10T07:30:00Z');
    expect(printMoment(epochSeconds(at / 1000 + 0.9))).toBe('2026-03-10T07:30:00Z');
  });

  test('the node writes milliseconds for a station that sets its clock by them', () => {
    expect(printMomentMillis(epochMillis(at + 7))).toBe('2026-03-10T07:30:00.007Z');
  });
});
