import { expect, test } from 'vitest';
import { isChange, limitInBoth, sumChanges } from './limit-change.ts';
import { evseOf } from './site/site.fixture.ts';

test('CON-P01: a limit is known in both units on AC, and in its own on DC or where the EVSE is not known', () => {
  expect(limitInBoth(10, 'A', evseOf('E'))).toEqual({ a: 10, w: 6_900 });
  expect(limitInBoth(7_360, 'W', evseOf('E', 'AC_1_PHASE'))).toEqual({ a: 32, w: 7_360 });
  expect(limitInBoth(7_000, 'W', evseOf('E'))).toEqual({ a: 10.1, w: 7_000 });
  expect([limitInBoth(100, 'A', evseOf('E', 'DC')), limitInBoth(50_000, 'W', evseOf('E', 'DC'))]).toEqual([{ a: 100 }, { w: 50_000 }]);
  expect([limitInBoth(10, 'A', undefined), limitInBoth(undefined, 'A', evseOf('E'))]).toEqual([{ a: 10 }, {}]);
});

test('CON-P01: the sums count rises and falls apart, and leave out what is not known in W', () => {
  const change = (evse: string, from: number | undefined, to: number | undefined) => ({
    evse,
    from: from === undefined ? {} : { w: from },
    to: to === undefined ? {} : { w: to },
  });
  expect(
    sumChanges([change('A', 5_520, 4_140), change('B', 8_280, 9_660), change('C', 100, 100), change('D', undefined, 9), change('E', 9, undefined)]),
  ).toEqual({
    rises: 1_380,
    falls: 1_380,
  });
  expect([isChange(change('A', 1, 2)), isChange(change('A', 1, 1)), isChange({ evse: 'A', from: { a: 1 }, to: { a: 2 } })]).toEqual([true, false, true]);
});
