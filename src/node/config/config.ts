import { type Static, Type } from 'typebox';
import { Site } from './site-schema.ts';

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
    connector_standard: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_]{1,64}$',
        description: 'a ConnectorType of OCPI such as IEC_62196_T2, which is the default for AC; for DC it is IEC_62196_T2_COMBO',
      }),
    ),
    connector_format: Type.Optional(
      Type.Unsafe<'SOCKET' | 'CABLE'>({ type: 'string', enum: ['SOCKET', 'CABLE'], description: 'default SOCKET for AC, CABLE for DC' }),
    ),
  },
  strict,
);
/** A line of text as OCPI allows it. */
const line = (max: number, description: string) =>
  Type.String({ minLength: 1, maxLength: max, pattern: '^[^\\p{Cc}\\p{Cs}]*$', description: `${description}; at most ${max} characters, no line breaks` });
const LocationEntry = Type.Object(
  {
    id: Type.String({ pattern: '^(?!\\.{1,2}$)[\\x20-\\x7E]{1,36}$', description: '1 to 36 printable characters; what charge_points name as location_id' }),
    name: Type.Optional(line(255, 'what drivers know it by')),
    address: line(255, 'street and number'),
    city: line(45, 'city or town'),
    postal_code: Type.Optional(line(10, 'postal code, where there is one')),
    country: Type.String({ pattern: '^[A-Z]{3}$', description: 'the three letters of ISO 3166-1 alpha-3, such as NLD' }),
    coordinates: Type.Object(
      {
        latitude: Type.String({ pattern: '^-?[0-9]{1,2}\\.[0-9]{5,7}$', description: 'degrees in quotes with five to seven decimals, such as "52.37403"' }),
        longitude: Type.String({ pattern: '^-?[0-9]{1,3}\\.[0-9]{5,6}$', description: 'degrees in quotes with five or six decimals, such as "4.88969"' }),
      },
      { ...strict, description: 'where it is, WGS 84' },
    ),
    time_zone: Type.String({ pattern: '^[A-Za-z0-9_+/-]{1,255}$', description: 'a name of the IANA list, such as Europe/Amsterdam' }),
    publish: Type.Boolean({ default: true, description: 'whether it may be shown in apps and on websites' }),
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
    issuer: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "as it stands on the card; the eMSP's name when absent" })),
    valid: Type.Boolean({ default: true, description: 'false: it may not charge' }),
    whitelist: Type.Unsafe<'ALWAYS' | 'ALLOWED' | 'ALLOWED_OFFLINE' | 'NEVER'>({
      type: 'string',
      enum: ['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER'],
      default: 'ALWAYS',
      description: 'NEVER: its eMSP is asked each time',
    }),
    visual_number: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    group_id: Type.Optional(Type.String({ minLength: 1, maxLength: 36 })),
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$', description: 'two small letters, such as nl' })),
  },
  strict,
);
const PartyName = Type.String({ pattern: '^[A-Za-z]{2}\\*[A-Za-z0-9]{3}$', description: 'a country and a party, such as NL*SCS' });
const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?$',
  description: 'a moment in UTC, such as 2030-01-01T00:00:00Z',
});
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 48 }), { minItems: 1 });
const ContractEntry = Type.Object(
  {
    party: PartyName,
    may: Type.Array(oneOf('see', 'control'), { minItems: 1 }),
    tokens_of: Type.Optional(PartyName),
    locations: Type.Optional(Names),
    evses: Type.Optional(Names),
    from: Type.Optional(Moment),
    until: Type.Optional(Moment),
  },
  strict,
);
const ConsentEntry = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 36 }),
    party: PartyName,
    purpose: oneOf('smart_charging'),
    text_version: Type.String({ minLength: 1, maxLength: 100 }),
    given_at: Moment,
  },
  strict,
);
const SharingEntry = Type.Object({ parties: Type.Array(PartyName, { minItems: 2, maxItems: 2 }), rule: oneOf('replace', 'strictest') }, strict);
const RateEntry = (burst: number, every: number, description: string) =>
  Type.Object(
    { burst: Type.Integer({ minimum: 1, maximum: 1_000_000, default: burst }), every: Type.Number({ minimum: 0, maximum: 86_400, default: every }) },
    { ...strict, default: {}, description },
  );
const TlsFiles = Type.Object({ cert: Type.String(), key: Type.String(), ca: Type.Optional(Type.String()) }, strict);
const DateTime = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
  description: 'a moment in UTC, such as 2026-01-31T09:30:00Z',
});
const PlannedSite = Type.Object(
  {
    location_id: Type.String({ minLength: 1, maxLength: 36, description: 'as its CPO names it; sites of several CPOs with one name are one site' }),
    limit: Type.Number({ minimum: 0, maximum: 2_000_000, description: 'what all its sessions may draw together, per phase in A or in all in W' }),
    unit: Type.Unsafe<'A' | 'W'>({ type: 'string', enum: ['A', 'W'], default: 'A', description: 'A per phase, or W in all' }),
  },
  strict,
);
const PriceStep = Type.Object({ from: DateTime, price: Type.Number({ description: 'of one kWh, until the next begins; in whatever currency' }) }, strict);

