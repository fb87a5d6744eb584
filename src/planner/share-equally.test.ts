import { describe, expect, test } from 'vitest';
import { keyOf } from './problem.fixture.ts';
import { type Claim, edgesOf, rotated, shareEqually, shareOf } from './share-equally.ts';

const claims = (...list: (readonly [least: number, most: number])[]): Claim[] => list.map(([least, most], n) => ({ key: keyOf(n), least, most }));
const shared = (capacity: number, list: readonly Claim[]) => {
  const shares = shareEqually(capacity, list);
  return list.map((it) => shareOf(it, shares));
};

describe('sharing a capacity', () => {
  test('gives all the same', () => {
    expect(shared(30, claims([6, 32], [6, 32], [6, 32]))).toEqual([10, 10, 10]);
  });

  test('gives none more than it can use, and its rest to the others', () => {
    expect(shared(50, claims([6, 10], [6, 32], [6, 32]))).toEqual([10, 20, 20]);
    expect(shared(500, claims([6, 10], [6, 32]))).toEqual([10, 32]);
  });

  test('gives each served one its least, also when that is above the share of the others', () => {
    expect(shared(30, claims([16, 32], [6, 32], [6, 32]))).toEqual([16, 7, 7]);
  });

  test('lets a DC session without a known maximum use all that is left', () => {
    expect(shared(100, claims([0, Infinity], [6, 32]))).toEqual([68, 32]);
  });

  test('gives 0 of no capacity', () => {
    expect(shared(0, claims([6, 32], [0, 32]))).toEqual([0, 0]);
  });
});

describe('a capacity below the sum of the least', () => {
  test('serves the first ones, and the others pause', () => {
    expect(shared(17.9, claims([6, 32], [6, 32], [6, 32]))).toEqual([8.95, 8.95, 0]);
    expect(shared(18, claims([6, 32], [6, 32], [6, 32]))).toEqual([6, 6, 6]);
  });

  test('serves a later one whose least still fits', () => {
    expect(shared(13, claims([6, 32], [8, 32], [6, 32]))).toEqual([6.5, 0, 6.5]);
  });

  test('does not reserve anything for one that can use nothing', () => {
    expect(shared(12, claims([0, 0], [6, 4], [6, 6], [6, 32]))).toEqual([0, 0, 6, 6]);
  });
});

test('the edges are the different values of least and most in ascending order, without Infinity', () => {
  expect(edgesOf(claims([6, 32], [0, Infinity], [6, 10]))).toEqual([0, 6, 10, 32]);
});

describe('a list in the order of a turn', () => {
  test('begins with another element in each turn, and again with the first one after all of them', () => {
    expect([0, 1, 2, 3].map((turn) => rotated(['a', 'b', 'c'], turn).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });

  test('is empty when there is nothing to rotate', () => {
    expect(rotated([], 5)).toEqual([]);
  });
});
