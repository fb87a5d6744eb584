import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import { applyEvents, type BalanceStep, initialSiteState } from './balance.ts';
import type { SiteEvent } from './event.ts';
import type { LimitTree } from './limit-tree.ts';
import type { Rule } from './share.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

const pair = treeOf({ name: 'grid', limit: { a: 32 }, evses: [{ uid: 'A' }, { uid: 'B' }] }, [evseOf('A'), evseOf('B')]);

/** A site whose stations say yes to everything at once, unless the test speaks for them. */
class Site {
  at = 0;
  last: BalanceStep;
  constructor(tree: LimitTree = pair, rule: Rule = 'equal') {
    this.last = { state: initialSiteState(tree, { rule }), orders: [], deviations: [], exceeded: [] };
    this.tell({ kind: 'tick' });
    this.confirm();
  }
  tell(...events: SiteEvent[]): string[] {
    this.last = applyEvents(this.last.state, events, epochSeconds(NOON + this.at));
    return this.last.orders.map(({ evse, current }) => `${evse} ${current}`);
  }
  wait(time: number): string[] {
    this.at += time;
    return this.tell({ kind: 'tick' });
  }
  confirm(): string[] {
    return this.tell(...this.last.orders.map(({ evse, id }): SiteEvent => ({ kind: 'confirmed', evse, order: id })));
  }
  meter = (evse: string, current: number) => this.tell({ kind: 'meter', evse, current: amperes(current) });
  plug = (evse: string) => this.tell({ kind: 'plugged-in', evse });
}
function alone(): Site {
  const site = new Site();
  site.plug('A');
  site.confirm();
  return site;
}

describe('orders', () => {
  test('the first ones pause every EVSE, so that a car waits for its share', () => {
    const { orders } = applyEvents(initialSiteState(pair, { rule: 'equal' }), [{ kind: 'tick' }], NOON);
    expect(orders.map(({ evse, current }) => `${evse} ${current}`)).toEqual(['A 0', 'B 0']);
  });
  test('a car gets its share in A on each phase, and the same in W', () => {
    const site = new Site();
    expect(site.plug('A')).toEqual(['A 32']);
    expect(site.last.orders[0]?.power).toBe(22_080);
  });
  test('under the rule by preference a driver who wants it fast gets more, and what is shared by another rule stays', () => {
    for (const [rule, then] of [
      ['by-preference', ['B 6.4']],
      ['equal', []],
    ] as const) {
      const site = new Site(pair, rule);
      site.tell({ kind: 'plugged-in', evse: 'A' }, { kind: 'plugged-in', evse: 'B' });
      site.confirm();
      site.wait(20);
      expect(site.tell({ kind: 'preferred', evse: 'A', weight: 4 }, { kind: 'tick' })).toEqual(then);
    }
  });
  test('a second car waits until the first has confirmed less and had time to follow', () => {
    const site = alone();
    expect(site.plug('B')).toEqual(['A 16']);
    expect(site.confirm()).toEqual([]);
    expect(site.wait(4)).toEqual([]);
    expect(site.wait(1)).toEqual(['B 16']);
  });
  test('what is not answered counts, and a second reduction does not wait for the first', () => {
    const site = alone();
    site.plug('B');
    expect(site.tell({ kind: 'limit-changed', node: 'grid', limit: { a: amperes(20) } })).toEqual(['A 10']);
    expect(site.last.exceeded).toEqual(['grid on phase R: 12.0 A too much', 'grid on phase S: 12.0 A too much', 'grid on phase T: 12.0 A too much']);
  });
  test('a cut that is known beforehand is answered a minute before it comes', () => {
    const schedule = [
      { from: '00:00', a: 32 },
      { from: '12:02', a: 12 },
    ];
    const site = new Site(treeOf({ name: 'grid', limit: { a: 32 }, schedule, evses: [{ uid: 'A' }] }, [evseOf('A')]));
    site.plug('A');
    site.confirm();
    expect([site.wait(60), site.wait(1)]).toEqual([[], ['A 12']]);
  });
  test('a car that leaves makes room once its EVSE has confirmed the pause', () => {
    const site = alone();
    site.plug('B');
    site.confirm();
    site.wait(5);
    site.confirm();
    site.wait(10);
    expect(site.tell({ kind: 'plugged-out', evse: 'B' })).toEqual(['B 0']);
    expect(site.confirm()).toEqual(['A 32']);
  });
  test('the profile of a session is a ceiling, in W too', () => {
    const site = alone();
    const profile = { unit: 'W' as const, periods: [{ start: seconds(0), limit: watts(6900) }] };
    expect(site.tell({ kind: 'profile-changed', evse: 'A', profile, chargingStarted: NOON })).toEqual(['A 10']);
  });
  test('an EVSE without any confirmed limit counts at its maximum as soon as a car is there', () => {
    const open = initialSiteState(pair, { rule: 'equal' });
    const begun = applyEvents(open, [{ kind: 'tick' }, { kind: 'plugged-in', evse: 'A' }, { kind: 'plugged-in', evse: 'B' }], NOON);
    expect(begun.exceeded).toHaveLength(3);
    expect(begun.orders.map(({ current }) => current)).toEqual([16, 16]);
  });
});

