import { expect, test } from 'vitest';
import { sessionKey } from '../../domain/ids.ts';
import type { OwnSession } from '../../roles/cpo/session.ts';
import { chargeOf } from './ended-charges.ts';

/** Without EVSEs: that of the session is unknown. */
const directory = { byUid: () => undefined };
const session = (changes: Partial<OwnSession>) => ({
  key: sessionKey('NL', 'CPO', 'S1'),
  body: { start_date_time: '2026-11-24T08:00:00Z', end_date_time: '2026-11-24T10:00:00Z', kwh: 7.5, evse_uid: 'E1', ...changes } as OwnSession,
});

test.each<[string, Partial<OwnSession>, object[]]>([
  ['an ended session', {}, [{ energy: 7_500, stated: {}, electric: { max: 16, phases: [1, 2, 3] } }]],
  ['a session without an end', { end_date_time: undefined } as unknown as Partial<OwnSession>, []],
  ['a session without energy', { kwh: 0 }, []],
  ['a session that ends when it begins', { end_date_time: '2026-11-24T08:00:00Z' }, []],
])('PLN-E08: %s of the history', (_, changes, expected) => {
  expect(chargeOf(session(changes), directory)).toMatchObject(expected);
});
