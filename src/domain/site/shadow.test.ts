import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { applyEvents, initialSiteState, type SiteState } from './balance.ts';
import { pair, Site } from './balanced-site.fixture.ts';
import type { SiteEvent } from './event.ts';
import { excessOf, shadowFrom, shadowStep } from './shadow.ts';
import { NOON } from './site.fixture.ts';

const observed = (evse: string): SiteEvent => ({ kind: 'observed', evse, observed: true });

/** A shadow that runs beside a real balance, with both EVSEs observed. */
function openShadow() {
  let at = 0;
  let real = initialSiteState(pair, { rule: 'equal' });
  let shadow: SiteState | undefined;
  const step = (...events: SiteEvent[]) => {
    at += 2;
    const now = epochSeconds(NOON + at);
    const done = applyEvents(real, [...events, { kind: 'tick' }], now);
    real = done.state;
    const next = shadowStep(shadow ?? shadowFrom(real), events, now);
    shadow = next.state;
    return { sent: done.orders, would: next.orders.map(({ evse, current }) => `${evse} ${current}`) };
  };
  step(observed('A'), observed('B'));
  const run = (seconds: number) => Array.from({ length: seconds / 2 }, () => step());
  return { step, run, state: () => shadow, real: () => real };
}

describe('the shadow of a balance', () => {
  test('GW-W02: observed EVSEs get no orders, and count with all that they carry while a car is there', () => {
    const site = new Site();
    site.apply(observed('A'));
    expect([site.plug('A'), site.last.exceeded]).toEqual([[], []]);
    site.plug('B');
    expect(site.wait(20)).toEqual([]);
    // A carries the whole limit of the site.
    expect(site.last.state.evses.map(({ confirmed }) => confirmed)).toEqual([0, 0]);
  });

  test('GW-W03: it orders what the real balance would have ordered, as if each station had taken each order', () => {
    const it = openShadow();
    const first = [it.step({ kind: 'plugged-in', evse: 'A' }), ...it.run(4)];
    expect(first.flatMap(({ would }) => would)).toEqual(['A 32']);
    const second = [it.step({ kind: 'plugged-in', evse: 'B' }), ...it.run(20)];
    expect(second.flatMap(({ would }) => would)).toEqual(['A 16', 'B 16']);
    expect([...first, ...second].flatMap(({ sent }) => sent)).toEqual([]);
  });

  test('GW-W03: a car that draws more than it would have been allowed counts as one that obeys, and answers of real stations count for nothing', () => {
    const it = openShadow();
    it.step({ kind: 'plugged-in', evse: 'A' }, { kind: 'plugged-in', evse: 'B' });
    it.run(40);
    const would = [it.step({ kind: 'meter', evse: 'A', current: amperes(32) }, { kind: 'refused', evse: 'A', order: 1 }), ...it.run(10)];
    expect(would.flatMap((step) => step.would)).toEqual([]);
    expect(it.state()?.evses.map(({ confirmed, measured }) => [confirmed, measured])).toEqual([
      [16, undefined],
      [16, undefined],
    ]);
  });

  test('GW-W03: what is measured is compared with the limits of the site', () => {
    const it = openShadow();
    const state = it.state();
    if (!state) throw new Error('no shadow');
    expect(excessOf(state, new Map([['A', 16]]))).toEqual({ amperes: 0, watts: 0 });
    const { amperes: above } = excessOf(
      state,
      new Map([
        ['A', 32],
        ['B', 10],
      ]),
    );
    expect(above).toBeCloseTo(10, 6);
  });
});
