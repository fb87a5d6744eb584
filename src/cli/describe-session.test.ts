import { expect, test } from 'vitest';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { costOf, sessionColumns } from './describe-session.ts';
import { renderTable } from './table.ts';

const view = (more: Partial<SessionView['session']>): SessionView => ({
  key: 'NL*EVK*S1',
  seq: 1,
  side: 'foreign',
  inputs: [],
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

test('SES-18: a session without a total cost costs an unknown amount, not nothing', () => {
  expect(costOf(view({}))).toBe('unknown');
  expect(costOf(view({ total_cost: { excl_vat: 0 } }))).toBe('0.00 EUR');
});

test('TYP-15: what others write is shown as they wrote it, and rules no terminal', () => {
  const [, row] = renderTable(sessionColumns([view({ evse_uid: '<b>E1</b>\u001b[2J' })]), [view({ evse_uid: '<b>E1</b>\u001b[2J' })], 120);
  expect(row).toContain('<b>E1</b>·[2J');
});
