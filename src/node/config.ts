import { type Static, Type } from 'typebox';
import { ROTATIONS } from '../domain/site/limit-tree.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;
const Port = (normal: number | undefined) => Type.Integer({ minimum: 0, maximum: 65_535, ...(normal === undefined ? {} : { default: normal }) });
const Country = Type.String({ pattern: '^[A-Za-z]{2}$', description: 'two letters, such as NL' });
const PartyId = Type.String({ pattern: '^[A-Za-z0-9]{3}$', description: 'three letters or digits, such as EVK' });

const Party = Type.Object(
  { role: oneOf('CPO', 'EMSP', 'SCSP'), country_code: Country, party_id: PartyId, name: Type.String({ minLength: 1, maxLength: 100 }) },
  strict,
);
const EvseEntry = Type.Object(
  {
    uid: Type.String({ minLength: 1, maxLength: 36 }),
    evse_id: Type.Integer({ minimum: 1 }),
    connector_id: Type.Integer({ minimum: 1, default: 1 }),
    power_type: oneOf('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
    max_voltage: Type.Number({ exclusiveMinimum: 0, maximum: 2_000 }),
    max_amperage: Type.Number({ exclusiveMinimum: 0, maximum: 2_000 }),
    max_electric_power: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  strict,
);
const ChargePoint = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9*_=:+|@.-]{1,48}$', description: '1 to 48 letters, digits or * - _ = : + | @ .' }),
    password: Type.Optional(Type.String({ minLength: 8, maxLength: 40 })),
    location_id: Type.String({ minLength: 1, maxLength: 36 }),
    evses: Type.Array(EvseEntry, { minItems: 1 }),
  },
  strict,
);
const TokenEntry = Type.Object(
  {
    uid: Type.String({ minLength: 1, maxLength: 36 }),
    type: oneOf('AD_HOC_USER', 'APP_USER', 'EMAID', 'OTHER', 'RFID'),
    country_code: Country,
    party_id: PartyId,
    contract_id: Type.String({ minLength: 1, maxLength: 36 }),
  },
  strict,
);
const TlsFiles = Type.Object({ cert: Type.String(), key: Type.String(), ca: Type.Optional(Type.String()) }, strict);

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
const Site = Type.Object(
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

/** The whole configuration of a node, read once; each entry says its meaning, unit and default. */
export const Config = Type.Object(
  {
    listen: Type.Object(
      { host: Type.String({ default: '127.0.0.1' }), port: Port(8080), tls: Type.Optional(TlsFiles) },
      { ...strict, default: {}, description: 'where OCPI, the API and /health are served' },
    ),
    public_url: Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'how others reach this node, without a slash at the end' }),
    database: Type.String({ minLength: 1, default: './evenkeel.db', description: 'a file, or postgres://user@host/db' }),
    key_file: Type.Optional(
      Type.String({
        description:
          'the key that seals the tokens of peers in the database; made when absent. Default: the database file with .key behind it, or ./evenkeel.key',
      }),
    ),
    insecure_http: Type.Boolean({ default: false, description: 'development: http and private addresses allowed for registered origins' }),
    parties: Type.Array(Party, { minItems: 1, description: 'the parties this node speaks for' }),
    ocpp: Type.Optional(
      Type.Object(
        {
          host: Type.String({ default: '127.0.0.1' }),
          port: Port(9220),
          security_profile: Type.Unsafe<1 | 2 | 3>({ type: 'integer', enum: [1, 2, 3], default: 2 }),
          tls: Type.Optional(TlsFiles),
        },
        { ...strict, description: 'where charge points connect: ws(s)://host:port/ocpp/{id}' },
      ),
    ),
    charge_points: Type.Array(ChargePoint, { default: [] }),
    sites: Type.Array(Site, { default: [], description: 'which EVSEs share which limits, and how' }),
    tokens: Type.Array(TokenEntry, { default: [], description: 'who may charge, and whose customer it is' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR' }),
    timeout: Type.Integer({ minimum: 5, maximum: 600, default: 30, description: 's; how long a sender is told to wait for a result' }),
    session_pull: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 21_600,
      description: 's; how often sessions are pulled from each CPO, give or take a fifth',
    }),
    event_retention: Type.Integer({ minimum: 3_600, default: 604_800, description: 's; how long the event stream can be resumed' }),
    log: Type.Unsafe<'debug' | 'info' | 'warn' | 'error' | 'silent'>({ type: 'string', enum: ['debug', 'info', 'warn', 'error', 'silent'], default: 'info' }),
  },
  { ...strict },
);
export type Config = Static<typeof Config>;

/** What the environment tells commands: the node to talk to, the key to its door, and that nobody wants colours. */
export const readEnvironment = (): { url: string | undefined; key: string | undefined; noColor: boolean } => ({
  url: process.env.EVENKEEL_URL,
  key: process.env.EVENKEEL_KEY,
  noColor: (process.env.NO_COLOR ?? '') !== '',
});
