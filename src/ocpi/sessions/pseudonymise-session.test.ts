import { describe, expect, test } from 'vitest';
import { validSession } from '../open-server.fixture.ts';
import { pseudonymiseSession } from './pseudonymise-session.ts';
import type { WireSession } from './session.ts';

const session: WireSession & Record<string, unknown> = {
  ...validSession,
  auth_method: 'WHITELIST',
  status: 'ACTIVE',
  authorization_reference: 'REF-JANE',
  meter_id: 'METER-7',
  charging_periods: [{ start_date_time: '2026-11-23T10:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1.5 }], ...{ seat: 'JANE' } }],
  driver_name: 'JANE',
};
const pseudonyms = {
  id: 'PSEUDO-ID',
  mayKnowLocation: false,
  mayKnowCharge: false,
  pseudonym: (value: string) => `P(${[...value].reduce((sum, it) => sum + it.charCodeAt(0), 0)})`,
};

describe('a session for a party with a contract', () => {
  test('SEC-43: contains no value of the driver, also not in unknown fields', () => {
    const text = JSON.stringify(pseudonymiseSession(session, pseudonyms));
    for (const secret of ['DEADBEEF', 'NL-MSP-C0001', 'REF-JANE', 'METER-7', 'JANE', '"S1"', 'LOC1', 'CP001-1']) expect(text).not.toContain(secret);
  });

  test('CDP-04: has the state of charge only when the party may know it', () => {
    const dimension = (type: 'ENERGY' | 'STATE_OF_CHARGE', volume: number) => ({ type, volume });
    const periods = [
      { start_date_time: '2026-11-23T10:00:00Z', dimensions: [dimension('ENERGY', 1.5), dimension('STATE_OF_CHARGE', 41)] },
      { start_date_time: '2026-11-23T10:05:00Z', dimensions: [dimension('STATE_OF_CHARGE', 42)] },
    ];
    const charged = { ...session, charging_periods: periods };
    expect(pseudonymiseSession(charged, pseudonyms).charging_periods).toEqual([{ ...periods[0], dimensions: [dimension('ENERGY', 1.5)] }]);
    expect(pseudonymiseSession(charged, { ...pseudonyms, mayKnowCharge: true }).charging_periods).toEqual(periods);
  });

  test('SEC-43: has the location and the EVSE when the party may know them', () => {
    expect(pseudonymiseSession(session, { ...pseudonyms, mayKnowLocation: true })).toMatchObject({
      location_id: 'LOC1',
      evse_uid: 'CP001-1',
      connector_id: '1',
    });
  });

  test('RTE-15, CP-64: keeps the CPO, the energy, the status and every digit of last_updated', () => {
    const last_updated = '2026-11-23T11:59:00.123456789Z';
    expect(pseudonymiseSession({ ...session, last_updated }, pseudonyms)).toMatchObject({
      country_code: 'NL',
      party_id: 'EVK',
      kwh: 1.5,
      status: 'ACTIVE',
      last_updated,
    });
  });

  test('keeps the id when no other is given, and adds no field', () => {
    const { id: _, ...plain } = pseudonyms;
    const { authorization_reference: __, ...less } = session;
    const seen = pseudonymiseSession(less, plain);
    expect(seen.id).toBe('S1');
    expect(seen).not.toHaveProperty('authorization_reference');
  });
});
