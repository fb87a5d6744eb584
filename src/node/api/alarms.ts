import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { AlarmView, viewAlarm } from '../alarms/alarm-view.ts';
import type { Alarms } from '../alarms/alarms.ts';
import type { Keys } from '../operators/keys.ts';
import type { Users } from '../operators/users.ts';
import { listOf } from './lists.ts';
import { oneById } from './refusal.ts';
import { type AnsweredRoute, answerRoute, nothing, readRoute, route } from './route.ts';

const AlarmList = listOf(AlarmView);
/** The alarms in one answer. */
export type AlarmList = Static<typeof AlarmList>;

export const listAlarms = readRoute({
  name: 'list-alarms',
  summary: 'What needs a person now, the most urgent first. An alarm that is solved is gone; an acknowledged one stays until then.',
  path: 'alarms',
  answer: AlarmList,
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

interface Dependencies {
  alarms: Alarms;
  keys: Pick<Keys, 'all'>;
  users: Pick<Users, 'all'>;
}

export function alarmAnswers({ alarms, keys, users }: Dependencies): readonly AnsweredRoute[] {
  const names = async () => new Map([...(await users.all()), ...(await keys.all())].map(({ id, name }) => [id, name]));
  return [
    answerRoute(listAlarms, async () => {
      const known = await names();
      return ok({ items: alarms.list().map((it) => viewAlarm(it, known)) });
    }),
    answerRoute(acknowledgeAlarm, async ({ params }, by) => {
      const one = () => oneById(alarms.list(), ({ key }) => key, { noun: 'alarm', typed: params.alarm });
      const found = one();
      if (!found.ok) return found;
      const acknowledged = await alarms.acknowledge(found.value.key, by);
      if (acknowledged) return ok(viewAlarm(acknowledged, await names()));
      const gone = one(); // solved in the meantime
      return gone.ok ? ok(viewAlarm(gone.value)) : gone;
    }),
  ];
}
