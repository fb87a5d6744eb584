import { expect, test } from 'vitest';
import type { ApiError } from './api-client.ts';
import { errorText, registrationErrorText, signInErrorText } from './error-text.ts';

const error = (code: string, message: string, more: Partial<ApiError> = {}): ApiError => ({ ok: false, status: 409, code, message, ...more });

test('without a connection the page says only that', () => {
  expect(errorText(error('UNREACHABLE', 'Failed to fetch', { status: 0 }))).toEqual({ text: 'No connection to the node.' });
});

test('what the node refuses at once was never sent', () => {
  expect(errorText(error('REJECTED', 'P2 is offline'))).toEqual({ text: 'Nothing was sent: P2 is offline.' });
});

test('other errors keep the sentence of the node with its code, and name what is allowed once', () => {
  const invalid = error('INVALID', 'limit: must be at most 2000000', { allowed: 'at most 2000000' });
  expect(errorText(invalid)).toEqual({ text: 'Limit: must be at most 2000000.', code: 'INVALID' });
  expect(errorText({ ...invalid, message: 'limit: too high' })).toEqual({ text: 'Limit: too high. Allowed: at most 2000000.', code: 'INVALID' });
});

test('signing in has its own sentences', () => {
  expect(signInErrorText(error('UNAUTHENTICATED', 'x')).text).toBe('Wrong name, password or code.');
  expect(signInErrorText(error('TOO_MANY_ATTEMPTS', 'too many attempts to sign in: the next one in 9 s')).text).toBe(
    'Too many attempts to sign in: the next one in 9 s.',
  );
});

test('a peer that refuses the first step of a registration refuses the token or the URL', () => {
  const refused = 'Their platform did not accept this token or this URL. Is the token used already, or mistyped?';
  expect(registrationErrorText(error('NOT_POSSIBLE', 'versions: http_4xx')).text).toBe(refused);
  expect(registrationErrorText(error('NOT_POSSIBLE', 'versions: http_4xx: unknown token')).text).toBe(`${refused} Their answer: unknown token.`);
  expect(registrationErrorText(error('NOT_POSSIBLE', 'versions: dns')).text).toBe('Versions: dns.');
});
