import { expect, test } from 'vitest';
import { takesPreferences } from './preferences.ts';

test.each([
  ['PENDING', true],
  ['ACTIVE', true],
  ['RESERVATION', false],
  ['COMPLETED', false],
  ['INVALID', false],
])('SES-56: a session that is %s takes charging preferences: %s', (status, takes) => {
  expect(takesPreferences(status)).toBe(takes);
});
