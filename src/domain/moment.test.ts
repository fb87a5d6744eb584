import { describe, expect, test } from 'vitest';
import { parseMoment, printMoment } from './moment.ts';
import { epochSeconds } from './units.ts';

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
    ['2026-03-10T07:30:00.5Z', at + 500],
    ['2026-03-10T07:30:00.123456789Z', at + 123],
  ])('%s', (text, moment) => {
    expect(parseMoment(text)).toBe(moment);
  });

  test.each(['', 'now', '2026-03-10', '2026-13-10T07:30:00Z', '2026-03-10T25:30:00Z', '1773127800', '2026-03-10T07:30Z', '2026-03-10T07:30:00+99:99'])(
    '%s is invalid',
    (text) => {
      expect(parseMoment(text)).toBeUndefined();
    },
  );

  test('the node writes UTC with a Z and whole seconds', () => {
    expect(printMoment(epochSeconds(at / 1000))).toBe('2026-03-10T07:30:00Z');
  });
});
