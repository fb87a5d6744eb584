import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds } from '../units.ts';
import { Site } from './balanced-site.fixture.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';
import { siteShareOf } from './site-share.ts';

const north = { name: 'north', limit: { a: 20 }, evses: [{ uid: 'A' }, { uid: 'B' }] };
const garage = (more: object = {}) =>
  treeOf(
    {
      name: 'garage',
      limit: { a: 60 },
      children: [
        { ...north, ...more },
        { name: 'south', limit: { a: 32 }, evses: [{ uid: 'C' }] },
      ],
    },
    [evseOf('A'), evseOf('B'), evseOf('C')],
  );
const shareOf = (site: Site, evse: string) => siteShareOf(site.last.state, evse, epochSeconds(NOON + site.at));

/** A garage with cars at these EVSEs, whose shares have settled. */
function withCars(...evses: string[]): Site {
  const site = new Site(garage());
  for (const evse of evses) {
    site.plug(evse);
    settle(site);
  }
  return site;
}
function settle(site: Site): void {
  for (let n = 0; n < 4; n++) {
    site.confirm();
    site.wait(20);
  }
}

describe('CON-W02: the share of an EVSE, and the node of the site that leaves no more', () => {
  test('names the node whose limit is used up, and who takes the rest', () => {
    expect(shareOf(withCars('A', 'B', 'C'), 'a')).toMatchObject({
      evse: 'A',
      path: 'garage/north',
      confirmed: 10,
      target: 10,
      waits: false,
      node: { path: 'garage/north', limit: { a: 20 }, others: [{ evse: 'B', current: 10 }], meterFallback: false },
    });
  });
  test('names no node when the EVSE has its maximum, and none without a car', () => {
    const site = withCars('C');
    expect(shareOf(site, 'C')).toMatchObject({ confirmed: 32, target: 32 });
    expect(shareOf(site, 'C')).not.toHaveProperty('node');
    expect(shareOf(site, 'A')).not.toHaveProperty('node');
    expect(shareOf(site, 'X')).toBeUndefined();
  });
  test('names no node when the profile of the session is lower than its share', () => {
    const site = withCars('A');
    site.apply({ kind: 'profile-changed', evse: 'A', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(8) }] }, chargingStarted: NOON });
    settle(site);
    expect(shareOf(site, 'A')).toMatchObject({ confirmed: 8, target: 8 });
    expect(shareOf(site, 'A')).not.toHaveProperty('node');
  });
  test('names the grid connection when that is used up first', () => {
    const site = withCars('A', 'C');
    site.apply({ kind: 'limit-changed', node: 'garage', limit: { a: amperes(30), later: [{ from: epochSeconds(NOON + 3_600) }] } });
    settle(site);
    expect(shareOf(site, 'A')?.node).toMatchObject({
      path: 'garage',
      limit: { a: 30 },
      until: NOON + 3_600,
      imposed: { a: 30, until: NOON + 3_600, fallback: false },
      others: [{ evse: 'C', current: 15 }],
    });
  });
  test('an imposed limit that was not renewed is its fallback', () => {
    const site = withCars('A');
    site.apply({ kind: 'limit-changed', node: 'north', limit: { a: amperes(16), later: [{ from: epochSeconds(NOON + 300), a: amperes(8) }] } });
    settle(site);
    expect(shareOf(site, 'A')?.node).toMatchObject({ imposed: { fallback: false, until: NOON + 300 } });
    site.wait(200);
    settle(site);
    expect(shareOf(site, 'A')?.node).toMatchObject({ limit: { a: 8 }, imposed: { a: 8, fallback: true } });
  });
  test('a car waits when the minimum of all does not fit', () => {
    const site = withCars('A', 'B');
    site.apply({ kind: 'limit-changed', node: 'north', limit: { a: amperes(8) } });
    settle(site);
    const shares = ['A', 'B'].map((evse) => shareOf(site, evse));
    expect(shares.map((it) => it?.waits).toSorted()).toEqual([false, true]);
    expect(shares.find((it) => it?.waits)).toMatchObject({ target: 0, minimum: 6, node: { path: 'garage/north', others: [{ current: 8 }] } });
  });
  test('a building takes a part of the limit, and a silent meter leaves the fallback', () => {
    const site = new Site(garage({ meter: { fallback: { a: 7 } } }));
    site.plug('A');
    site.apply({ kind: 'building', node: 'north', a: [8, 4, 4], at: NOON });
    settle(site);
    expect(shareOf(site, 'A')?.node).toMatchObject({ path: 'garage/north' });
    site.wait(120);
    settle(site);
    expect(shareOf(site, 'A')?.node).toMatchObject({ limit: { a: 7 }, meterFallback: true });
  });
  test('says when the station refuses orders, or is silent', () => {
    const site = new Site(garage());
    site.plug('A');
    const [order] = site.last.orders;
    site.apply({ kind: 'refused', evse: 'A', order: order?.id ?? 0 });
    expect(shareOf(site, 'A')).toMatchObject({ refusedUntil: NOON + 60, silent: false });
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    expect(shareOf(site, 'A')).toMatchObject({ silent: true });
    expect(shareOf(site, 'A')).not.toHaveProperty('refusedUntil');
  });
  test('says that a car took less than its limit for a while', () => {
    const site = withCars('A');
    site.meter('A', 8);
    site.wait(601);
    site.meter('A', 8);
    settle(site);
    expect(shareOf(site, 'A')).toMatchObject({ unusedAbove: 8.8, confirmed: 8.8 });
    expect(shareOf(site, 'A')).not.toHaveProperty('node');
  });
});
