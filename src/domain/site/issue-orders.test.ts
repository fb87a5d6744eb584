import { describe, expect, test } from 'vitest';
import { amperes, seconds } from '../units.ts';
import { applyEvents, initialSiteState } from './balance.ts';
import { pair, Site } from './balanced-site.fixture.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

/** A site of one EVSE; `a` limits its grid connection. */
const single = (a: number, powerType: 'AC_3_PHASE' | 'DC' = 'AC_3_PHASE') =>
  new Site(treeOf({ name: 'grid', limit: { a }, evses: [{ uid: 'A' }] }, [evseOf('A', powerType)]));
const limited = (site: Site, a: number) => site.apply({ kind: 'limit-changed', node: 'grid', limit: { a: amperes(a) } });

describe('a raise', () => {
  test('comes ten seconds after the last order to the EVSE, and at once from a pause', () => {
    const site = single(32);
    limited(site, 10);
    expect(site.plug('A')).toEqual(['A 10']);
    site.confirm();
    expect(limited(site, 20)).toEqual([]);
    expect([site.wait(9), site.wait(1)]).toEqual([[], ['A 20']]);
  });

  test('waits for the answer to the order before', () => {
    const site = single(32);
    limited(site, 10);
    site.plug('A');
    const order = site.last.orders[0]?.id ?? 0;
    site.at += 10;
    expect(limited(site, 20)).toEqual([]);
    expect(site.apply({ kind: 'confirmed', evse: 'A', order })).toEqual(['A 20']);
  });

  test('may be less than 1 A when it reaches its target', () => {
    const site = single(32);
    limited(site, 10);
    site.plug('A');
    site.confirm();
    site.at += 10;
    expect(limited(site, 10.1)).toEqual(['A 10.1']);
  });

  test('on the way to its target is at least 1 A', () => {
    const site = new Site(treeOf({ name: 'grid', limit: { a: 40 }, evses: [{ uid: 'A' }, { uid: 'B' }] }, [evseOf('A'), evseOf('B')]));
    limited(site, 32);
    site.plug('B');
    site.confirm();
    const profile = { unit: 'A' as const, periods: [{ start: seconds(0), limit: amperes(25) }] };
    site.apply({ kind: 'profile-changed', evse: 'B', profile, chargingStarted: NOON });
    site.confirm();
    site.at += 10;
    expect(site.plug('A')).toEqual(['B 16', 'A 7']);
    site.apply({ kind: 'confirmed', evse: 'A', order: site.last.orders[1]?.id ?? 0 });
    site.at += 10;
    expect([limited(site, 32.9), limited(site, 33)]).toEqual([[], ['A 8']]);
  });

  test('is not sent below the minimum charging current', () => {
    const site = single(32);
    limited(site, 5.9);
    expect(site.plug('A')).toEqual([]);
    expect(limited(site, 6)).toEqual(['A 6']);
  });

  test('is not sent while the EVSE draws more than allowed', () => {
    const site = single(32);
    limited(site, 10);
    site.plug('A');
    site.confirm();
    site.at += 10;
    site.meter('A', 12);
    expect(limited(site, 20)).toEqual([]);
    expect(site.meter('A', 10)).toEqual(['A 20']);
  });
});

describe('an order', () => {
  test('has its power over all phases in whole W, also for DC', () => {
    const site = single(32.1, 'DC');
    expect(site.plug('A')).toEqual(['A 32.1']);
    expect(site.last.orders[0]?.power).toBe(Math.floor(32.1 * 690));
  });

  test('to a station that is silent is repeated each minute', () => {
    const site = single(32);
    site.plug('A');
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    expect([site.wait(59), site.wait(1), site.wait(59), site.wait(1)]).toEqual([[], ['A 0'], [], ['A 0']]);
  });

  test('that was refused is repeated once after a minute, with the target of that time', () => {
    const site = single(32);
    site.plug('A');
    site.confirm();
    limited(site, 10);
    site.apply({ kind: 'refused', evse: 'A', order: site.last.orders[0]?.id ?? 0 });
    expect(limited(site, 8)).toEqual([]);
    expect([site.wait(60), site.wait(60)]).toEqual([['A 8'], []]);
  });

  test('that differs from one before counts beside it while no limit is confirmed', () => {
    const begun = applyEvents(initialSiteState(pair, { rule: 'equal' }), [{ kind: 'plugged-in', evse: 'A' }], NOON);
    const reduced = applyEvents(begun.state, [{ kind: 'limit-changed', node: 'grid', limit: { a: amperes(20) } }], NOON);
    expect(reduced.state.evses[0]?.sent).toEqual(
      [begun.orders[0], reduced.orders.find(({ evse }) => evse === 'A')].map((it) => ({ id: it?.id, current: it?.current, later: [] })),
    );
    expect(reduced.state.evses[0]?.sent.map(({ current }) => current)).toEqual([32, 20]);
  });

  test('that was repeated is confirmed by a late answer to the first one too', () => {
    const site = single(32);
    site.plug('A');
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    expect(site.wait(60)).toEqual(['A 0']);
    const first = site.last.orders[0]?.id ?? 0;
    expect(site.wait(60)).toEqual(['A 0']);
    site.apply({ kind: 'confirmed', evse: 'A', order: first });
    expect(site.last.state.evses[0]?.confirmed).toBe(0);
  });

  test('stays among the unanswered ones when newer orders cover it, and then only the newest of these stay', () => {
    const site = single(32);
    site.plug('A');
    site.confirm();
    const low = Array.from({ length: 14 }, (_, n) => 25 - n);
    for (const current of low) limited(site, current);
    expect(site.last.state.evses[0]?.sent.map(({ current }) => current)).toEqual(low.slice(-11));
  });
});
