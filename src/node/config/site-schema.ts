import { Type } from 'typebox';
import { ROTATIONS } from '../../domain/site/limit-tree.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;

const Limit = {
  a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
  w: Type.Optional(Type.Number({ minimum: 0, description: 'W over all phases' })),
};
const NodeName = Type.String({ minLength: 1, maxLength: 100 });
/** What the connection of a site, a panel and a group have alike. */
const limits = {
  limit: Type.Optional(
    Type.Object(Limit, { ...strict, minProperties: 1, description: 'what it carries: a in A on each phase, w in W over all phases, or both' }),
  ),
  schedule: Type.Optional(
    Type.Array(Type.Object({ from: Type.String({ description: 'HH:MM for every day, or a date and time with its zone' }), ...Limit }, strict), {
      minItems: 1,
      description: 'limits over time, each until the next; the lower of limit and schedule holds',
    }),
  ),
  evses: Type.Optional(
    Type.Array(
      Type.Object(
        {
          uid: Type.String({ minLength: 1, maxLength: 36 }),
          rotation: Type.Optional(oneOf(...ROTATIONS)),
          minimum: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'A; below it its cars do not charge. Default: 6' })),
        },
        { ...strict, description: 'uid of charge_points.evses; rotation: the grid phases R, S, T of its wires L1, L2, L3, needed with one or two phases' },
      ),
    ),
  ),
};
/** A panel or a group, at any depth. */
export const SiteNode = Type.Cyclic(
  { Node: Type.Object({ name: NodeName, ...limits, children: Type.Optional(Type.Array(Type.Ref('Node'))) }, strict) },
  'Node',
);
/** A grid connection in the configuration. */
export const Site = Type.Object(
  {
    name: NodeName,
    rule: Type.Unsafe<'equal' | 'proportional' | 'first_come' | 'by_preference'>({
      type: 'string',
      enum: ['equal', 'proportional', 'first_come', 'by_preference'],
      default: 'equal',
      description: 'who gets what is above the least current of all',
    }),
    time_zone: Type.String({ default: 'UTC', description: 'what HH:MM is read in, such as Europe/Amsterdam' }),
    voltage: Type.Number({ exclusiveMinimum: 0, maximum: 1000, default: 230, description: 'V, line to neutral: how power of DC EVSEs counts in A' }),
    ...limits,
    children: Type.Optional(Type.Array(SiteNode)),
  },
  { ...strict, description: 'a grid connection with its panels and groups; every name in it is its own' },
);