const RoleName = (role: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: `the word in role_claim that means ${role}` }));
const Oidc = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'the address of the issuer, as it calls itself' }),
    client_id: Type.String({ minLength: 1, maxLength: 200 }),
    client_secret_file: Type.Optional(Type.String({ description: 'a file with the secret that the issuer gave this client; none for a public client' })),
    scope: Type.String({ default: 'openid profile', minLength: 6, maxLength: 200, description: 'what is asked for; holds openid' }),
    role_claim: Type.String({ default: 'roles', minLength: 1, maxLength: 200, description: 'the claim with the roles, a text or a list; dots lead inside' }),
    name_claim: Type.String({ default: 'preferred_username', minLength: 1, maxLength: 200, description: 'the claim with the name that the console shows' }),
    roles: Type.Object(
      { view: RoleName('view'), operate: RoleName('operate'), admin: RoleName('admin') },
      { ...strict, default: {}, description: 'how the issuer calls the roles; by their own names when absent. Nobody without one comes in' },
    ),
  },
  { ...strict, description: 'sign in by OpenID Connect; redirect URI: public_url and /api/v1/login/oidc/callback' },
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
          'the key that encrypts the tokens of peers in the database; made when absent. Default: the database file with .key behind it, or ./evenkeel.key',
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
    planner: Type.Optional(
      Type.Object(
        {
          sites: Type.Array(PlannedSite, { minItems: 1, description: 'where sessions are steered; sessions elsewhere are left alone' }),
          prices: Type.Optional(Type.Array(PriceStep, { minItems: 1, description: 'in the order of time; without them CHEAP is not offered' })),
          every: Type.Integer({ minimum: 10, maximum: 3_600, default: 300, description: 's; how often plans are made again when nothing happens' }),
        },
        { ...strict, description: 'for a party with role SCSP: which sites it shares out among their sessions' },
      ),
    ),
    charge_points: Type.Array(ChargePoint, { default: [] }),
    locations: Type.Array(LocationEntry, {
      default: [],
      description: 'where charge points stand; one that is not described is told without an address, unpublished',
    }),
    sites: Type.Array(Site, { default: [], description: 'which EVSEs share which limits, and how' }),
    site_limits: Type.Optional(
      Type.String({ minLength: 1, description: 'a file that is watched, with limits imposed on nodes of sites beside their own: garage/north: { a: 20 }' }),
    ),
    tokens: Type.Array(TokenEntry, { default: [], description: 'who may charge, and whose customer it is' }),
    contracts: Type.Array(ContractEntry, {
      default: [],
      description: 'who else may see or control which sessions: tokens_of one party, at some locations ("*": all) or evses, from and until a moment',
    }),
    consents: Type.Array(ConsentEntry, {
      default: [],
      description: 'what drivers agreed to; without it nothing of theirs goes to a party by contract. token "*": covered by the terms of all',
    }),
    when_two_steer: Type.Array(SharingEntry, {
      default: [],
      description:
        'for a pair of parties with a right to one session: replace (the newer profile counts) or strictest (the lower of both). Others: the first one steers',
    }),
    limits: Type.Object(
      {
        party_and_session: RateEntry(20, 10, 'requests of one party about one session: burst at once, then one in every s'),
        station: RateEntry(60, 1, 'requests to one charge point'),
        party: RateEntry(1_000, 0.005, 'requests of one party'),
        session_interval: Type.Number({ minimum: 0, maximum: 3_600, default: 0, description: 's between two profiles of one session; 0: none' }),
        cuts_alarm: Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          default: 200,
          description: 'sessions that one party may stop within a minute before an alarm is raised',
        }),
      },
      { ...strict, default: {}, description: 'how often others may ask; beyond it they hear TOO_OFTEN. every: 0 is no limit' },
    ),
    console: Type.Optional(
      Type.Object(
        {
          files: Type.Optional(Type.String({ description: 'the folder of the built page; the one that comes with the program when absent' })),
          oidc: Type.Optional(Oidc),
        },
        { ...strict, description: 'the page for the operator at /console; without it there is none, and nobody signs in by name' },
      ),
    ),
    currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR' }),
    timeout: Type.Integer({ minimum: 5, maximum: 600, default: 30, description: 's; how long a sender is told to wait for a result' }),
    session_pull: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 21_600,
      description: 's; how often sessions and locations are pulled from each CPO, give or take a fifth',
    }),
    token_pull: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 21_600,
      description: 's; how often tokens are pulled from each eMSP, give or take a fifth',
    }),
    retention: Type.Object(
      {
        sessions: Type.Integer({ minimum: 1, maximum: 3_650, default: 400, description: 'days after its end that a session stays, with everything of it' }),
        exchanges: Type.Integer({ minimum: 1, maximum: 3_650, default: 30, description: 'days after its end that a request about a profile stays' }),
      },
      { ...strict, default: {}, description: 'how long what is over is kept; for the event stream see event_retention' },
    ),
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
