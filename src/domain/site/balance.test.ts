import { describe, expect, test } from 'vitest';
import { amperes, seconds, watts } from '../units.ts';
import { applyEvent, applyEvents, initialSiteState } from './balance.ts';
import { alone, pair, Site } from './balanced-site.fixture.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

describe('orders', () => {
  test('the first orders pause every EVSE, so that a car waits for its share', () => {
    const { orders } = applyEvents(initialSiteState(pair, { rule: 'equal' }), [{ kind: 'tick' }], NOON);
    expect(orders.map(({ evse, current }) => `${evse} ${current}`)).toEqual(['A 0', 'B 0']);
  });
  test('a car gets its share in A on each phase, and as power in W', () => {
    const site = new Site();
    expect(site.plug('A')).toEqual(['A 32']);
    expect(site.last.orders[0]?.power).toBe(22_080);
  });
  test('a changed weight changes the shares under the rule by-preference, and under no other rule', () => {
    for (const [rule, then] of [
      ['by-preference', ['B 6.4']],
      ['equal', []],
    ] as const) {
      const site = new Site(pair, rule);
      site.apply({ kind: 'plugged-in', evse: 'A' }, { kind: 'plugged-in', evse: 'B' });
      site.confirm();
      site.wait(20);
      expect(site.apply({ kind: 'preferred', evse: 'A', weight: 4 }, { kind: 'tick' })).toEqual(then);
    }
  });
  test('a second car waits until the first has confirmed its reduction and had time to follow', () => {
    const site = alone();
    expect(site.plug('B')).toEqual(['A 16']);
    expect(site.confirm()).toEqual([]);
    expect(site.wait(4)).toEqual([]);
    expect(site.wait(1)).toEqual(['B 16']);
  });
  test('an unanswered order counts, and a second reduction does not wait for the first', () => {
    const site = alone();
    site.plug('B');
    expect(site.apply({ kind: 'limit-changed', node: 'grid', limit: { a: amperes(20) } })).toEqual(['A 10']);
    expect(site.last.exceeded).toEqual(['grid on phase R: 12.0 A too much', 'grid on phase S: 12.0 A too much', 'grid on phase T: 12.0 A too much']);
  });
  test('a scheduled reduction is part of the limit that the station holds, and begins a minute early; then no order is needed', () => {
    const schedule = [
      { from: '00:00', a: 32 },
      { from: '12:02', a: 12 },
    ];
    const site = new Site(treeOf({ name: 'grid', limit: { a: 32 }, schedule, evses: [{ uid: 'A' }] }, [evseOf('A')]));
    expect(site.plug('A')).toEqual(['A 32, 12 from 60, 32 from 43260, 12 from 86400']);
    site.confirm();
    expect([site.wait(60), site.wait(1)]).toEqual([[], []]);
    expect(site.last.state.evses[0]).toMatchObject({ confirmed: 12 });
    expect(site.last.state.plan?.targets).toEqual([12]);
  });
  test('a station that takes one period in a profile gets a scheduled reduction as an order of its own, a minute before it begins', () => {
    const schedule = [
      { from: '00:00', a: 32 },
      { from: '12:02', a: 12 },
    ];
    const site = new Site(treeOf({ name: 'grid', limit: { a: 32 }, schedule, evses: [{ uid: 'A' }] }, [evseOf('A')]));
    site.apply({ kind: 'takes', evse: 'A', periods: 1 });
    expect(site.plug('A')).toEqual(['A 32']);
    site.confirm();
    expect([site.wait(59), site.wait(1)]).toEqual([[], ['A 12']]);
  });
  test('the share of a disconnected car is free once its EVSE has confirmed the pause', () => {
    const site = alone();
    site.plug('B');
    site.confirm();
    site.wait(5);
    site.confirm();
    site.wait(10);
    expect(site.apply({ kind: 'plugged-out', evse: 'B' })).toEqual(['B 0']);
    expect(site.confirm()).toEqual(['A 32']);
  });
  test('the profile of a session limits its share, in W too', () => {
    const site = alone();
    const profile = { unit: 'W' as const, periods: [{ start: seconds(0), limit: watts(6900) }] };
    expect(site.apply({ kind: 'profile-changed', evse: 'A', profile, chargingStarted: NOON })).toEqual(['A 10']);
  });
  test('an EVSE without a confirmed limit counts at its maximum as soon as a car is connected', () => {
    const open = initialSiteState(pair, { rule: 'equal' });
    const begun = applyEvents(open, [{ kind: 'tick' }, { kind: 'plugged-in', evse: 'A' }, { kind: 'plugged-in', evse: 'B' }], NOON);
    expect(begun.exceeded).toHaveLength(3);
    expect(begun.orders.map(({ current }) => current)).toEqual([16, 16]);
  });
});

