import { describe, expect, test } from 'vitest';
import { epochMillis } from '../src/domain/units.ts';
import { openBareNode } from './charge-point/bare-node.fixture.ts';
import { virtualClock } from './clock.ts';
import { garage, openStreet, street, yard } from './street.ts';
import { visits } from './visits.ts';

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
  test('CON-S01: has six charge points that work: two of each version, one and three phases, one on DC; and three with a fault each', () => {
    const [stations, faulty] = [street(1).filter(({ fault }) => !fault), street(1).filter(({ fault }) => fault)];
    expect(faulty.map(({ id, fault }) => [id, fault])).toEqual([
      ['IVY-1', 'draws-above'],
      ['BAY-1', 'silent'],
      ['MAY-1', 'forgets'],
    ]);
    expect(stations.map(({ version }) => version)).toEqual(['1.6', '1.6', '2.0.1', '2.0.1', '2.1', '2.1']);
    expect(new Set(stations.flatMap(({ evses }) => evses.map(({ powerType }) => powerType)))).toEqual(new Set(['AC_1_PHASE', 'AC_3_PHASE', 'DC']));
    expect(new Set(stations.map(({ password }) => password.length))).toEqual(new Set([16]));
  });

  test('has a yard and a garage; all charge points have different ids and passwords', () => {
    const all = [...street(1), ...yard(1), ...garage(1)];
    expect(all).toHaveLength(13);
    for (const field of [({ id }: (typeof all)[number]) => id, ({ password }: (typeof all)[number]) => password]) expect(new Set(all.map(field)).size).toBe(13);
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

  test('CON-S01: a driver is at one EVSE at a time; a car leaves when it is told to, and another comes later', async () => {
    const clock = virtualClock(epochMillis(Date.parse('2026-06-01T06:00:00Z')));
    await using node = await openBareNode({ clock });
    await using opened = await openStreet({ seed: 5, ocppUrl: node.url, clock, tokens, stations: yard(5), sampleEvery: 900 });
    expect([opened.visitors(), opened.leave('YEW-1-1')]).toEqual([[], false]);
    await clock.advance(90_000);
    const present = opened.visitors();
    const evses = ['YEW-1-1', 'YEW-1-2', 'YEW-2-1'];
    expect(present.map(({ evse }) => evse).toSorted()).toEqual(evses);
    expect(new Set(present.slice(0, 2).map(({ token }) => token))).toEqual(new Set(tokens));
    expect(opened.leave('YEW-1-1')).toBe(true);
    await clock.advance(1000);
    expect(opened.visitors().map(({ evse }) => evse)).not.toContain('YEW-1-1');
    await clock.advance(3_700_000);
    expect(opened.visitors().map(({ evse }) => evse)).toContain('YEW-1-1');
  });

  test('CON-S01: the forgetful charge point restarts by itself while its car charges, and the transaction goes on', async () => {
    const clock = virtualClock(epochMillis(Date.parse('2026-06-01T06:00:00Z')));
    await using node = await openBareNode({ clock });
    const stations = street(5).filter(({ fault }) => fault === 'forgets');
    await using opened = await openStreet({ seed: 5, ocppUrl: node.url, clock, tokens, stations, sampleEvery: 900 });
    await clock.advance(120_000);
    const transaction = opened.stations[0]?.transaction(1);
    expect(transaction).toBeDefined();
    await clock.advance(600_000);
    expect((node.frames.get('MAY-1') ?? []).filter(([, , action]) => action === 'BootNotification')).toHaveLength(2);
    expect(opened.stations[0]?.transaction(1)).toBe(transaction);
  });

  test('with the same seed sends the same frames for a day, all valid but for the charger with odd fields, and leaves no timer', async () => {
    const [one, other] = [await run(11, 24), await run(11, 24)];
    expect(one.frames).toEqual(other.frames);
    expect(Object.values(one.frames).flat().length).toBeGreaterThan(300);
    const odd = new Set(one.violations.map((it) => it.split(' ')[0]));
    expect([odd, one.left]).toEqual([new Set(['OAK-2']), 0]);
  });
});
