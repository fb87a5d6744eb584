import { type Static, Type } from 'typebox';

const Amperes = Type.Number({ description: 'A on each phase' });

/** A limit that is imposed on a node of a site: A on each phase, W over all phases, or both. */
export const NodeLimit = Type.Object(
  {
    a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
    w: Type.Optional(Type.Number({ minimum: 0, description: 'W over all phases' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** A site: its limits now, what counts against them, and what each EVSE may draw. */
export const SiteView = Type.Object({
  name: Type.String(),
  rule: Type.String({ description: 'who gets what is above the least current of all' }),
  nodes: Type.Array(
    Type.Object({
      path: Type.String({ description: 'the names from the connection to here, with slashes between' }),
      limit: Type.Object({ a: Type.Optional(Amperes), w: Type.Optional(Type.Number({ description: 'W over all phases' })) }),
      imposed: Type.Optional(NodeLimit),
      load: Type.Object({ a: Type.Array(Amperes, { description: 'on the phases R, S and T' }), w: Type.Number() }),
    }),
  ),
  evses: Type.Array(
    Type.Object({
      uid: Type.String(),
      path: Type.String({ description: 'of the node that it hangs on' }),
      car: Type.Boolean(),
      confirmed: Type.Optional(Amperes),
      ordered: Type.Optional(Amperes),
      measured: Type.Optional(Type.Number({ description: 'A, when it is more than it may draw' })),
      silent: Type.Boolean({ description: 'its station does not answer: it counts at the last confirmed limit' }),
    }),
  ),
});
export type SiteView = Static<typeof SiteView>;
