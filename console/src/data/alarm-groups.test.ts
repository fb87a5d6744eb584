import { expect, test } from 'vitest';
import { groupAlarms, pageOf } from './alarm-groups.ts';
import type { AlarmView } from './console-api-types.ts';

const alarm = (kind: AlarmView['kind'], about: string, more: Partial<AlarmView> = {}): AlarmView => ({
  key: `${kind}:${about}`,
  kind,
  severity: 'warning',
  says: 'says',
  values: {},
  first_seen: '2026-01-31T09:00:00Z',
  last_seen: '2026-01-31T09:00:00Z',
  count: 1,
  mend: [],
  ...more,
});

test('CON-B05: alarms of one kind are one group, and what an alarm explains stands under it', () => {
  const alarms = [
    alarm('session-above-limit', 'S1', { caused_by: 'station-away:CP1' }),
    alarm('session-above-limit', 'S2', { caused_by: 'station-away:GONE' }),
    alarm('station-away', 'CP1'),
    alarm('station-away', 'CP2'),
  ];
  const shown = groupAlarms(alarms).map(({ kind, causes }) => [kind, causes.map((it) => [it.alarm.key, it.effects.map(({ key }) => key)])]);
  expect(shown).toEqual([
    ['session-above-limit', [['session-above-limit:S2', []]]],
    [
      'station-away',
      [
        ['station-away:CP1', ['session-above-limit:S1']],
        ['station-away:CP2', []],
      ],
    ],
  ]);
  expect(groupAlarms([])).toEqual([]);
});

test('CON-B05: the buttons of an alarm open the pages of its subjects', () => {
  const about = alarm('station-refuses-limits', 'CP/1', { station: 'CP/1' });
  expect(pageOf('see-exchanges', about)).toEqual({ to: ['exchanges'], search: '?station=CP%2F1' });
  expect(pageOf('see-station', about)).toEqual({ to: ['stations', 'CP/1'] });
  expect([pageOf('see-session', about), pageOf('halt-party', about)]).toEqual([undefined, undefined]);
});
