import { describe, expect, test } from 'vitest';
import { amperes, watts } from '../units.ts';
import { exceededLimits, fullCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { evseAt } from './share.ts';
import { evseOf, treeOf } from './site.fixture.ts';

const tree = treeOf({ name: 'grid', limit: { a: 32 }, children: [{ name: 'panel', evses: [{ uid: 'A' }, { uid: 'B', rotation: 'S' }] }] }, [
  evseOf('A'),
  evseOf('B', 'AC_1_PHASE'),
]);
const [three, one] = [evseAt(tree, 0), evseAt(tree, 1)];
const unlimited = { a: amperes(Infinity), w: watts(Infinity) };
const capacity = (grid: { a?: number; w?: number }, panel: { a?: number; w?: number } = {}) =>
  fullCapacity(
    tree,
    [grid, panel].map(({ a = Infinity, w = Infinity }) => ({ a: amperes(a), w: watts(w) })),
  );

describe('the current that an EVSE can still get', () => {
  test('is the lowest remaining one of its phases, in tenths of an ampere, on every node above it', () => {
    expect([remainingFor(capacity({ a: 20 }, { a: 12.5 }), three), remainingFor(capacity({ a: 10 }, { a: 12.5 }), one)]).toEqual([125, 100]);
    const remaining = capacity({ a: 20 });
    subtractCurrent(remaining, one, 60);
    expect([remainingFor(remaining, three), remainingFor(remaining, one)]).toEqual([140, 140]);
    subtractCurrent(remaining, one, -60);
    expect(remainingFor(remaining, three)).toBe(200);
  });

  test('is what the remaining power allows over its phases', () => {
    expect([remainingFor(capacity({ w: 6_900 }), three), remainingFor(capacity({ w: 6_900 }), one)]).toEqual([100, 300]);
    expect(remainingFor(capacity({ w: 6_899 }), three)).toBe(99);
  });

  test('is negative where a limit is exceeded, and without end where nothing is limited', () => {
    const remaining = capacity({ a: 10 });
    subtractCurrent(remaining, three, 120);
    expect(remainingFor(remaining, one)).toBe(-20);
    expect(remainingFor(fullCapacity(tree, [unlimited, unlimited]), three)).toBe(Infinity);
  });
});

describe('the exceeded limits', () => {
  test('are none at the limit', () => {
    const remaining = capacity({ a: 10, w: 6_900 });
    subtractCurrent(remaining, three, 100);
    expect(exceededLimits(tree, remaining)).toEqual([]);
  });

  test('name the node, the phase and the excess, and the power in whole watts', () => {
    const remaining = capacity({ w: 6_899.5 }, { a: 9 });
    subtractCurrent(remaining, three, 100);
    expect(exceededLimits(tree, remaining)).toEqual([
      'grid: 1 W too much',
      'grid/panel on phase R: 1.0 A too much',
      'grid/panel on phase S: 1.0 A too much',
      'grid/panel on phase T: 1.0 A too much',
    ]);
  });
});
