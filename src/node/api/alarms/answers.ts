import { ok } from '../../../domain/result.ts';
import { viewAlarm } from '../../alarms/alarm-view.ts';
import type { Alarms } from '../../alarms/alarms.ts';
import type { Keys } from '../../operators/keys.ts';
import type { Users } from '../../operators/users.ts';
import { oneById } from '../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import { acknowledgeAlarm, listAlarms } from './routes.ts';

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
