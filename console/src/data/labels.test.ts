import { expect, test } from 'vitest';
import { actionLabel, labelOf, reasonText, refusalText, securityLabel, stateLabel } from './labels.ts';

test.each([
  ['TIMED_OUT', 'no answer in time'],
  ['AC_2_PHASE_SPLIT', 'AC, 2 phases, split'],
  ['COMPLETED', 'completed'],
  ['NEW_WORD', 'new word'],
  ['constructor', 'constructor'],
])('the value %s is shown as "%s"', (value, label) => expect(labelOf(value)).toBe(label));

test('only a request of the operator is done; others have a result to deliver', () => {
  expect(stateLabel({ side: 'own', state: 'DELIVERED' })).toBe('done');
  expect(stateLabel({ side: 'carried', state: 'DELIVERED' })).toBe('result delivered');
  expect(stateLabel({ side: 'own', state: 'TIMED_OUT' })).toBe('no answer in time');
});

test.each([
  ['cp_silent', 'the station did not answer in time'],
  ['cp: NotSupported', 'the station answered NotSupported'],
  ['cp: Rejected: TxNotFound: ended', 'the station answered Rejected: TxNotFound: ended'],
  ['superseded', 'a newer request replaced this one'],
  ['http_5xx: 502', 'the peer answered with HTTP status 502'],
  ['ocpi_2xxx: 2001', 'the peer answered with OCPI status 2001'],
  ['http_4xx: No such session', 'the peer answered with HTTP status 4xx: No such session'],
  ['ocpi_2001', 'the peer answered with OCPI status 2001'],
  ['cpo_silent, then ACCEPTED', 'the CPO sent no result in time; later the result accepted came'],
  ['Session is UNKNOWN here', 'Session is UNKNOWN here'],
  ['toString', 'tostring'],
])('the reason "%s" is the clause "%s"', (reason, text) => expect(reasonText(reason)).toBe(text));

test.each([
  ['REJECTED (REJECTED)', 'rejected'],
  ['REJECTED', 'rejected'],
  ['REJECTED (cp: Rejected)', 'rejected, the station answered Rejected'],
  ['the peer is gone', 'the peer is gone'],
])('the refusal "%s" of a plan is the clause "%s"', (refusal, text) => expect(refusalText(refusal)).toBe(text));

test('kinds of security events and actions of the audit have plain words; others are shown as they are', () => {
  expect([securityLabel('forged-from'), securityLabel('constructor')]).toEqual(['Unapproved sender', 'constructor']);
  expect([actionLabel('lift-limit'), actionLabel('set-charging-profile')]).toEqual(['remove site limit', 'set charging profile']);
});