describe('refusal and silence', () => {
  test('after a refused reduction the old limit counts, and the order is repeated after a minute', () => {
    const site = alone();
    site.plug('B');
    const [order] = site.last.orders;
    expect(site.apply({ kind: 'refused', evse: 'A', order: order?.id ?? 0 })).toEqual([]);
    expect([site.wait(59), site.wait(1)]).toEqual([[], ['A 16']]);
  });
  test('a silent station counts at the higher of its confirmed limit and its last order', () => {
    const site = new Site();
    site.plug('A');
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    expect(site.plug('B')).toEqual([]);
    expect(site.wait(30)).toEqual([]);
  });
  test('a station that responds again gets its order again', () => {
    const site = new Site();
    site.plug('A');
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    expect(site.apply({ kind: 'responded', evse: 'A' })).toEqual(['A 0']);
    expect(site.confirm()).toEqual(['A 32']);
  });
  test('a station that measures and answers no call takes nothing from the others when it is tried again', () => {
    const site = new Site();
    site.plug('A');
    site.apply({ kind: 'silent', evse: 'A', what: 'station' });
    site.plug('B');
    for (let minute = 0; minute < 5; minute += 1) {
      expect(site.meter('A', 10)).toEqual([]);
      expect(site.wait(60)).toEqual(['A 0']); // the attempt of each minute: its last order, and none for B
      expect(site.apply({ kind: 'silent', evse: 'A', what: 'station' })).toEqual([]);
    }
  });
});

describe('meters', () => {
  test('a measured excess counts, and is reported once', () => {
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
  test('a car that draws less for ten minutes is capped at its current plus 10 %, and gets its share back when it uses the cap', () => {
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
  test('the cap is at least the minimum charging current', () => {
    const site = alone();
    site.meter('A', 1);
    site.at += 600;
    expect(site.meter('A', 1)).toEqual(['A 6']);
  });
  test('without meter values the cap ends', () => {
    const site = alone();
    site.meter('A', 1);
    site.at += 600;
    site.meter('A', 1);
    site.confirm();
    site.at += 20;
    expect(site.apply({ kind: 'silent', evse: 'A', what: 'meter' })).toEqual(['A 32']);
  });
});

test('an event of an EVSE of another site throws', () => {
  expect(() => new Site().plug('Z')).toThrow('Found an event of EVSE Z; grid does not have it.');
});

describe('an imposed limit', () => {
  const nested = treeOf(
    {
      name: 'grid',
      limit: { a: 32 },
      children: [
        { name: 'Panel', evses: [{ uid: 'A' }] },
        { name: 'other', evses: [{ uid: 'B' }] },
      ],
    },
    [evseOf('A'), evseOf('B')],
  );
  const limit = (a: number) => ({ a: amperes(a) });

  test('applies until it is lifted, to the node of that name in any case', () => {
    const site = new Site(nested);
    site.plug('A');
    site.confirm();
    expect(site.apply({ kind: 'limit-changed', node: 'panel', limit: limit(10) })).toEqual(['A 10']);
    site.confirm();
    site.at += 10;
    expect(site.apply({ kind: 'limit-changed', node: 'PANEL' })).toEqual(['A 32']);
  });
  test('of one node stays when another one changes, and a second one of a node replaces its first', () => {
    const site = new Site(nested);
    site.apply({ kind: 'limit-changed', node: 'Panel', limit: limit(10) }, { kind: 'limit-changed', node: 'other', limit: limit(8) });
    site.apply({ kind: 'limit-changed', node: 'Panel', limit: limit(12) });
    expect([...site.last.state.imposed]).toEqual([
      ['other', limit(8)],
      ['Panel', limit(12)],
    ]);
  });
  test('of a node of another site throws', () => {
    expect(() => new Site().apply({ kind: 'limit-changed', node: 'Z', limit: limit(8) })).toThrow('Found a limit for Z; grid does not have it.');
  });
});

describe('a step', () => {
  test('without any change keeps the state and sends nothing', () => {
    const { state } = alone().last;
    expect(applyEvent(state, { kind: 'responded', evse: 'A' }, NOON)).toEqual({ state, orders: [], deviations: [], exceeded: [] });
    expect(applyEvents(state, [], NOON).state).toBe(state);
  });
  test('keeps the plan while nothing that it was made from changed', () => {
    const site = alone();
    const { plan } = site.last.state;
    site.wait(1);
    expect(site.last.state.plan).toBe(plan);
    site.apply({ kind: 'preferred', evse: 'A', weight: 2 });
    expect(site.last.state.plan).not.toBe(plan);
  });
  test('numbers its orders from 1, or after those before a restart', () => {
    const first = (firstOrder?: number) =>
      applyEvent(initialSiteState(pair, { rule: 'equal', ...(firstOrder !== undefined && { firstOrder }) }), { kind: 'tick' }, NOON);
    expect(first().orders.map(({ id }) => id)).toEqual([1, 2]);
    expect(first(70).orders.map(({ id }) => id)).toEqual([70, 71]);
    expect(first(70).state.nextOrder).toBe(72);
  });
  test('uses the delays of its site, and the usual ones for those that it does not set', () => {
    expect(initialSiteState(pair, { rule: 'equal', delays: { settle: 9 } }).delays).toEqual({ lead: 60, settle: 9, beforeRaise: 10, retry: 60, unused: 600 });
  });
});
