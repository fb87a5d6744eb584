import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { patch } from '../emsp/receive-session.ts';
import { sessionChange } from './session-changes.ts';

const period = (hour: number, volume = 1) => ({
  start_date_time: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  dimensions: [{ type: 'ENERGY' as const, volume }],
});
const session = (more: Partial<WireSession> = {}): WireSession => ({
  country_code: 'NL',
  party_id: 'EVK',
  id: 's1',
  start_date_time: '2026-01-01T00:00:00.000Z',
  kwh: 1,
  cdr_token: { country_code: 'NL', party_id: 'MSP', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: '2026-01-01T01:00:00.000Z',
  ...more,
});
const later = (more: Partial<WireSession>) => session({ last_updated: '2026-01-01T02:00:00.000Z', ...more });

describe('what tells a receiver of a change', () => {
  test('SES-01: is the whole object when it has none', () => {
    expect(sessionChange(undefined, session())).toEqual({ by: 'PUT', session: session() });
  });

  test('SES-02: is a PATCH with what changed, and last_updated', () => {
    expect(sessionChange(session(), later({ kwh: 2 }))).toEqual({ by: 'PATCH', patch: { kwh: 2, last_updated: '2026-01-01T02:00:00.000Z' } });
  });

  test('SES-02: is nothing when nothing changed', () => {
    expect(sessionChange(session(), session())).toEqual({ by: 'nothing' });
  });

  test('SES-36: holds only the charging periods that are new, since a receiver adds them', () => {
    const change = sessionChange(session({ charging_periods: [period(0)] }), later({ charging_periods: [period(0), period(1)] }));
    expect(change).toMatchObject({ by: 'PATCH', patch: { charging_periods: [period(1)] } });
  });

  test('SES-37: leaves charging periods out when there are no new ones', () => {
    const change = sessionChange(session({ charging_periods: [period(0)] }), later({ kwh: 2, charging_periods: [period(0)] }));
    expect(change).toEqual({ by: 'PATCH', patch: { kwh: 2, last_updated: '2026-01-01T02:00:00.000Z' } });
  });

  test.each([
    ['a period was corrected', { charging_periods: [period(0)] }, { charging_periods: [period(0, 2)] }],
    ['a period was taken away', { charging_periods: [period(0), period(1)] }, { charging_periods: [period(0)] }],
    ['a field is gone', { authorization_reference: 'r' }, {}],
  ])('SES-38: is a PUT when %s, which no PATCH can tell', (_, before, now) => {
    expect(sessionChange(session(before), later(now))).toMatchObject({ by: 'PUT' });
  });

  test('SES-02, SES-36, SES-38: brings a lawful receiver to exactly what is, whatever changed', () => {
    const sessions = fc.record(
      {
        kwh: fc.nat(10),
        status: fc.constantFrom('ACTIVE' as const, 'COMPLETED' as const),
        end_date_time: fc.constant('2026-01-01T09:00:00.000Z'),
        charging_periods: fc.subarray([0, 1, 2, 3]).chain((hours) => fc.tuple(...hours.map((hour) => fc.nat(2).map((volume) => period(hour, volume))))),
      },
      { requiredKeys: ['kwh', 'status'] },
    );
    fc.assert(
      fc.property(sessions, sessions, fc.nat(1), (before, now, moved) => {
        const held = session({ ...before, status: 'ACTIVE', kwh: 0 });
        const is = moved === 0 ? held : later(now);
        const change = sessionChange(held, is);
        const brought = change.by === 'PUT' ? change.session : change.by === 'PATCH' ? patch(held, change.patch).session : held;
        // no list and an empty one say the same (SES-32)
        expect({ charging_periods: [], ...brought }).toEqual({ charging_periods: [], ...is });
      }),
    );
  });
});
