import { expect, test } from 'vitest';
import type { AlarmView } from '../node/alarms/alarm-view.ts';
import { describeAlarm, summariseAlarms } from './describe-alarm.ts';

const MOMENT = '2026-01-31T09:00:00Z';
const alarm = (more: Partial<AlarmView>): AlarmView => ({
  ...{ key: 'station-away:CP1', kind: 'station-away', severity: 'warning', says: 'CP1 is not connected.', values: {}, station: 'CP1' },
  ...{ first_seen: MOMENT, last_seen: MOMENT, count: 1, mend: [] },
  ...more,
});

test('CON-B06: an alarm is one line, with its subject where the sentence does not name it', () => {
  expect(describeAlarm(alarm({}))).toBe('warning: CP1 is not connected.');
  expect(describeAlarm(alarm({ session: 'NL*EVK*S1', says: 'The car draws 11 kW.' }))).toBe('warning: NL*EVK*S1: The car draws 11 kW.');
});

test('CON-B06: watch shows the most urgent alarm that nobody has acknowledged, and how many more there are', () => {
  const acknowledged = { at: MOMENT, by: { kind: 'user' } };
  expect(summariseAlarms([])).toEqual(['no alarms']);
  expect(summariseAlarms([alarm({ acknowledged })])).toEqual(['no alarms']);
  expect(summariseAlarms([alarm({ acknowledged }), alarm({}), alarm({})])).toEqual(['ALARM warning: CP1 is not connected.', '1 more: evenkeel alarms']);
});
