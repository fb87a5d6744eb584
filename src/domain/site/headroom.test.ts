import { describe, expect, test } from 'vitest';
import { amperes, watts } from '../units.ts';
import { applyEvent, initialSiteState } from './balance.ts';
import { alone, Site } from './balanced-site.fixture.ts';
import { headroomOf } from './headroom.ts';
import { NOON } from './site.fixture.ts';

describe('the headroom of a site', () => {
  test('CON-B05: what the EVSEs share, what counts against it, and what is left; in W over all phases', () => {
    const site = alone();
    expect(headroomOf(site.last.state, NOON)).toEqual({ limit: 3 * 32 * 230, load: 3 * 32 * 230, headroom: 0 });
  });

  test('CON-B05: of limits in A and W the lower counts, and a limit that is exceeded leaves less than nothing', () => {
    const site = alone();
    site.apply({ kind: 'limit-changed', node: 'grid', limit: { a: amperes(20), w: watts(9_000) } });
    expect(headroomOf(site.last.state, NOON)).toMatchObject({ limit: 9_000, headroom: 9_000 - 3 * 32 * 230 });
  });

  test('CON-B05: before the first step there is a load and no limit', () => {
    const state = initialSiteState(new Site().last.state.tree, { rule: 'equal' });
    expect(headroomOf(state, NOON)).toEqual({ load: 0 });
    expect(headroomOf(applyEvent(state, { kind: 'tick' }, NOON).state, NOON)).toMatchObject({ load: 0, headroom: 3 * 32 * 230 });
  });
});
