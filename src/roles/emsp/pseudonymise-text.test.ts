import { describe, expect, test } from 'vitest';
import { wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import { pseudonymiseText } from './pseudonymise-text.ts';

const session = wireSession({ id: 'S(1)+$&' });

describe('a status message of a CPO for an SCSP (SEC-43)', () => {
  test.each([
    ['has the other id of the session, for every character and in any case', 'session s(1)+$& is full', 'session $& is full'],
    ['has neither the token nor the contract', 'deadbeef of nl-evk-c1 may not charge', '… of … may not charge'],
    ['is otherwise unchanged', 'too many requests', 'too many requests'],
    ['keeps words and numbers that only contain an id (F-53)', 'xdeadbeef, nl-evk-c12 and DEADBEEF', 'xdeadbeef, nl-evk-c12 and …'],
  ])('%s', (_, text, expected) => {
    expect(pseudonymiseText(text, session, '$&')).toBe(expected);
  });

  test('has no authorization reference either', () => {
    expect(pseudonymiseText('AUTH-7 is over', { ...session, authorization_reference: 'auth-7' }, 'X')).toBe('… is over');
  });

  test('is unchanged by an empty id, which would be found at every place', () => {
    expect(pseudonymiseText('no', { ...session, cdr_token: { ...session.cdr_token, uid: '' }, authorization_reference: '' }, 'X')).toBe('no');
  });
});
