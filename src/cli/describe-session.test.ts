import { expect, test } from 'vitest';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { costOf, sessionColumns, watchColumns } from './describe-session.ts';
import { renderTable } from './table.ts';

const view = (more: Partial<SessionView['session']>): SessionView => ({
  key: 'NL*EVK*S1',
  seq: 1,
  side: 'foreign',
  inputs: [],
  combination: { rule: 'none', says: '', replaces: [] },
  session: {
    country_code: 'NL',
    party_id: 'EVK',
    id: 'S1',
    start_date_time: '2026-03-01T10:00:00Z',
    kwh: 1,
    auth_method: 'WHITELIST',
    location_id: 'L',
    evse_uid: 'E1',
    connector_id: '1',
    currency: 'EUR',
    status: 'ACTIVE',
    last_updated: '2026-03-01T10:00:00Z',
    ...more,
  },
});

test('SES-18: the cost of a session without a total cost is unknown, not 0', () => {
  expect(costOf(view({}))).toBe('unknown');
  expect(costOf(view({ total_cost: { excl_vat: 0 } }))).toBe('0.00 EUR');
});

test('TYP-15: text of others is shown as they wrote it, but without control characters', () => {
  const [, row] = renderTable(sessionColumns([view({ evse_uid: '<b>E1</b>\u001b[2J' })]), [view({ evse_uid: '<b>E1</b>\u001b[2J' })], 120);
  expect(row).toContain('<b>E1</b>·[2J');
});

test('F-03, F-33: a session that was closed without its end, or charges with a refused token, has a note', () => {
  const sessions = [{ ...view({}), closed_without_end: 'the connector is available; no register after the start', unauthorised: true }];
  const [title, row] = renderTable(sessionColumns(sessions), sessions, 200);
  expect([title, row].map((line) => line?.includes('NOTE'))).toEqual([true, false]);
  expect(row).toContain('closed without its end: the connector is available; no register after the start; charges with a refused token');
  expect(sessionColumns([view({})]).map((it) => it.title)).not.toContain('NOTE');
});

test('CON-G06: watch shows EVSE, limit with its origin and power', () => {
  const session: SessionView = {
    ...view({ evse_uid: 'CP001-1' }),
    limit: { limit: 10, unit: 'A', origin: { kind: 'site', name: 'garage/north' }, reported: true },
    power: 6_900,
  };
  const [title, row] = renderTable(watchColumns([session], new Map()), [session], 80);
  expect(title).toMatch(/^EVSE +LIMIT +POWER +SESSION +LAST REQUEST$/);
  expect(row).toMatch(/^CP001-1 +10 A · garage\/north +6\.9 kW +S1$/);
});
