import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import type { EvseEvent } from './event.ts';
import { countedCurrent, DEFAULT_DELAYS, type EvseState, isFixed, largestAllowed, UNKNOWN_EVSE, updateEvse } from './evse-state.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';
import { NO_USAGE_CAP } from './usage-cap.ts';

const site = (powerType: 'AC_3_PHASE' | 'DC') => {
  const [evse] = treeOf({ name: 'grid', limit: { a: 100 }, evses: [{ uid: 'A' }] }, [evseOf('A', powerType)]).evses;
  if (!evse) throw new Error('The site has no EVSE.');
  return evse;
};
const evse = site('AC_3_PHASE');
const at = (after: number) => epochSeconds(NOON + after);
const update = (it: EvseState, event: Omit<EvseEvent, 'evse'> & Record<string, unknown>, { after = 0, of = evse } = {}) =>
  updateEvse(it, { ...event, evse: 'A' } as EvseEvent, { evse: of, now: at(after), delays: DEFAULT_DELAYS });
const state = (more: Partial<EvseState> = {}): EvseState => ({ ...UNKNOWN_EVSE, pluggedAt: at(-60), confirmed: amperes(16), ...more });
const order = (id: number, current: number) => ({ id, current: amperes(current), later: [] });

describe('the largest current that a car may draw', () => {
  test('without a confirmed limit is the maximum of the EVSE with a car, and 0 without one', () => {
    expect(largestAllowed(evse, state({ confirmed: undefined }))).toBe(32);
    expect(largestAllowed(evse, UNKNOWN_EVSE)).toBe(0);
  });

  test('is the confirmed limit, or the highest order without an answer', () => {
    expect(largestAllowed(evse, state())).toBe(16);
    expect(largestAllowed(evse, state({ sent: [order(1, 20), order(2, 24), order(3, 6)] }))).toBe(24);
    expect(largestAllowed(evse, state({ sent: [order(1, 10)] }))).toBe(16);
  });
});

describe('the current that counts against the limits', () => {
  test('is the old limit while the car settles, and no longer', () => {
    const it = state({ settling: { current: amperes(30), until: at(5) } });
    expect([countedCurrent(evse, it, at(4)), countedCurrent(evse, it, at(5))]).toEqual([30, 16]);
  });

  test('is a measured excess', () => {
    expect(countedCurrent(evse, state({ measured: amperes(18) }), at(0))).toBe(18);
  });
});

test('no order can change the current of a silent station, at a measured excess, and before the next attempt', () => {
  expect(isFixed(state(), at(0))).toBe(false);
  expect(isFixed(state({ silent: true }), at(0))).toBe(true);
  expect(isFixed(state({ measured: amperes(18) }), at(0))).toBe(true);
  expect([59, 60].map((after) => isFixed(state({ retryAt: at(60) }), at(after)))).toEqual([true, false]);
});

describe('a car', () => {
  test('comes with its weight, or with 1, and without anything of the car before', () => {
    const before = state({ pluggedAt: undefined, measured: amperes(18), weight: 3 });
    expect(update(before, { kind: 'plugged-in', weight: 4 })).toEqual(state({ pluggedAt: at(0), weight: 4 }));
    expect(update(before, { kind: 'plugged-in' }).weight).toBe(1);
  });

  test('that is there already changes nothing when it is reported again', () => {
    const it = state();
    expect(update(it, { kind: 'plugged-in', weight: 4 })).toBe(it);
  });

  test('leaves, and the confirmed limit stays for the next one', () => {
    const it = state({ weight: 4, measured: amperes(18), usage: { cap: amperes(6) }, profile: [{ from: at(0), to: at(9), limit: amperes(6) }] });
    expect(update(it, { kind: 'plugged-out' })).toEqual(state({ pluggedAt: undefined }));
  });

  test('gets another weight; without a car, or with the same weight, nothing changes', () => {
    expect(update(state(), { kind: 'preferred', weight: 4 }).weight).toBe(4);
    for (const it of [state({ weight: 4 }), UNKNOWN_EVSE]) expect(update(it, { kind: 'preferred', weight: 4 })).toBe(it);
  });
});

