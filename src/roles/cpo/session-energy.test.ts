import { describe, expect, test } from 'vitest';
import type { Reading } from '../../domain/station.ts';
import { wattHours } from '../../domain/units.ts';
import { energyOf } from './session-energy.ts';
import { end20, followStation, minute, register, stamp, start16, start20, stop16, update20 } from './transaction.fixture.ts';

const interval = (n: number, energy: number): Reading => ({ at: minute(n), interval: wattHours(energy) });
/** A session ACTIVE from minute 0, with readings in messages of their own, that ends at minute 100. */
function energyAfter(messages: readonly (readonly Reading[])[], { meterStart = -1, end = [] }: { meterStart?: number; end?: readonly Reading[] } = {}): number {
  const station = followStation();
  station.say(start20(0, 'a', { connected: true, readings: meterStart < 0 ? [] : [register(0, meterStart, 'begin')] }));
  for (const readings of messages) station.say(update20(readings[0] ? (readings[0].at - minute(0)) / 60_000 : 1, 'a', { readings }));
  station.say(end20(100, 'a', end));
  const { wire } = station.sessions()[0] ?? {};
  const sum = (wire?.charging_periods ?? []).reduce((total, { dimensions }) => total + (dimensions[0]?.volume ?? 0), 0);
  expect(sum).toBeCloseTo(wire?.kwh ?? -1, 9); // CDP-01
  return wire?.kwh ?? -1;
}

test.each<{ what: string; messages: readonly (readonly Reading[])[]; more?: Parameters<typeof energyAfter>[1]; kwh: number }>([
  {
    what: 'F-10: the reading of the begin counts as the begin when it arrives later',
    messages: [[register(1, 243_800)], [register(2, 241_300, 'begin')]],
    kwh: 2.5,
  },
  { what: 'F-10: also in one message, after the end', messages: [], more: { end: [register(100, 504_000, 'end'), register(0, 500_000, 'begin')] }, kwh: 4 },
  {
    what: 'F-10: the begin beside a meterStart of 0 is the one that later registers follow',
    messages: [[register(0, 241_300, 'begin')], [register(5, 243_800)]],
    more: { meterStart: 0 },
    kwh: 2.5,
  },
  {
    what: 'F-10: also when a register was read before',
    messages: [[register(1, 243_800)], [register(2, 241_300, 'begin')]],
    more: { meterStart: 0 },
    kwh: 2.5,
  },
  {
    what: 'F-10: a begin that is repeated changes nothing',
    messages: [[register(5, 2_000)], [register(6, 1_000, 'begin')]],
    more: { meterStart: 1_000 },
    kwh: 1,
  },
  {
    what: 'F-10: an end below the last register takes nothing away',
    messages: [[register(5, 2_000)]],
    more: { meterStart: 1_000, end: [register(100, 1_900, 'end')] },
    kwh: 1,
  },
  { what: 'F-13: fractions count', messages: [], more: { meterStart: 1_000.5, end: [register(100, 3_000.333, 'end')] }, kwh: 1.9998 },
  { what: 'F-13: a negative register is none', messages: [[register(5, -1)], [register(6, 2_000)], [register(9, 2_500)]], kwh: 0.5 },
  {
    what: 'SES-42: after a reset the meter counts on',
    messages: [[register(5, 3_000)], [register(10, 50)], [register(15, 550)]],
    more: { meterStart: 1_000 },
    kwh: 2.5,
  },
  {
    what: 'SES-42: after a rollover too',
    messages: [[register(5, 9_999_900)], [register(10, 100)], [register(15, 600)]],
    more: { meterStart: 9_998_900 },
    kwh: 1.5,
  },
  {
    what: 'SES-42: a reset of a register that began at 0',
    messages: [[register(5, 5_000)], [register(10, 100)], [register(15, 600)]],
    more: { meterStart: 0 },
    kwh: 5.5,
  },
  {
    what: 'SES-42: noise is no reset',
    messages: [[register(5, 2_000)], [register(6, 1_999)], [register(7, 2_000)], [register(8, 1_999)]],
    more: { meterStart: 1_000 },
    kwh: 1,
  },
  {
    what: 'an older register that arrives late changes nothing',
    messages: [[register(9, 2_000)], [register(5, 1_500)], [register(10, 2_100)]],
    more: { meterStart: 1_000 },
    kwh: 1.1,
  },
  {
    what: 'a register that the EVSE cannot have delivered is of another meter',
    messages: [[register(1, 8_000_000)], [register(5, 8_002_000)]],
    more: { meterStart: 0 },
    kwh: 2,
  },
  {
    what: 'the end of the first register beside readings of another one',
    messages: [[register(1, 8_000_000)], [register(5, 8_002_000)]],
    more: { meterStart: 0, end: [register(100, 2_600, 'end')] },
    kwh: 2.6,
  },
  {
    what: 'the end of the last register after a reset',
    messages: [[register(5, 5_000)], [register(10, 100)], [register(15, 600)]],
    more: { meterStart: 0, end: [register(100, 700, 'end')] },
    kwh: 5.6,
  },
  { what: 'intervals are added when there is no register', messages: [[interval(5, 500)], [interval(10, 700)], [interval(10, 700)]], kwh: 1.2 },
  {
    what: 'a register takes precedence over intervals',
    messages: [
      [interval(5, 500), register(5, 1_400)],
      [interval(10, 700), register(10, 2_000)],
    ],
    more: { meterStart: 1_000 },
    kwh: 1,
  },
])('$what', ({ messages, more = {}, kwh }) => {
  expect(energyAfter(messages, more)).toBe(kwh);
});

