import { describe, expect, test } from 'vitest';
import { partyKey } from '../../domain/ids.ts';
import { maskUid } from '../../domain/personal-data.ts';
import { wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import { maskUrl } from '../core/mask-url.ts';
import { maskSession } from './masks.ts';

describe('masks', () => {
  test.each([
    ['DEADBEEF', '****BEEF'],
    ['A1B2C3D4E5F60001', '****0001'],
    ['C0FFEE', '****FEE'],
    ['1234', '****34'],
    ['', '****'],
  ])('SEC-25: card number %j is shown as %s', (uid, shown) => expect(maskUid(uid)).toBe(shown));

  test.each([
    ['https://msp.example/results/abc?key=1', 'https://msp.example/***'],
    ['https://user:secret@msp.example:8443/x', 'https://msp.example:8443/***'],
    ['no address', '***'],
  ])('SEC-25: URL %s is shown as %s', (url, shown) => expect(maskUrl(url)).toBe(shown));

  test('F-75: the card number in a session is whole for the party whose card it is, in any case, and masked for others', () => {
    const session = wireSession();
    const { country_code, party_id, uid } = session.cdr_token;
    const shown = (...issuers: ReturnType<typeof partyKey>[]) => maskSession(session, issuers).cdr_token?.uid;
    expect(shown(partyKey(country_code.toLowerCase(), party_id.toLowerCase()))).toBe(uid);
    expect([shown(), shown(partyKey('NL', 'XXX'))]).toEqual([maskUid(uid), maskUid(uid)]);
  });
});
