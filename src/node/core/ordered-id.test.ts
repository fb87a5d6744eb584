import { expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { createOrderedIds } from './ordered-id.ts';

test('an id is a UUID of version 7 that begins with its time', () => {
  const newId = createOrderedIds({ now: () => epochMillis(0x0123456789ab) });
  expect(newId()).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ids of one moment are different', () => {
  const newId = createOrderedIds({ now: () => epochMillis(1) });
  expect(new Set(Array.from({ length: 1_000 }, newId)).size).toBe(1_000);
});

test('later ids are greater', () => {
  let now = 1_796_058_531_120;
  const newId = createOrderedIds({ now: () => epochMillis(now++) });
  const ids = Array.from({ length: 300 }, newId);
  expect(ids.toSorted()).toEqual(ids);
});
