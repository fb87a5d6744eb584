import { describe, expect, test } from 'vitest';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { pseudonymiseText } from './pseudonymise-text.ts';

const session: WireSession = {
  country_code: 'NL',
  party_id: 'CPO',
  id: 'S(1)+$&',
  start_date_time: '2026-01-31T09:00:00Z',
  kwh: 0,
  cdr_token: { country_code: 'NL', party_id: 'MSP', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-MSP-C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: '2026-01-31T09:00:00Z',
};

describe('a status message of a CPO for an SCSP (SEC-43)', () => {
  test.each([
    ['has the other id of the session, for every character and in any case', 'session s(1)+$& is full', 'session $& is full'],
    ['has neither the token nor the contract', 'deadbeef of nl-msp-c1 may not charge', '… of … may not charge'],
    ['is otherwise unchanged', 'too many requests', 'too many requests'],
  ])('%s', (_, text, expected) => {
    expect(pseudonymiseText(text, session, '$&')).toBe(expected);
  });

  test('has no authorization reference either', () => {
    expect(pseudonymiseText('AUTH-7 is over', { ...session, authorization_reference: 'auth-7' }, 'X')).toBe('… is over');
  });
});
