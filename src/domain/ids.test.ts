import { describe, expect, test } from 'vitest';
import { asLocationKey, asPartyKey, asSessionKey, fold, locationKey, partyKey, partyName, partyOfSession, sessionKey } from './ids.ts';

describe('TYP-02: the folded form of an id', () => {
  test('has capital letters and is otherwise unchanged', () => {
    expect(fold('nl-Evk_c1*A')).toBe('NL-EVK_C1*A');
  });

  test('follows ASCII rules: letters outside a to z stay, also those that have a capital form', () => {
    expect(fold('straße i ı é')).toBe('STRAßE I ı é');
  });
});

describe('A-04: a key is the same for every spelling of an id', () => {
  test('of a party', () => {
    expect(partyKey('nl', 'evk')).toBe('NL*EVK');
  });

  test('of a session and of a location', () => {
    expect(sessionKey('nl', 'Evk', 'abc-1')).toBe('NL*EVK*ABC-1');
    expect(locationKey('nl', 'Evk', 'loc1')).toBe('NL*EVK*LOC1');
  });

  test('a key from the store is taken as it is', () => {
    expect([asPartyKey('operator'), asSessionKey('NL*EVK*s'), asLocationKey('NL*EVK*l')]).toEqual(['operator', 'NL*EVK*s', 'NL*EVK*l']);
  });
});

describe('the parts of a key', () => {
  test('of a party: country code and party id', () => {
    expect(partyName(partyKey('NL', 'EVK'))).toEqual({ countryCode: 'NL', partyId: 'EVK' });
  });

  test('of the operator, which is no party of OCPI: no party id', () => {
    expect(partyName(asPartyKey('operator'))).toEqual({ countryCode: 'operator', partyId: '' });
  });

  test('of a session: its party, also when the id of the session has asterisks', () => {
    expect(partyOfSession(sessionKey('NL', 'EVK', 'a*b*c'))).toBe('NL*EVK');
  });
});
