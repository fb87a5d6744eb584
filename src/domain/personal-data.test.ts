import { describe, expect, test } from 'vitest';
import { ERASED, isErased, mapSessionPersonalData, mapTokenPersonalData } from './personal-data.ts';

const as = (text: string) => `<${text}>`;
const token = { country_code: 'NL', party_id: 'MSP', uid: 'u1', type: 'RFID', contract_id: 'c1' };

describe('SEC-46: the personal data of a session', () => {
  test('are the uid and the contract of its token and the authorization reference, and nothing else', () => {
    expect(mapSessionPersonalData({ id: 's1', cdr_token: token, authorization_reference: 'r1', kwh: 1 }, as)).toEqual({
      id: 's1',
      cdr_token: { ...token, uid: '<u1>', contract_id: '<c1>' },
      authorization_reference: '<r1>',
      kwh: 1,
    });
  });

  test('a session without a token or a reference gets none', () => {
    expect(mapSessionPersonalData({ id: 's1' }, as)).toStrictEqual({ id: 's1' });
    expect(mapSessionPersonalData({ authorization_reference: '' }, as)).toEqual({ authorization_reference: '<>' });
  });

  test('the order of the fields stays, because changes are found by comparing JSON', () => {
    const session = { authorization_reference: 'r1', id: 's1', cdr_token: token };
    expect(JSON.stringify(mapSessionPersonalData(session, (text) => text))).toBe(JSON.stringify(session));
  });
});

describe('SEC-46: the personal data of a token', () => {
  test('are its uid, contract, visual number and group, and nothing else', () => {
    expect(mapTokenPersonalData({ ...token, visual_number: 'v1', group_id: 'g1', issuer: 'MSP' }, as)).toEqual({
      ...token,
      uid: '<u1>',
      contract_id: '<c1>',
      visual_number: '<v1>',
      group_id: '<g1>',
      issuer: 'MSP',
    });
  });

  test('a token without a visual number and a group gets none', () => {
    expect(mapTokenPersonalData(token, as)).toStrictEqual({ ...token, uid: '<u1>', contract_id: '<c1>' });
  });
});

test('SEC-46: a session is erased when the uid of its token is', () => {
  expect(isErased({ cdr_token: { uid: ERASED, contract_id: ERASED } })).toBe(true);
  expect(isErased({ cdr_token: token })).toBe(false);
  expect([isErased({}), isErased(undefined)]).toEqual([false, false]);
});
