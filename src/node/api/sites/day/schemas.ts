import { type Static, Type } from 'typebox';
import { Key, Moment, Party } from '../../fields.ts';
import { LimitView } from '../../sessions/schemas.ts';

const Maybe = (description: string) => Type.Union([Type.Number({ description }), Type.Null()]);
const EpochS = Type.Number({ description: 'epoch s' });
const PHASE_NAMES = ['L1', 'L2', 'L3'] as const;
/** Phases of the grid connection. */
const Phases = Type.Array(Type.Unsafe<(typeof PHASE_NAMES)[number]>({ type: 'string', enum: [...PHASE_NAMES] }), {
  description: 'the phases of the grid connection that the EVSE uses',
});
const STEPS = 'steps of epoch s, W over all phases and A on each phase; each holds until the next one; null: not known, or none';
const Line = Type.Array(Type.Tuple([EpochS, Maybe('W over all phases'), Maybe('A on each phase')]));

const who = {
  session: Key,
  evse: Type.String(),
  station: Type.Optional(Type.String()),
  card: Type.Optional(Type.String({ description: 'uid of the card; masked except its last four characters for cards of others' })),
  party: Type.Optional(Type.Unsafe<string>({ ...Party, description: 'the party that issued the card' })),
  phases: Phases,
};

/** A node of a site over a day: its limit, and what each session below it drew and was allowed. */
export const SiteDay = Type.Object({
  site: Type.String(),
  node: Type.String({ description: 'path of the node' }),
  nodes: Type.Array(Type.String(), { description: 'paths of all nodes of the site' }),
  from: Moment,
  to: Moment,
  now: Moment,
  limit: Type.Unsafe<Static<typeof Line>>({
    ...Line,
    description:
      'the limit of the node, as it was and as it is planned: the lower of its own limit, as it is configured now, and the imposed one. W: the most power that both units allow; A: on each phase. null: not limited, or not known',
  }),
  limit_unknown: Type.Array(Type.Tuple([EpochS, EpochS]), { description: 'spans of time, in epoch s, in which the limit is not known' }),
  building: Type.Optional(
    Type.Array(Type.Tuple([EpochS, Maybe('W over all phases'), Maybe('A on L1'), Maybe('A on L2'), Maybe('A on L3')]), {
      description: 'what counts as the load of the building; absent: the node has no meter; null: not known',
    }),
  ),
  sessions: Type.Array(
    Type.Object({
      ...who,
      from: Moment,
      to: Type.Optional(Type.String({ description: 'the end of the session; absent while it runs' })),
      drawn: Type.Unsafe<Static<typeof Line>>({
        ...Line,
        description: `what the session drew. A: the sum that the meter tells, spread evenly over the phases. ${STEPS}`,
      }),
      estimated: Type.Array(Type.Tuple([EpochS, EpochS]), {
        description: 'spans of time, in epoch s, of which the average is known from the energy register only',
      }),
      allowed: Type.Unsafe<Static<typeof Line>>({
        ...Line,
        description: `the share of the site that the charge point confirmed; after now: the share that is planned. ${STEPS}`,
      }),
    }),
    { description: 'the sessions below the node, oldest first; at most 200' },
  ),
  more: Type.Boolean({ description: 'there were more sessions than are listed' }),
});
export type SiteDay = Static<typeof SiteDay>;

const Load = Type.Object({
  w: Type.Number({ description: 'W over all phases' }),
  a: Type.Array(Type.Number({ description: 'A' }), { description: 'on L1, L2 and L3' }),
});
const NodeLimit = Type.Object({
  a: Type.Optional(Type.Number({ description: 'A on each phase' })),
  w: Type.Optional(Type.Number({ description: 'W over all phases' })),
});

/** Who held what at a moment, and why. */
export const SiteMoment = Type.Object({
  site: Type.String(),
  node: Type.String(),
  at: Moment,
  when: Type.Unsafe<'past' | 'now' | 'ahead'>({
    type: 'string',
    enum: ['past', 'now', 'ahead'],
    description: 'ahead: what is planned for the sessions that run now',
  }),
  limit: Type.Optional(Type.Unsafe<Static<typeof NodeLimit>>({ ...NodeLimit, description: 'the limit of the node; absent: not known; empty: none' })),
  imposed: Type.Optional(Type.Unsafe<Static<typeof NodeLimit>>({ ...NodeLimit, description: 'the part of it that was imposed' })),
  building: Type.Optional(Type.Unsafe<Static<typeof Load>>({ ...Load, description: 'what counted as the load of the building' })),
  drawn: Type.Unsafe<Static<typeof Load>>({ ...Load, description: 'the sum of what is known of the sessions' }),
  unknown: Type.Integer({ minimum: 0, description: 'sessions of which it is not known what they drew; not part of the sum' }),
  sessions: Type.Array(
    Type.Object({
      ...who,
      drawn: Type.Optional(
        Type.Unsafe<Static<typeof Load> & { estimated: boolean }>({
          ...Type.Object({ ...Load.properties, estimated: Type.Boolean({ description: 'an average from the energy register, not a measured value' }) }),
          description: 'absent: not known',
        }),
      ),
      share: Type.Optional(Type.Number({ description: 'A on each phase; the share of the site that the charge point had confirmed, or that is planned' })),
      limit: Type.Optional(LimitView),
      limit_unknown_since: Type.Optional(Type.String({ description: 'since when nobody knew which limit held; then `limit` is absent' })),
    }),
    { description: 'the sessions that ran then, by EVSE' },
  ),
});
export type SiteMoment = Static<typeof SiteMoment>;
