import { expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { applyEvents, initialSiteState } from './balance.ts';
import { loadPerNode } from './node-load.ts';
import { evseOf, NOON, treeOf } from './site.fixture.ts';

test('the load of a node is the current on each phase and the power of all EVSEs below it, at any depth', () => {
  const tree = treeOf(
    { name: 'grid', limit: { a: 100 }, evses: [{ uid: 'B', rotation: 'S' }], children: [{ name: 'panel', evses: [{ uid: 'A' }] }, { name: 'empty' }] },
    [evseOf('A'), evseOf('B', 'AC_1_PHASE')],
  );
  const state = initialSiteState(tree, { rule: 'equal' });
  const none = { a: [0, 0, 0], w: 0 };
  expect(loadPerNode(state, NOON)).toEqual([none, none, none]);
  const both = applyEvents(
    state,
    [
      { kind: 'plugged-in', evse: 'A' },
      { kind: 'plugged-in', evse: 'B' },
    ],
    NOON,
  ).state;
  expect(loadPerNode(both, epochSeconds(NOON + 1))).toEqual([{ a: [32, 64, 32], w: 32 * 230 * 4 }, { a: [32, 32, 32], w: 32 * 230 * 3 }, none]);
});
