import { expect, test } from 'vitest';
import type { MeterSample } from '../../domain/meter-sample.ts';
import { epochMillis, wattHours, watts } from '../../domain/units.ts';
import { isSampleDue } from './meter-sample.ts';
import { end20, followStation, minute, register, start20, update20 } from './transaction.fixture.ts';

const before: MeterSample = { at: epochMillis(0), energy: wattHours(0), power: 7_000, offered: { unit: 'A', limit: 16 }, state: 'charging' };

test.each<{ what: string; after: number; changes?: Partial<MeterSample>; due: boolean }>([
  { what: 'nothing changed for 59 s', after: 59, due: false },
  { what: 'nothing changed for 60 s', after: 60, due: true },
  { what: 'the state changed', after: 1, changes: { state: 'suspended_ev' }, due: true },
  { what: 'the offer changed', after: 10, changes: { offered: { unit: 'A', limit: 10 } }, due: true },
  { what: 'the offer changed again within 10 s', after: 9, changes: { offered: { unit: 'A', limit: 10 } }, due: false },
  { what: 'the power changed by 10 % and more', after: 10, changes: { power: 6_200 }, due: true },
  { what: 'the power changed by less', after: 10, changes: { power: 6_900 }, due: false },
  { what: 'a small power changed by less than 200 W', after: 10, changes: { power: 7_150 }, due: false },
])('a sample is kept when $what: $due', ({ after, changes, due }) => {
  expect(isSampleDue(before, { ...before, at: epochMillis(after * 1_000), ...changes })).toBe(due);
});

test('the samples of a session: its first and last register, each change, and one a minute, also of readings that arrive together', () => {
  const station = followStation();
  station.say(start20(0, 'a', { connected: true, readings: [register(0, 1_000, 'begin')] }));
  station.say(update20(3, 'a', { readings: [0.5, 1, 1.5, 2].map((n) => ({ ...register(n, 1_000 + n * 100), power: watts(6_000) })) }));
  station.say(update20(2.1, 'a', { charging: false, suspendedByEv: true }));
  station.say(end20(9, 'a', [register(9, 1_201, 'end')]));
  expect(station.samples().map(({ at, energy, power, state }) => [(at - minute(0)) / 60_000, energy, power, state])).toEqual([
    [0, 0, undefined, 'charging'],
    [0.5, 50, 6_000, 'charging'],
    [1.5, 150, 6_000, 'charging'],
    [2.1, 200, 6_000, 'suspended_ev'],
    [9, 201, 6_000, 'suspended_ev'],
  ]);
});
