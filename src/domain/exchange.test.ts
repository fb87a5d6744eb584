import { expect, test } from 'vitest';
import { EXCHANGE_STATES, isOpen, RESPONSES, RESULTS, SIDES } from './exchange.ts';

test('an exchange is open from its request to its outcome, and ended in every other state', () => {
  expect(EXCHANGE_STATES.filter(isOpen)).toEqual(['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'POSTING', 'AWAITING']);
  expect(EXCHANGE_STATES.filter((it) => !isOpen(it))).toEqual([
    'DELIVERED',
    'UNDELIVERED',
    'DELIVERY_UNKNOWN',
    'TIMED_OUT',
    'CANCELLED',
    'CONFIRMED',
    'REJECTED',
    'UNKNOWN',
    'REFUSED',
    'UNCERTAIN',
  ]);
});

test('CP-15: a result is one of three values', () => {
  expect(RESULTS).toEqual(['ACCEPTED', 'REJECTED', 'UNKNOWN']);
});

test('CP-05: an immediate answer is one of five values', () => {
  expect(RESPONSES).toEqual(['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION']);
});

test('an exchange is carried, own, sent or relayed; these names are in the database and in the API', () => {
  expect(SIDES).toEqual(['carried', 'own', 'sent', 'relayed']);
});
