import type { AlarmView } from '../node/alarms/alarm-view.ts';

/** What an alarm is about: the most exact of its ids. */
export const subjectOf = ({ session, station, site, contract, peer, party }: AlarmView): string =>
  session ?? station ?? site ?? contract ?? peer ?? party ?? '';

/** An alarm as one line: its urgency, its subject and its sentence. */
export function describeAlarm(alarm: AlarmView): string {
  const subject = subjectOf(alarm);
  return `${alarm.severity}: ${subject === '' || alarm.says.includes(subject) ? '' : `${subject}: `}${alarm.says}`;
}

/** Two lines at most: how many alarms nobody has acknowledged, and the most urgent of them. */
export function summariseAlarms(alarms: readonly AlarmView[]): string[] {
  const [first, ...others] = alarms.filter(({ acknowledged }) => !acknowledged);
  if (!first) return ['no alarms'];
  const more = others.length === 0 ? [] : [`${others.length} more: evenkeel alarms`];
  return [`ALARM ${describeAlarm(first)}`, ...more];
}
