import { expect, test } from 'vitest';
import { ChargingProfile } from './chargingprofiles/charging-profile.ts';
import { knownFields } from './known-fields.ts';

test('CP-65: unknown fields are removed at every depth, known fields stay unchanged', () => {
  const written = {
    start_date_time: '2026-01-31T09:00:00.500Z',
    charging_rate_unit: 'W',
    planner: 'NL*SCS',
    charging_profile_period: [{ start_period: 0, limit: 11_000.25, because: 'NL*SCS says so' }],
  };
  expect(knownFields(ChargingProfile, written)).toEqual({
    start_date_time: '2026-01-31T09:00:00.500Z',
    charging_rate_unit: 'W',
    charging_profile_period: [{ start_period: 0, limit: 11_000.25 }],
  });
});
