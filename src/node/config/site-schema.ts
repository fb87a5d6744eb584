import { type Static, Type } from 'typebox';
import { ROTATIONS } from '../../domain/site/limit-tree.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;

const Limit = {
  a: Type.Optional(Type.Number({ minimum: 0, description: 'A on each phase' })),
  w: Type.Optional(Type.Number({ minimum: 0, description: 'W in total' })),
};
const PATH = '^[^\\s].{0,199}$';
const jsonPath = (description: string) => Type.String({ pattern: PATH, description: `a path in the JSON message, such as values.0.power: ${description}` });
/** A meter that publishes at an MQTT broker. */
export const MqttMeter = Type.Object(
  {
    url: Type.String({
      pattern: '^mqtts?://[^/@?#]+$',
      description: 'the broker as mqtt://host:port or mqtts://host:port, without credentials; the port is 1883 or 8883 when absent',
    }),
    topic: Type.String({ pattern: '^[^#+]{1,1024}$', description: 'the topic of the meter: 1 to 1024 characters without the wildcards + and #' }),
    qos: Type.Unsafe<0 | 1 | 2>({ type: 'integer', enum: [0, 1, 2], default: 0 }),
    a: Type.Optional(Type.Array(jsonPath('the current in A on L1, L2 or L3'), { minItems: 3, maxItems: 3 })),
    w: Type.Optional(jsonPath('the power in W')),
    kw: Type.Optional(jsonPath('the power in kW')),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
    password_file: Type.Optional(Type.String({ minLength: 1, description: 'a file with the password' })),
    password_env: Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', description: 'the name of an environment variable with the password' })),
    ca: Type.Optional(Type.String({ minLength: 1, description: 'mqtts: a file with the certificate of the authority of the broker' })),
  },
  { ...strict, description: 'the topic of a meter, and where in its JSON messages the currents or the power are' },
);
export type MqttMeter = Static<typeof MqttMeter>;
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
  meter: Type.Optional(
    Type.Object(
      {
        fallback: Type.Object(Limit, { ...strict, minProperties: 1, description: 'what the EVSEs may draw together while the meter is silent' }),
        margin: Type.Number({ minimum: 0, maximum: 1_000, default: 2, description: 'A on each phase that stay free above the measured load' }),
        mqtt: Type.Optional(MqttMeter),
      },
      { ...strict, description: 'the meter of the building behind this node, without its EVSEs: the EVSEs share what it leaves of the limit' },
    ),
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
