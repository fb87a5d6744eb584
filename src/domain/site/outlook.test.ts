import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { readBuilding } from './building-load.ts';
import type { ImposedCeiling } from './ceiling.ts';
import type { SiteDescription } from './description.ts';
import { outlook } from './outlook.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

const HOUR = 3_600;
/** The limits of a site in A as text: `32, 12 from 60`, counted from `now`. */
function seen(site: Partial<SiteDescription>, { now = 0, imposed, measured }: { now?: number; imposed?: ImposedCeiling; measured?: number } = {}): string {
  const tree = treeOf({ name: 'grid', evses: [{ uid: 'A' }], ...site }, [evseOf('A')]);
  const meter = tree.nodes[0]?.meter;
  const at = epochSeconds(NOON + now);
  const building = meter && measured !== undefined ? readBuilding(undefined, { a: [measured, measured, measured], at: NOON }, meter) : undefined;
  const spans = outlook(
    { tree, delays: { lead: 60 }, imposed: new Map(imposed && [['grid', imposed]]), buildings: new Map(building && [['grid', building]]) },
    at,
  );
  return spans
    .map(({ from, capacities: [it] }, n) => `${it?.a}${it?.taken ? ` less ${it.taken.a[0]}` : ''}${n === 0 ? '' : ` from ${from - NOON}`}`)
    .join(', ');
}
const CUT = {
  limit: { a: 80 },
  schedule: [
    { from: '17:00', a: 50 },
    { from: '20:00', a: 80 },
  ],
};
const imposed = (a: number, ...later: [from: number, a?: number][]): ImposedCeiling => ({
  a: amperes(a),
  later: later.map(([from, it]) => ({ from: epochSeconds(NOON + from), ...(it !== undefined && { a: amperes(it) }) })),
});

describe('the limits that are known', () => {
  test('are one without an end when nothing changes', () => expect(seen({ limit: { a: 80 } })).toBe('80'));
  test('fall a minute before a cut and rise a minute after it; after a day the lowest holds', () => {
    expect(seen(CUT)).toBe(`80, 50 from ${5 * HOUR - 60}, 80 from ${8 * HOUR + 60}, 50 from ${24 * HOUR}`);
  });
  test('rise at once when the rise has begun', () => {
    expect(seen(CUT, { now: 8 * HOUR - 1 })).toMatch(/^50, 80 from 28860,/);
    expect(seen(CUT, { now: 8 * HOUR })).toMatch(/^80, 50 from/);
  });
  test('end between 18 and 24 h from now, at a moment that seldom changes', () => {
    const night = {
      limit: { a: 80 },
      schedule: [
        { from: '03:00', a: 50 },
        { from: '03:30', a: 80 },
      ],
    };
    expect([0, 1, HOUR * 5.9, HOUR * 6].map((now) => seen(night, { now }).split(' from ').at(-1))).toEqual(['86400', '86400', '86400', '108000']);
  });
  test('follow the local day, on the day the clocks change too', () => {
    const zone = { ...CUT, time_zone: 'Europe/Amsterdam' };
    expect(seen(zone)).toMatch(new RegExp(`^80, 50 from ${3 * HOUR - 60}, 80 from ${6 * HOUR + 60}`));
    const before = Date.UTC(2026, 2, 28, 20) / 1000 - NOON; // the clocks change in the night; 17:00 is 16:00 UTC before and 15:00 UTC after
    expect(seen(zone, { now: before })).toMatch(new RegExp(`^80, 50 from ${before + 19 * HOUR - 60}`));
  });
  test('are at most four: what follows is one at the lowest', () => {
    const schedule = [60, 50, 40, 70, 30, 80].map((a, n) => ({ from: `${12 + n}:30`, a }));
    expect(seen({ limit: { a: 90 }, schedule })).toBe(`80, 60 from ${HOUR / 2 - 60}, 50 from ${HOUR * 1.5 - 60}, 30 from ${HOUR * 2.5 - 60}`);
  });
});

describe('an imposed limit', () => {
  test('ends a minute late in what the stations hold, and never above the limit of the site then', () => {
    expect(seen({ limit: { a: 80 } }, { imposed: imposed(20, [HOUR]) })).toBe(`20, 80 from ${HOUR + 60}, 80 from ${24 * HOUR}`.replace(/, 80 from 86400$/, ''));
    expect(seen(CUT, { imposed: imposed(20, [6 * HOUR]) })).toMatch(new RegExp(`^20, 50 from ${6 * HOUR + 60}, 80 from`));
  });
  test('that is trusted for a time falls a minute before that time is over', () => {
    expect(seen({ limit: { a: 80 } }, { imposed: imposed(50, [900, 30]) })).toBe('50, 30 from 840');
  });
});

describe('a building', () => {
  const METER = { meter: { fallback: { a: 16 }, margin: 2 }, limit: { a: 80 } };
  test('takes its part until its reading is stale; then the fallback holds', () => {
    expect(seen(METER, { measured: 30 })).toBe('80 less 32, 16 from 50');
    expect(seen(METER, { measured: 30, now: 49 })).toBe('80 less 32, 16 from 50');
    expect(seen(METER, { measured: 30, now: 50 })).toBe('16');
  });
  test('that leaves less than the fallback takes its part until the reading is stale', () => {
    expect(seen(METER, { measured: 70 })).toBe('80 less 72, 16 from 60');
    expect(seen({ ...METER, limit: { a: 20 } }, { measured: 3 })).toBe('20 less 5, 16 from 60');
  });
  test('without a reading leaves the fallback, at most the limit', () => {
    expect([seen(METER), seen({ ...METER, limit: { a: 10 } })]).toEqual(['16', '10']);
  });
});
