import { describe, expect, test } from 'vitest';
import { editions, inEdition } from '../editions.ts';
import { validSession } from '../open-server.fixture.ts';
import { compiledCheck } from '../problem.ts';
import { priceIn } from './price.ts';
import { Session, type WireSession } from './session.ts';
import { writeSession } from './write-session.ts';

const session = (more: Partial<WireSession> = {}): WireSession => ({ ...validSession, auth_method: 'WHITELIST', status: 'ACTIVE', ...more });

describe('a session that was told in one edition and is told on in another', () => {
  test('TYP-13: taxes are told as far as they are known, both ways', () => {
    expect(priceIn('2.3.0', { excl_vat: 10, incl_vat: 12.1 })).toEqual({ before_taxes: 10, taxes: [{ name: 'VAT', amount: 2.1 }] });
    expect(priceIn('2.3.0', { excl_vat: 10 })).toEqual({ before_taxes: 10 });
    const taxes = [
      { name: 'VAT', amount: 2.1 },
      { name: 'city', amount: 0.3 },
    ];
    expect(priceIn('2.2.1', { before_taxes: 10, taxes })).toEqual({ excl_vat: 10, incl_vat: 12.4 });
    expect(priceIn('2.2.1', { before_taxes: 10 })).toEqual({ excl_vat: 10 });
  });

  test.each(editions)('TYP-13, TYP-12: is one that %s knows', (edition) => {
    for (const total_cost of [{ excl_vat: 1 }, { before_taxes: 1 }])
      for (const type of ['RFID', 'EMAID', 'NEW_KIND']) {
        const written = writeSession(edition, session({ total_cost, cdr_token: { ...validSession.cdr_token, type } }));
        expect(compiledCheck(inEdition(Session, edition)).Check(written)).toBe(true);
      }
  });

  test('RTE-15: keeps last_updated as it was written', () => {
    const last_updated = '2026-11-23T11:59:00.123456789Z';
    expect(writeSession('2.3.0', session({ last_updated })).last_updated).toBe(last_updated);
  });
});
