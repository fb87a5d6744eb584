import { describe, expect, test } from 'vitest';
import { validSession } from '../open-server.fixture.ts';
import { pseudonymiseSession } from './pseudonymise-session.ts';
import type { WireSession } from './session.ts';

const told: WireSession & Record<string, unknown> = {
  ...validSession,
  auth_method: 'WHITELIST',
  status: 'ACTIVE',
  authorization_reference: 'REF-JANE',
  meter_id: 'METER-7',
  charging_periods: [{ start_date_time: '2026-11-23T10:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1.5 }], ...{ seat: 'JANE' } }],
  driver_name: 'JANE',
};
const veil = { id: 'MINTED', knowsPlace: false, pseudonym: (value: string) => `P(${[...value].reduce((sum, it) => sum + it.charCodeAt(0), 0)})` };

describe('a session as a party by contract may see it', () => {
  test('SEC-43: holds no value of the driver, not between the lines either', () => {
    const text = JSON.stringify(pseudonymiseSession(told, veil));
    for (const secret of ['DEADBEEF', 'NL-MSP-C0001', 'REF-JANE', 'METER-7', 'JANE', '"S1"', 'LOC1', 'CP001-1']) expect(text).not.toContain(secret);
  });

  test('SEC-43: says where it is to a party whose contract speaks of places', () => {
    expect(pseudonymiseSession(told, { ...veil, mayKnowLocation: true })).toMatchObject({ location_id: 'LOC1', evse_uid: 'CP001-1', connector_id: '1' });
  });

  test("RTE-15, CP-64: keeps what is its CPO's to say, last_updated to the last digit", () => {
    const last_updated = '2026-11-23T11:59:00.123456789Z';
    expect(pseudonymiseSession({ ...told, last_updated }, veil)).toMatchObject({
      country_code: 'NL',
      party_id: 'EVK',
      kwh: 1.5,
      status: 'ACTIVE',
      last_updated,
    });
  });

  test('keeps the id where no other is given, and has no field that the session has not', () => {
    const { id: _, ...plain } = veil;
    const { authorization_reference: __, ...less } = told;
    const seen = pseudonymiseSession(less, plain);
    expect(seen.id).toBe('S1');
    expect(seen).not.toHaveProperty('authorization_reference');
  });
});