describe('refusal and silence', () => {
  test('a refused reduction counts as before, the others get less, and it is tried again after a minute', () => {
    const site = alone();
    site.plug('B');
    const [order] = site.last.orders;
    expect(site.tell({ kind: 'refused', evse: 'A', order: order?.id ?? 0 })).toEqual([]);
    expect([site.wait(59), site.wait(1)]).toEqual([[], ['A 16']]);
  });
  test('a silent station counts at the larger of what it confirmed and what it was sent', () => {
    const site = new Site();
    site.plug('A');
    site.tell({ kind: 'silent', evse: 'A', what: 'station' });
    expect(site.plug('B')).toEqual([]);
    expect(site.wait(30)).toEqual([]);
  });
  test('a station that is heard again is told again', () => {
    const site = new Site();
    site.plug('A');
    site.tell({ kind: 'silent', evse: 'A', what: 'station' });
    expect(site.meter('A', 0)).toEqual(['A 0']);
    expect(site.confirm()).toEqual(['A 32']);
  });
});

describe('meters', () => {
  test('more than is allowed counts, and is reported once', () => {
    const site = alone();
    site.plug('B');
    site.confirm();
    site.wait(5);
    site.confirm();
    site.meter('A', 18);
    expect(site.last.deviations).toEqual([{ evse: 'A', measured: 18, allowed: 16 }]);
    expect(site.last.orders.map(({ evse, current }) => `${evse} ${current}`)).toEqual(['B 14']);
    site.meter('A', 18);
    expect(site.last.deviations).toEqual([]);
  });
  test('a car that draws less for ten minutes keeps what it draws and a tenth, and gets all back when it uses that', () => {
    const site = alone();
    site.meter('A', 20);
    site.at += 599;
    expect(site.meter('A', 20)).toEqual([]);
    site.at += 1;
    expect(site.meter('A', 18)).toEqual(['A 22']);
    site.confirm();
    site.at += 20;
    expect(site.meter('A', 20.8)).toEqual([]);
    expect(site.meter('A', 21)).toEqual(['A 32']);
  });
  test('it keeps the least that cars charge with', () => {
    const site = alone();
    site.meter('A', 1);
    site.at += 600;
    expect(site.meter('A', 1)).toEqual(['A 6']);
  });
  test('a meter that falls silent gives the share back', () => {
    const site = alone();
    site.meter('A', 1);
    site.at += 600;
    site.meter('A', 1);
    site.confirm();
    site.at += 20;
    expect(site.tell({ kind: 'silent', evse: 'A', what: 'meter' })).toEqual(['A 32']);
  });
});

test('an EVSE of another site is a mistake of the caller', () => {
  expect(() => new Site().plug('Z')).toThrow('Found an event of EVSE Z; grid does not have it.');
});
