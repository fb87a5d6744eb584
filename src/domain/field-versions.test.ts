import { describe, expect, test } from 'vitest';
import { changedFields, fieldsSince, versionsAfter } from './field-versions.ts';

const first = { name: 'a', status: 'FREE', last_updated: 1 };
const made = versionsAfter({}, { before: undefined, after: first }, 1);

test('the changed fields of an object: none, some, or LOST when a field was removed', () => {
  expect(changedFields(first, { ...first, last_updated: 2 })).toBeUndefined();
  expect(changedFields(first, { ...first, status: 'BUSY', extra: [1], last_updated: 2 })).toEqual({ status: 'BUSY', extra: [1] });
  expect(changedFields(first, { status: 'FREE', last_updated: 2 })).toBe('LOST');
});

describe('what a receiver lacks of an object', () => {
  test('all of a new object', () => {
    expect(fieldsSince(first, made, 0)).toBe('WHOLE');
    expect(fieldsSince(first, made, 1)).toBeUndefined();
  });

  test('the fields that changed after its version, and no others', () => {
    const second = { ...first, status: 'BUSY', last_updated: 2 };
    const third = { ...second, name: 'b', last_updated: 3 };
    const versions = versionsAfter(versionsAfter(made, { before: first, after: second }, 2), { before: second, after: third }, 5);
    expect(fieldsSince(third, versions, 1)).toEqual({ name: 'b', status: 'BUSY' });
    expect(fieldsSince(third, versions, 2)).toEqual({ name: 'b' });
    expect(fieldsSince(third, versions, 4)).toEqual({ name: 'b' });
    expect(fieldsSince(third, versions, 5)).toBeUndefined();
    expect(fieldsSince(third, versions, 0)).toBe('WHOLE');
  });

  test('all of an object that lost a field, because a PATCH cannot remove one', () => {
    const { name: _, ...less } = first;
    const versions = versionsAfter(made, { before: first, after: less }, 7);
    expect(fieldsSince(less, versions, 6)).toBe('WHOLE');
    expect(fieldsSince(less, versions, 7)).toBeUndefined();
  });

  test('nothing when only last_updated changed', () => {
    const later = { ...first, last_updated: 9 };
    expect(fieldsSince(later, versionsAfter(made, { before: first, after: later }, 2), 1)).toBeUndefined();
  });
});
