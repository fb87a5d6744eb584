import { type Static, Type } from 'typebox';
import { oneOf } from '../../../ocpi/scalars.ts';
import { HEALTH, type Health } from '../../../roles/cpo/station-health.ts';
import { Moment } from '../fields.ts';
import { SessionView } from '../sessions/schemas.ts';

/** One kind of patience with a charge point. */
const StationPatience = Type.Object({
  kind: Type.String({ description: 'a name of the table of patience in docs/charge-points.md, such as long-text' }),
  seen: Type.String({ description: 'what the charge point sends' }),
  does: Type.String({ description: 'what the node does about it' }),
  count: Type.Integer(),
  first_at: Moment,
  example: Type.String({ description: 'the first case: field and value; free text and tokens are only measured' }),
});

/** The CSMS behind a charge point. */
const StationCsms = Type.Object(
  {
    host: Type.String({ description: 'host and port of its URL' }),
    mode: Type.Unsafe<'act' | 'observe'>({ type: 'string', enum: ['act', 'observe'], description: 'observe: the node sends nothing of its own' }),
    state: Type.Optional(
      Type.Unsafe<'connected' | 'away' | 'refused'>({
        type: 'string',
        enum: ['connected', 'away', 'refused'],
        description: 'refused: the CSMS does not let the charge point in; absent: the charge point is not connected, so its CSMS is not either',
      }),
    ),
    since: Type.Optional(Moment),
    last_lost: Type.Optional(Type.String({ description: 'when the connection to the CSMS was lost last, since the start of the node' })),
    kept: Type.Integer({ minimum: 0, description: 'messages that wait for the CSMS' }),
    most_kept: Type.Integer({ description: 'messages that are kept at most' }),
  },
  { description: 'the CSMS that its messages pass to; absent: this node is its CSMS' },
);

/** A charge point of the configuration, with what it last reported. */
export const StationView = Type.Object({
  id: Type.String(),
  online: Type.Boolean(),
  location_id: Type.Optional(Type.String()),
  evses: Type.Array(Type.Object({ uid: Type.String(), evse_id: Type.Integer(), power_type: Type.String() })),
  ocpp: Type.Optional(Type.String({ description: 'the OCPP version of its last connection' })),
  vendor: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  firmware: Type.Optional(Type.String()),
  smart_charging: Type.Optional(Type.Boolean()),
  units: Type.Optional(Type.Array(oneOf('W', 'A'))),
  seen_at: Type.Optional(Type.String({ description: 'the begin of its connection, or the end of the last one' })),
  heard_at: Type.Optional(Type.String({ description: 'its last message, of any kind' })),
  health: Type.Object({
    state: Type.Unsafe<Health>({
      type: 'string',
      enum: [...HEALTH],
      description: 'refuses-limits: it refused the last limits, at least two in a row since the start of the node',
    }),
    reason: Type.Optional(Type.String({ description: 'why it is not healthy' })),
  }),
  csms: Type.Optional(StationCsms),
  patience: Type.Array(StationPatience, {
    description: 'how its messages violated their standard and were read all the same, since the start of the process that answers; the most frequent first',
  }),
});
export type StationView = Static<typeof StationView>;

/** A charge point with its abilities, its connection and its running sessions. */
export const StationDetail = Type.Object({
  ...StationView.properties,
  abilities: Type.Optional(
    Type.Object({
      smart_charging: Type.Boolean(),
      composite_schedule: Type.Optional(Type.Boolean()),
      units: Type.Array(oneOf('W', 'A')),
      max_stack_level: Type.Number({ description: 'the highest stack level' }),
      max_periods: Type.Number({ description: 'periods in one profile' }),
      max_profiles: Type.Optional(Type.Number({ description: 'profiles installed at a time' })),
    }),
  ),
  connection: Type.Object({
    online: Type.Boolean(),
    ocpp: Type.Optional(Type.String()),
    epoch: Type.Optional(Type.Integer({ description: 'number of the connection; it grows with each new one' })),
    seen_at: Type.Optional(Moment),
  }),
  quirks: Type.Array(Type.String(), { description: 'limitations compared with a usual charge point' }),
  sessions: Type.Array(SessionView, { description: 'sessions that have not ended' }),
});
export type StationDetail = Static<typeof StationDetail>;
