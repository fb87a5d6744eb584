import { type Static, Type } from 'typebox';

const Amperes = Type.Number({ description: 'A on each phase' });

/** An imposed limit of a node of a site: A on each phase, W over all phases, or both. */
export const NodeLimit = Type.Object(
  {
    a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
    w: Type.Optional(Type.Number({ minimum: 0, description: 'W over all phases' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** A site: its limits now, the load that counts against them, and the limit of each EVSE. */
export const SiteView = Type.Object({
  name: Type.String(),
  rule: Type.String({ description: 'how current above the minimum of all EVSEs is shared out' }),
  nodes: Type.Array(
    Type.Object({
      path: Type.String({ description: 'names from the grid connection to this node, with slashes between' }),
      limit: Type.Object({ a: Type.Optional(Amperes), w: Type.Optional(Type.Number({ description: 'W over all phases' })) }),
      imposed: Type.Optional(NodeLimit),
      load: Type.Object({ a: Type.Array(Amperes, { description: 'on the phases L1, L2 and L3' }), w: Type.Number({ description: 'W over all phases' }) }),
    }),
  ),
  evses: Type.Array(
    Type.Object({
      uid: Type.String(),
      path: Type.String({ description: 'path of the node that supplies it' }),
      car: Type.Boolean(),
      confirmed: Type.Optional(Amperes),
      ordered: Type.Optional(Amperes),
      measured: Type.Optional(Type.Number({ description: 'A on each phase; present when it is above the limit' })),
      silent: Type.Boolean({ description: 'the charge point does not answer; its last confirmed limit counts' }),
    }),
  ),
});
export type SiteView = Static<typeof SiteView>;