describe('a silent station', () => {
  const silent = state({ silent: true, retryAt: at(60) });

  test('gets its next order after a minute', () => {
    expect(update(state(), { kind: 'silent', what: 'station' })).toEqual(silent);
  });

  test('is not silent any more and gets an order at once when it answers; a reading, a car or a weight is no answer', () => {
    expect(update(silent, { kind: 'responded' }, { after: 10 })).toEqual(state({ retryAt: at(10) }));
    expect(update(silent, { kind: 'preferred', weight: 4 })).toMatchObject({ silent: true });
    expect(update(silent, { kind: 'meter', current: amperes(0) })).toMatchObject({ silent: true, retryAt: at(60) });
    expect(update(silent, { kind: 'plugged-in' })).toMatchObject({ silent: true, retryAt: at(60) });
  });

  test('that answers as before changes nothing', () => {
    const it = state();
    expect(update(it, { kind: 'responded' })).toBe(it);
  });

  test('without meter values has no cap on its share', () => {
    expect(update(state({ usage: { cap: amperes(6) } }), { kind: 'silent', what: 'meter' })).toEqual(state({ usage: NO_USAGE_CAP }));
  });
});

describe('an answer to an order', () => {
  const ordered = state({ sent: [order(1, 20), order(2, 10), order(3, 8)] });

  test('that confirms ends it and all earlier ones, and the old limit counts while the car settles', () => {
    const settling = { current: amperes(20), until: at(5) };
    expect(update(ordered, { kind: 'confirmed', order: 2 })).toEqual(state({ confirmed: amperes(10), sent: [order(3, 8)], settling }));
  });

  test('that confirms a higher limit, or without a car, needs no time to settle', () => {
    expect(update(state({ sent: [order(1, 20)] }), { kind: 'confirmed', order: 1 }).settling).toBeUndefined();
    expect(update(state({ sent: [order(1, 10)], pluggedAt: undefined }), { kind: 'confirmed', order: 1 }).settling).toBeUndefined();
  });

  test('that confirms ends a measured excess, which does not settle, and the waiting for the next attempt', () => {
    const it = state({ sent: [order(1, 16)], measured: amperes(18), retryAt: at(60) });
    expect(update(it, { kind: 'confirmed', order: 1 })).toEqual(state());
  });

  test('that refuses ends it alone, and the next attempt is after a minute', () => {
    expect(update(ordered, { kind: 'refused', order: 2 })).toEqual(state({ sent: [order(1, 20), order(3, 8)], retryAt: at(60) }));
  });

  test('to an order that ended before changes nothing', () => {
    for (const kind of ['confirmed', 'refused'] as const) expect(update(ordered, { kind, order: 9 })).toBe(ordered);
  });
});

describe('a meter value', () => {
  test('above what counts is an excess, from more than the error of a meter on', () => {
    expect(update(state(), { kind: 'meter', current: amperes(16.2) }).measured).toBeUndefined();
    expect(update(state(), { kind: 'meter', current: amperes(16.3) }).measured).toBe(16.3);
  });

  test('of the old limit is no excess while the car settles', () => {
    const settling = { current: amperes(20), until: at(5) };
    expect(update(state({ settling }), { kind: 'meter', current: amperes(20) }).measured).toBeUndefined();
  });

  test('within the limit ends an excess', () => {
    expect(update(state({ measured: amperes(18) }), { kind: 'meter', current: amperes(16) }).measured).toBeUndefined();
  });

  test('that changes nothing keeps the state', () => {
    const it = state();
    expect(update(it, { kind: 'meter', current: amperes(16) })).toBe(it);
  });

  test('is compared with the maximum of the EVSE without a confirmed limit', () => {
    const it = state({ confirmed: undefined });
    expect(update(it, { kind: 'meter', current: amperes(31) })).toBe(it);
    expect(update(it, { kind: 'meter', current: amperes(30) }).usage.below).toEqual({ since: at(0), highest: 30 });
  });
});

describe('the profile of a session', () => {
  const limitsAt = (profile: ChargingProfile | undefined, of = evse) =>
    update(state(), { kind: 'profile-changed', chargingStarted: at(0), ...(profile && { profile }) }, { of }).profile.map(({ limit }) => limit);
  const inWatts = (limit: number): ChargingProfile => ({ unit: 'W', periods: [{ start: seconds(0), limit: watts(limit) }] });
  const inAmperes = (limit: number): ChargingProfile => ({ unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] });

  test('CP-32: limits the current on each phase of the grid, rounded down to 0.1 A', () => {
    expect(limitsAt(inAmperes(9.99))).toEqual([9.9]);
    expect(limitsAt(inWatts(6_999))).toEqual([10.1]);
  });

  test('on DC counts its current at the maximum voltage of the EVSE', () => {
    expect(limitsAt(inWatts(6_900), site('DC'))).toEqual([10]);
    expect(limitsAt(inAmperes(30), site('DC'))).toEqual([40]);
  });

  test('is none after it was removed', () => {
    expect(limitsAt(undefined)).toEqual([]);
  });
});
