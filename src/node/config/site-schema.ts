import { Type } from 'typebox';
import { ROTATIONS } from '../../domain/site/limit-tree.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;

const Limit = {
  a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
  w: Type.Optional(Type.Number({ minimum: 0, description: 'W in total' })),
};
const NodeName = Type.String({ minLength: 1, maxLength: 100 });
/** Keys of every node of a site: the grid connection, a panel or a group. */
const limits = {
  limit: Type.Optional(
    Type.Object(Limit, { ...strict, minProperties: 1, description: 'the limit of this node: a in A on each phase, w in W in total, or both' }),
  ),
  schedule: Type.Optional(
    Type.Array(Type.Object({ from: Type.String({ description: 'HH:MM for every day, or a date and time with an offset from UTC' }), ...Limit }, strict), {
      minItems: 1,
      description: 'limits over time, each until the next begins; the lower of limit and schedule counts',
    }),
  ),
  evses: Type.Optional(
    Type.Array(
      Type.Object(
        {
          uid: Type.String({ minLength: 1, maxLength: 36 }),
          rotation: Type.Optional(oneOf(...ROTATIONS)),
          minimum: Type.Optional(
            Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'A; a car at this EVSE does not charge with less. Default: 6' }),
          ),
        },
        { ...strict, description: 'uid: an EVSE of charge_points; rotation: the grid phases R, S, T on its wires L1, L2, L3, required with one or two phases' },
      ),
    ),
  ),
};
/** A panel or a group of EVSEs, at any depth. */
export const SiteNode = Type.Cyclic(
  { Node: Type.Object({ name: NodeName, ...limits, children: Type.Optional(Type.Array(Type.Ref('Node'))) }, strict) },
  'Node',
);
/** A grid connection with everything behind it. */
export const Site = Type.Object(
  {
    name: NodeName,
    rule: Type.Unsafe<'equal' | 'proportional' | 'first_come' | 'by_preference'>({
      type: 'string',
      enum: ['equal', 'proportional', 'first_come', 'by_preference'],
      default: 'equal',
      description: 'how the current above the minimum of each EVSE is shared',
    }),
    time_zone: Type.String({ default: 'UTC', description: 'the time zone of HH:MM, such as Europe/Amsterdam' }),
    voltage: Type.Number({ exclusiveMinimum: 0, maximum: 1000, default: 230, description: 'V, line to neutral; converts the power of DC EVSEs to A' }),
    ...limits,
    children: Type.Optional(Type.Array(SiteNode)),
  },
  { ...strict, description: 'a grid connection with its panels and groups; every name in it must be unique' },
);
