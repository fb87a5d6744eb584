import { describe, expect, test } from 'vitest';
import { epochMillis } from '../src/domain/units.ts';
import { openBareNode } from './charge-point/bare-node.fixture.ts';
import { virtualClock } from './clock.ts';
import { garage, openStreet, street, visits, yard } from './street.ts';

const tokens = [
  { uid: 'DEADBEEF', type: 'RFID' },
  { uid: 'CAFEBABE', type: 'RFID' },
];

/** Runs a street for some hours; returns the frames of its stations, the schema violations, and the timers that are left. */
async function run(seed: number, hours: number) {
  const clock = virtualClock(epochMillis(Date.parse('2026-06-01T06:00:00Z')));
  const node = await openBareNode({ clock });
  const opened = await openStreet({ seed, ocppUrl: node.url, clock, tokens, sampleEvery: 900 });
  await clock.advance(hours * 3_600_000);
  await opened[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
  return { frames: Object.fromEntries([...node.frames].sort()), violations: node.violations, left: clock.waiting() };
}

describe('the demo street', () => {
  test('has six charge points: two of each version, one and three phases, one on DC', () => {
    const stations = street(1);
    expect(stations.map(({ version }) => version)).toEqual(['1.6', '1.6', '2.0.1', '2.0.1', '2.1', '2.1']);
    expect(new Set(stations.flatMap(({ evses }) => evses.map(({ powerType }) => powerType)))).toEqual(new Set(['AC_1_PHASE', 'AC_3_PHASE', 'DC']));
    expect(new Set(stations.map(({ password }) => password.length))).toEqual(new Set([16]));
  });

  test('has a yard and a garage; all charge points have different ids and passwords', () => {
    const all = [...street(1), ...yard(1), ...garage(1)];
    expect(all).toHaveLength(10);
    for (const field of [({ id }: (typeof all)[number]) => id, ({ password }: (typeof all)[number]) => password]) expect(new Set(all.map(field)).size).toBe(10);
  });

  test('has the same visits for the same seed, and others for another seed', () => {
    const [evse] = street(1)[0]?.evses ?? [];
    if (!evse) throw new Error('The street has no EVSE.');
    const first = (seed: number) => {
      const cars = visits(seed, evse);
      return Array.from({ length: 50 }, () => cars.next().value);
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  test('has its first visits within two minutes', () => {
    const pauses = street(3).flatMap(({ evses }) => evses.map((evse) => visits(3, evse).next().value.pause));
    expect(Math.max(...pauses)).toBeLessThan(120);
  });

  test('with the same seed sends the same frames for a day, all valid but for the charger with odd fields, and leaves no timer', async () => {
    const [one, other] = [await run(11, 24), await run(11, 24)];
    expect(one.frames).toEqual(other.frames);
    expect(Object.values(one.frames).flat().length).toBeGreaterThan(300);
    const odd = new Set(one.violations.map((it) => it.split(' ')[0]));
    expect([odd, one.left]).toEqual([new Set(['OAK-2']), 0]);
  });
});
