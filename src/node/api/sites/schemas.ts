import { type Static, Type } from 'typebox';
import { TRUSTED } from '../../../domain/site/imposed-limit.ts';
import { Moment } from '../fields.ts';

const Amperes = Type.Number({ description: 'A on each phase' });

const units = {
  a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
  w: Type.Optional(Type.Number({ minimum: 0, description: 'W over all phases' })),
};
/** A limit of a node of a site: A on each phase, W over all phases, or both. */
const NodeLimit = Type.Object(units, { additionalProperties: false, minProperties: 1 });

/** A limit to impose on a node of a site. */
export const LimitToImpose = Type.Object(
  {
    ...units,
    until: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: 'a date and time with its zone, at which the limit ends by itself' })),
    trusted_for: Type.Optional(
      Type.Integer({
        minimum: TRUSTED.least,
        maximum: TRUSTED.most,
        description: 's; unless the limit is set again within this time, the fallback holds in its place. Charge points fall to it by themselves',
      }),
    ),
    fallback: Type.Optional(
      Type.Object(units, { additionalProperties: false, minProperties: 1, description: 'the lower limit after trusted_for, in the same units' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

const Current = Type.Number({ minimum: -100_000, maximum: 100_000, description: 'A' });
/** A reading of the meter of a building. */
export const MeterReading = Type.Object(
  {
    a: Type.Optional(Type.Tuple([Current, Current, Current], { description: 'A on L1, L2 and L3; negative: the building feeds in, which counts as 0' })),
    w: Type.Optional(
      Type.Number({
        minimum: -1_000_000_000,
        maximum: 1_000_000_000,
        description: 'W over all phases; without a it counts in full on each phase of a limit in A',
      }),
    ),
    at: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: 'when it was measured, a date and time with its zone; default: now' })),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type MeterReading = Static<typeof MeterReading>;
/** Until when a reading counts. */
export const TakenReading = Type.Object({
  node: Type.String({ description: 'names with slashes between, such as garage/north' }),
  until: Type.String({ description: 'the fallback of the meter holds from this moment on, unless another reading arrives' }),
});

export type TakenReading = Static<typeof TakenReading>;

/** A site: its limits now, the load that counts against them, and the limit of each EVSE. */
export const SiteView = Type.Object({
  name: Type.String(),
  rule: Type.String({ description: 'how current above the minimum of all EVSEs is shared out' }),
  nodes: Type.Array(
    Type.Object({
      path: Type.String({ description: 'names from the grid connection to this node, with slashes between' }),
      limit: Type.Object({ a: Type.Optional(Amperes), w: Type.Optional(Type.Number({ description: 'W over all phases' })) }),
      imposed: Type.Optional(NodeLimit),
      building: Type.Optional(
        Type.Object(
          {
            a: Type.Array(Amperes, { description: 'on the phases L1, L2 and L3' }),
            w: Type.Number({ description: 'W over all phases' }),
            until: Moment,
          },
          { description: 'what the building takes of the limit until a moment; absent without a meter, and while the fallback of the meter holds' },
        ),
      ),
      coming: Type.Array(Type.Object({ from: Moment, limit: Type.Object(units), building: Type.Boolean({ description: 'the building takes a part of it' }) }), {
        description: 'limits that hold from later moments on; charge points have them already',
      }),
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
      observed: Type.Optional(
        Type.Literal(true, { description: 'the node only observes it: it gets no limits, and all that it carries counts while a car is there' }),
      ),
    }),
  ),
});
export type SiteView = Static<typeof SiteView>;
