import { describe, expect, test } from 'vitest';
import { epochMillis } from '../src/domain/units.ts';
import { openBareNode } from './charge-point/bare-node.fixture.ts';
import { virtualClock } from './clock.ts';
import { garage, openStreet, street, visits, yard } from './street.ts';

const tokens = [
  { uid: 'DEADBEEF', type: 'RFID' },
  { uid: 'CAFEBABE', type: 'RFID' },
];

/** What every station of a street says in so many hours, and what was wrong with it. */
async function live(seed: number, hours: number) {
  const clock = virtualClock(epochMillis(Date.parse('2026-06-01T06:00:00Z')));
  const node = await openBareNode({ clock });
  const opened = await openStreet({ seed, ocppUrl: node.url, clock, tokens, sampleEvery: 900 });
  await clock.advance(hours * 3_600_000);
  await opened[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
  return { said: Object.fromEntries([...node.frames].sort()), breaches: node.breaches, left: clock.waiting() };
}

describe('the demo street', () => {
  test('has six charge points: two of each version, one and three phases, one on DC', () => {
    const stations = street(1);
    expect(stations.map(({ version }) => version)).toEqual(['1.6', '1.6', '2.0.1', '2.0.1', '2.1', '2.1']);
    expect(new Set(stations.flatMap(({ evses }) => evses.map(({ powerType }) => powerType)))).toEqual(new Set(['AC_1_PHASE', 'AC_3_PHASE', 'DC']));
    expect(new Set(stations.map(({ password }) => password.length))).toEqual(new Set([16]));
  });

  test('has a yard and a garage, whose charge points have names and passwords of their own', () => {
    const all = [...street(1), ...yard(1), ...garage(1)];
    expect(all).toHaveLength(10);
    for (const of of [({ id }: (typeof all)[number]) => id, ({ password }: (typeof all)[number]) => password]) expect(new Set(all.map(of)).size).toBe(10);
  });

  test('brings the same cars for the same seed, and others for another', () => {
    const [evse] = street(1)[0]?.evses ?? [];
    if (!evse) throw new Error('The street has no EVSE.');
    const first = (seed: number) => {
      const cars = visits(seed, evse);
      return Array.from({ length: 50 }, () => cars.next().value);
    };
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  test('brings its first cars within two minutes', () => {
    const pauses = street(3).flatMap(({ evses }) => evses.map((evse) => visits(3, evse).next().value.pause));
    expect(Math.max(...pauses)).toBeLessThan(120);
  });

  test('same seed, same day: every frame of every station, all of them lawful, and nothing left behind', async () => {
    const [one, other] = [await live(11, 24), await live(11, 24)];
    expect(one.said).toEqual(other.said);
    expect(Object.values(one.said).flat().length).toBeGreaterThan(300);
    expect([one.breaches, one.left]).toEqual([[], 0]);
  });
});
