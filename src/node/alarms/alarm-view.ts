import { type Static, Type } from 'typebox';
import { ALARM_KINDS, type Alarm, MEND_ACTIONS, SEVERITIES } from '../../domain/alarm/alarm.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { oneOf } from '../../ocpi/scalars.ts';

const Moment = Type.String({ description: 'a moment in UTC, such as 2026-01-31T09:30:00.000Z' });
const Id = Type.Optional(Type.String());

/** An alarm as the operator API, its events and the webhook show it. */
export const AlarmView = Type.Object({
  key: Type.String({ description: 'kind and subject: the same fault has the same key each time' }),
  kind: oneOf(...ALARM_KINDS),
  severity: oneOf(...SEVERITIES),
  says: Type.String({ description: 'one sentence' }),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number({ description: 'a count, or a value in the unit of the value `unit`' })]), {
    description: 'numbers and words of the fault',
  }),
  session: Id,
  station: Id,
  site: Id,
  peer: Id,
  party: Id,
  contract: Id,
  first_seen: Moment,
  last_seen: Moment,
  count: Type.Integer({ minimum: 1, description: 'how often it was seen; 1 for a state that lasts' }),
  caused_by: Type.Optional(Type.String({ description: 'the key of the alarm that explains this one' })),
  mend: Type.Array(
    Type.Object({
      action: oneOf(...MEND_ACTIONS),
      request: Type.Optional(
        Type.Object({
          method: oneOf('GET', 'POST', 'DELETE'),
          path: Type.String({ description: 'below /api/v1, percent-encoded' }),
        }),
      ),
      command: Type.Optional(Type.String({ description: 'the same as a command for a terminal' })),
    }),
    { description: 'what a person can do, the best first' },
  ),
  acknowledged: Type.Optional(
    Type.Object(
      { at: Moment, by: Type.Object({ kind: Type.String(), id: Id, name: Type.Optional(Type.String({ description: 'the current name' })) }) },
      { description: 'somebody has taken it over: it is not shown among what needs a person until it gets worse or comes back' },
    ),
  ),
});
export type AlarmView = Static<typeof AlarmView>;

/** `names`: the names of users and API keys, by id. */
export function viewAlarm(alarm: Alarm, names: ReadonlyMap<string, string> = new Map()): AlarmView {
  const { key, kind, severity, says, values, subjects, firstSeen, lastSeen, count, causedBy, mend, acknowledged } = alarm;
  const name = acknowledged?.by.id === undefined ? undefined : names.get(acknowledged.by.id);
  return {
    key,
    kind,
    severity,
    says,
    values: { ...values },
    ...subjects,
    first_seen: printDateTime(firstSeen),
    last_seen: printDateTime(lastSeen),
    count,
    ...(causedBy !== undefined && { caused_by: causedBy }),
    mend: mend.map((it) => ({ ...it })),
    ...(acknowledged && { acknowledged: { at: printDateTime(acknowledged.at), by: { ...acknowledged.by, ...(name !== undefined && { name }) } } }),
  };
}
