import type { WireSession } from './session.ts';

/** An OCPI DateTime: 2026-01-31T09:00:00Z, the start of `wireSession()`, plus `minutes`. */
export const atMinute = (minutes: number): string => new Date(Date.UTC(2026, 0, 31, 9, minutes)).toISOString();

/** An ACTIVE session of the CPO NL*CPO for a customer of the eMSP NL*EVK, with some fields changed. */
export const wireSession = (changes: Partial<WireSession> = {}): WireSession => ({
  country_code: 'NL',
  party_id: 'CPO',
  id: 's1',
  start_date_time: atMinute(0),
  kwh: 1,
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: 'DEADBEEF', type: 'RFID', contract_id: 'NL-EVK-C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: atMinute(0),
  ...changes,
});

/** A charging period that starts at this minute, with energy in kWh. */
export const energyPeriod = (minute: number, volume = 1) => ({ start_date_time: atMinute(minute), dimensions: [{ type: 'ENERGY' as const, volume }] });