describe('charging periods (CDP-01, CDP-02)', () => {
  test('F-11: 235 readings, five minutes apart, and a stop at 24 kWh: the periods add up to the energy', () => {
    const station = followStation();
    station.say(start16(0, '7', { energy: 0 }));
    for (let n = 1; n <= 235; n++) station.say(update20(n * 5, '7', { readings: [register(n * 5, n * 100)] }));
    station.say(stop16(235 * 5 + 3, '7', 24_000));
    const { wire } = station.sessions()[0] ?? {};
    const periods = wire?.charging_periods ?? [];
    expect(wire?.kwh).toBe(24);
    expect(periods.reduce((sum, { dimensions }) => sum + (dimensions[0]?.volume ?? 0), 0)).toBeCloseTo(24, 9);
    expect(periods.length).toBeLessThanOrEqual(200);
    expect(periods.map((it) => it.start_date_time)).toEqual(periods.map((it) => it.start_date_time).toSorted());
    expect([periods[0]?.start_date_time, periods.at(-1)?.start_date_time, wire?.end_date_time]).toEqual([stamp(0), stamp(235 * 5), stamp(235 * 5 + 3)]);
  });

  test('CDP-01: they add up after any sequence of readings', () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    const contexts = ['begin', 'end', undefined, undefined, undefined] as const;
    for (let run = 0; run < 200; run++) {
      const messages = Array.from({ length: 1 + random(400) }, (_, n) => {
        const at = Math.max(0, (n * 100) / 400 - random(3));
        const context = contexts[random(5)];
        return [random(9) === 0 ? interval(at, random(900)) : register(at, random(5) === 0 ? random(100_000) : n * 50 + random(100), context)];
      });
      expect(energyAfter(messages, { meterStart: random(2) === 0 ? random(5_000) : -1 })).toBeGreaterThanOrEqual(0);
    }
  });

  test('a session of an earlier release, whose open period has a register, goes on', () => {
    const progress = { meterStart: wattHours(1_000), register: wattHours(2_500), period: { since: minute(5), register: wattHours(1_500) } };
    expect(energyOf(progress)).toBe(1_500);
    expect(energyOf({ ...progress, meterStart: wattHours(1_000), register: wattHours(1_000) })).toBe(500);
  });
});
