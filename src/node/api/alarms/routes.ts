import { AlarmView } from '../../alarms/alarm-view.ts';
import { listOf } from '../lists.ts';
import { nothing, readRoute, route } from '../route.ts';

export const listAlarms = readRoute({
  name: 'list-alarms',
  summary: 'What needs a person now, the most urgent first. An alarm that is solved is gone; an acknowledged one stays until then.',
  path: 'alarms',
  answer: listOf(AlarmView),
});

export const acknowledgeAlarm = route({
  name: 'acknowledge-alarm',
  summary: 'Takes an alarm over: it is hidden until it gets worse or comes back.',
  method: 'POST',
  path: 'alarms/{alarm}/acknowledge',
  scope: 'operate',
  query: nothing,
  body: nothing,
  answer: AlarmView,
  replies: 'at once',
});
