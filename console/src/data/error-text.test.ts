import { expect, test } from 'vitest';
import type { ApiError } from './api-client.ts';
import { errorText, registrationErrorText, signInErrorText } from './error-text.ts';

const error = (code: string, message: string, more: Partial<ApiError> = {}): ApiError => ({ ok: false, status: 409, code, message, ...more });

test('without a connection the page says only that, and what to do', () => {
  expect(errorText(error('UNREACHABLE', 'Failed to fetch', { status: 0 }))).toEqual({
    text: 'No connection to the node. It may be restarting: try again in a moment.',
  });
});

test('what the node refuses at once was never sent', () => {
  expect(errorText(error('REJECTED', 'P2 is offline'))).toEqual({ text: 'Nothing was sent.', detail: 'P2 is offline.' });
});

test('CON-T03: an error is a sentence for its code; the words of the node and the code stand behind it, and what is allowed is named once', () => {
  const invalid = error('INVALID', 'limit: must be at most 2000000', { allowed: 'at most 2000000' });
  const sentence = 'The node does not accept an entry. Correct it and try again.';
  expect(errorText(invalid)).toEqual({ text: sentence, detail: 'Limit: must be at most 2000000.', code: 'INVALID' });
  expect(errorText({ ...invalid, message: 'limit: too high' })).toEqual({
    text: sentence,
    detail: 'Limit: too high. Allowed: at most 2000000.',
    code: 'INVALID',
  });
});

test.each(['BRAND_NEW', 'constructor', 'HTTP_502'])('CON-T03: the unknown code %s is shown, too', (code) =>
  expect(errorText(error(code, 'it broke'))).toEqual({ text: 'The request failed.', detail: 'It broke.', code }),
);

test('signing in has its own sentences', () => {
  expect(signInErrorText(error('UNAUTHENTICATED', 'x')).text).toBe('Wrong name, password or code.');
  expect(signInErrorText(error('TOO_MANY_ATTEMPTS', 'too many attempts to sign in: the next one in 9 s'))).toEqual({
    text: 'Too many attempts to sign in. Wait, then try again.',
    detail: 'Too many attempts to sign in: the next one in 9 s.',
    code: 'TOO_MANY_ATTEMPTS',
  });
});

const REFUSED = 'Their platform did not accept this token or this URL. Is the token used already, or mistyped?';
test.each([
  ['versions: http_4xx', { text: REFUSED, code: 'http_4xx' }],
  ['versions: http_4xx: unknown token', { text: REFUSED, detail: 'Their answer: unknown token.', code: 'http_4xx' }],
  ['versions: dns', { text: `Registration stopped at the step "versions": the peer's host name is unknown.`, code: 'dns' }],
  [
    'credentials: ocpi_2001: no',
    { text: 'Registration stopped at the step "credentials": the peer answered with OCPI status 2001.', detail: 'Their answer: no.', code: 'ocpi_2001' },
  ],
  ['versions: found 2.1.1, needed 2.2.1', { text: 'This is not possible now.', detail: 'Versions: found 2.1.1, needed 2.2.1.', code: 'NOT_POSSIBLE' }],
])('CON-T03: the failed registration "%s" is a sentence that names the step', (message, shown) =>
  expect(registrationErrorText(error('NOT_POSSIBLE', message))).toEqual(shown),
);
