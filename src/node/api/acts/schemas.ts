import { type Static, Type } from 'typebox';
import { ChargingProfile } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Key, Moment } from '../fields.ts';
import { ShortLimit } from '../sessions/schemas.ts';
import { LimitToImpose } from '../sites/schemas.ts';

const strict = { additionalProperties: false } as const;

const LimitInBoth = Type.Object(
  { a: Type.Optional(Type.Number({ description: 'A on each phase' })), w: Type.Optional(Type.Number({ description: 'W over all phases' })) },
  { description: 'without a and w: no limit is known' },
);
const Sums = Type.Object({
  rises: Type.Number({ description: 'W; by how much limits rise together' }),
  falls: Type.Number({ description: 'W; by how much limits fall together' }),
});

/** The request that puts back what held before an act. */
const UndoRequest = Type.Object({
  method: oneOf('PUT', 'POST', 'DELETE'),
  path: Type.String({ description: 'below /api/v1' }),
  query: Type.Record(Type.String(), Type.String()),
  body: Type.Optional(Type.Unknown({ description: 'the JSON body of the request; absent: it has none' })),
});
export type UndoRequest = Static<typeof UndoRequest>;

/** What an act would do, as the node decides it; nothing is sent. */
export const ActPreview = Type.Object({
  replaces: Type.Array(Type.Object({ by: Type.String({ description: 'a party, or `operator`' }), limit: LimitInBoth, until: Type.Optional(Moment) }), {
    description: 'what holds now and would be replaced or removed',
  }),
  keeps: Type.Array(Type.String(), { description: 'the parties whose profiles stay beside the new one' }),
  pauses: Type.Boolean({ description: 'a car would pause: a limit of 0, or on AC one below 6 A (IEC 61851-1)' }),
  changes: Type.Array(Type.Object({ evse: Type.String(), session: Type.Optional(Key), from: LimitInBoth, to: LimitInBoth }), {
    description: 'the EVSEs whose limit would change, also others of the same site',
  }),
  sums: Sums,
  undo: Type.Optional(UndoRequest),
  lost: Type.Array(Type.String(), { description: 'the parties whose profiles an undo cannot put back: each must set its own again' }),
});
export type ActPreview = Static<typeof ActPreview>;

/** A set or clear to preview. */
export const ProfileAct = Type.Union([
  ChargingProfile,
  ShortLimit,
  Type.Object({ clear: Type.Union([Type.Literal('all'), Type.Literal('own')], { description: 'the profiles that would be cleared' }) }, strict),
]);
/** An imposed limit to preview, or its removal. */
export const LimitAct = Type.Union([LimitToImpose, Type.Object({ lift: Type.Literal(true) }, strict)]);

/** A profile of the operator, or an imposed limit, that holds now or will. */
export const RunningAct = Type.Object({
  kind: oneOf('profile', 'limit'),
  name: Type.String({ description: 'the EVSE of the session, or the path of the node of a site' }),
  session: Type.Optional(Key),
  station: Type.Optional(Type.String()),
  node: Type.Optional(Type.String({ description: 'path of the node of a site' })),
  limit: LimitInBoth,
  since: Moment,
  until: Type.Optional(Type.String({ description: 'when it ends by itself; absent: with the session, or when it is lifted' })),
  by: Type.Optional(Type.String({ description: 'the user or API key' })),
  reason: Type.Optional(Type.String()),
  lift: UndoRequest,
});
export type RunningAct = Static<typeof RunningAct>;

/** One session on the steering board. */
const SteeredSession = Type.Object({
  session: Key,
  name: Type.String({ description: 'the EVSE, or else the id of the session' }),
  station: Type.Optional(Type.String()),
  steers: Type.Boolean({ description: 'the party has a profile on it now; false: it had one' }),
  since: Type.Optional(Type.String({ description: 'since when it has this profile' })),
  others: Type.Array(Type.String(), { description: 'the other parties with a profile on it' }),
  power: Type.Optional(Type.Number({ description: 'W; the last measured value' })),
  limit: LimitInBoth,
  without: LimitInBoth,
});

/** Who steers which sessions now, and what would hold without each party. */
export const SteeringView = Type.Object({
  at: Moment,
  parties: Type.Array(
    Type.Object({
      party: Type.String({ description: 'a party, or `operator`' }),
      halted: Type.Boolean(),
      sessions: Type.Array(SteeredSession),
      power: Type.Number({ description: 'W; the sum of the measured power of the sessions that it steers' }),
      without: Sums,
    }),
  ),
});
export type SteeringView = Static<typeof SteeringView>;
