import { type Static, Type } from 'typebox';
import { SEVERITIES } from '../../domain/alarm/alarm.ts';
import { ConsentEntry, ContractEntry, SharingEntry } from './agreements-schema.ts';
import { StationUpstream, UnknownStations, Upstream } from './gateway-schema.ts';
import { Limits } from './limits-schema.ts';
import { Listen, ListenOperator, Port } from './listener-schema.ts';
import { LocationEntry, OwnParty, PartyName } from './location-schema.ts';
import { Site } from './site-schema.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;
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
const ChargePoint = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9*_=:+|@.-]{1,48}$', description: '1 to 48 letters, digits or * - _ = : + | @ .' }),
    password: Type.Optional(Type.String({ minLength: 8, maxLength: 40 })),
    location_id: Type.String({ minLength: 1, maxLength: 36 }),
    party: Type.Optional(OwnParty),
    evses: Type.Array(EvseEntry, { minItems: 1 }),
    upstream: Type.Optional(StationUpstream),
    strict: Type.Optional(
      Type.Boolean({ description: 'true: messages that violate their schema are refused, for tests of the software of charge points; default false' }),
    ),
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
    issuer: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'printed on the card; default: the name of the eMSP' })),
    valid: Type.Boolean({ default: true, description: 'false: the token may not charge' }),
    whitelist: Type.Unsafe<'ALWAYS' | 'ALLOWED' | 'ALLOWED_OFFLINE' | 'NEVER'>({
      type: 'string',
      enum: ['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER'],
      default: 'ALWAYS',
      description: 'NEVER: the eMSP of the token is asked each time',
    }),
    visual_number: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    group_id: Type.Optional(Type.String({ minLength: 1, maxLength: 36 })),
    only_at: Type.Optional(
      Type.Array(Type.Object({ location_id: Type.String(), evse_uids: Type.Optional(Type.Array(Type.String(), { minItems: 1 })) }, strict), {
        minItems: 1,
        description: 'the locations, and EVSEs of them, where the token may charge; default: everywhere',
      }),
    ),
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$', description: 'two lower case letters, such as nl' })),
  },
  strict,
);
const Files = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]);
/** Charge points may take EC certificates only, or RSA certificates only, so one of each can be given (OCPP 2.0.1 A00.FR.318). */
const StationTlsFiles = Type.Object(
  { cert: Files, key: Files, ca: Type.Optional(Type.String()) },
  { ...strict, description: 'files; `cert` and `key` may be lists of the same length, such as an EC and an RSA certificate' },
);
const DateTime = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
  description: 'a date and time in UTC, such as 2026-01-31T09:30:00Z',
});
const PlannedSite = Type.Object(
  {
    location_id: Type.String({ minLength: 1, maxLength: 36, description: 'the location id that the CPO uses; equal ids of several CPOs are one site' }),
    limit: Type.Number({ minimum: 0, maximum: 2_000_000, description: 'what all sessions of the site may draw together: A on each phase, or W in total' }),
    unit: Type.Unsafe<'A' | 'W'>({ type: 'string', enum: ['A', 'W'], default: 'A', description: 'A on each phase, or W in total' }),
  },
  strict,
);
const PriceStep = Type.Object({ from: DateTime, price: Type.Number({ description: 'of one kWh, until the next step begins; in any one currency' }) }, strict);

/** Where alarms are sent. */
const AlarmWebhook = Type.Object(
  {
    webhook: Type.String({ pattern: '^https?://', maxLength: 2_000, description: 'the URL that gets each alarm by POST; it may hold a secret' }),
    secret: Type.String({ minLength: 16, maxLength: 200, description: '16 to 200 characters; signs each message by HMAC-SHA256' }),
    min_severity: Type.Unsafe<(typeof SEVERITIES)[number]>({
      type: 'string',
      enum: [...SEVERITIES],
      default: 'warning',
      description: 'the least urgent alarms that are sent: info, warning or critical',
    }),
  },
  { ...strict, description: 'a program of yours that gets alarms, for example to send e-mail' },
);

/** Where traces are sent. */
const Telemetry = Type.Object(
  {
    otlp: Type.String({
      pattern: '^https?://[^\\s?#@]+$',
      maxLength: 2_000,
      description: 'the collector of OpenTelemetry, as https://host:4318; traces go to /v1/traces below it, by OTLP over HTTP with JSON',
    }),
  },
  { ...strict, description: 'traces that join requests of peers, requests to charge points and callbacks; without it none are made' },
);

const RoleName = (role: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: `the value in role_claim that means ${role}` }));
const Oidc = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'the issuer identifier, a URL' }),
    client_id: Type.String({ minLength: 1, maxLength: 200 }),
    client_secret_file: Type.Optional(Type.String({ description: 'a file with the client secret from the issuer; omit it for a public client' })),
    scope: Type.String({ default: 'openid profile', minLength: 6, maxLength: 200, description: 'the scopes that are requested; must contain openid' }),
    role_claim: Type.String({
      default: 'roles',
      minLength: 1,
      maxLength: 200,
      description: 'the claim with the roles, a text or a list; a dot separates the levels of a nested claim',
    }),
    name_claim: Type.String({ default: 'preferred_username', minLength: 1, maxLength: 200, description: 'the claim with the name that the console shows' }),
    roles: Type.Object(
      { view: RoleName('view'), operate: RoleName('operate'), admin: RoleName('admin') },
      {
        ...strict,
        default: {},
        description: 'the names that the issuer uses for the roles; default: view, operate, admin. Users without a role cannot sign in',
      },
    ),
  },
  { ...strict, description: 'sign-in by OpenID Connect; the redirect URI is public_url, or listen_operator.url, followed by /api/v1/login/oidc/callback' },
);

/** The configuration of a node, read once at the start. Each entry names its meaning, unit and default. */
export const Config = Type.Object(
  {
    listen: Listen,
    listen_operator: Type.Optional(ListenOperator),
    public_url: Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'the URL by which others reach this node, without a slash at the end' }),
    database: Type.String({ minLength: 1, default: './evenkeel.db', description: 'a SQLite file, or postgres://user@host/db' }),
    key_file: Type.Optional(
      Type.String({
        description:
          'the file with the key that encrypts the tokens of peers in the database; created if it does not exist. Default: the database file with .key appended, or ./evenkeel.key',
      }),
    ),
    tls: Type.Optional(
      Type.Object(
        { ca_file: Type.String({ minLength: 1, description: 'a PEM file with the certificates of authorities that are trusted beside the usual ones' }) },
        { ...strict, description: 'trust in the certificates of peers and of the issuer of console.oidc' },
      ),
    ),
    reachable: Type.Array(Type.String({ maxLength: 64 }), {
      default: [],
      description: 'ranges of private networks, such as 10.0.0.0/8, and single addresses where peers may be; others that are not public are refused',
    }),
    insecure_http: Type.Boolean({ default: false, description: 'for development: allows http and private addresses for registered origins' }),
    parties: Type.Array(Party, { minItems: 1, description: 'the parties of this node' }),
    ocpp: Type.Optional(
      Type.Object(
        {
          host: Type.String({ default: '127.0.0.1' }),
          port: Port(9220),
          security_profile: Type.Unsafe<1 | 2 | 3>({ type: 'integer', enum: [1, 2, 3], default: 2 }),
          tls: Type.Optional(StationTlsFiles),
          upstream: Type.Optional(Upstream),
        },
        { ...strict, description: 'the address where charge points connect: ws(s)://host:port/ocpp/{id}' },
      ),
    ),
    planner: Type.Optional(
      Type.Object(
        {
          sites: Type.Array(PlannedSite, { minItems: 1, description: 'the sites whose sessions get profiles; other sessions get none' }),
          prices: Type.Optional(Type.Array(PriceStep, { minItems: 1, description: 'in the order of time; without prices CHEAP is not offered' })),
          every: Type.Integer({ minimum: 10, maximum: 3_600, default: 300, description: 's; how often plans are recomputed when nothing changes' }),
        },
        { ...strict, description: 'for a party with role SCSP: the sites whose limits it shares among their sessions' },
      ),
    ),
    charge_points: Type.Array(ChargePoint, { default: [] }),
    charge_points_unknown: UnknownStations,
    locations: Type.Array(LocationEntry, {
      default: [],
      description: 'the locations of the charge points; peers are not told of a location that is not listed',
    }),
    sites: Type.Array(Site, { default: [], description: 'the grid connections, their limits and the EVSEs that share them' }),
    site_limits: Type.Optional(
      Type.String({ minLength: 1, description: 'a watched file with additional limits for nodes of sites, by path: garage/north: { a: 20 }' }),
    ),
    tokens: Type.Array(TokenEntry, { default: [], description: 'the tokens that may charge, and their eMSPs' }),
    contracts: Type.Array(ContractEntry, {
      default: [],
      description:
        'the parties that may see or control sessions of others: of tokens_of one party, at locations ("*": all) or evses, between from and until; a contract with the eMSP of a token can only add state_of_charge and push_every',
    }),
    consents: Type.Array(ConsentEntry, {
      default: [],
      description: 'the consents of drivers; without one no session of a driver goes to a party with a contract. token "*": a consent for all drivers',
    }),
    when_two_steer: Type.Array(SharingEntry, {
      default: [],
      description:
        'for two parties with a right to control the same session: replace (the newer profile counts) or strictest (the lower of both). Default: only the first party controls it',
    }),
    strict_peers: Type.Array(PartyName, {
      default: [],
      description: 'peers that test their own software: what they send against OCPI is refused, not read with patience',
    }),
    limits: Limits,
    console: Type.Optional(
      Type.Object(
        {
          files: Type.Optional(Type.String({ description: 'the folder of the built page; default: the one that comes with the program' })),
          oidc: Type.Optional(Oidc),
        },
        { ...strict, description: 'turns on the page for the operator at /console and sign-in by name' },
      ),
    ),
    alarms: Type.Optional(AlarmWebhook),
    telemetry: Type.Optional(Telemetry),
    currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR' }),
    timeout: Type.Integer({ minimum: 5, maximum: 600, default: 30, description: 's; the timeout that senders of requests get: how long to wait for a result' }),
    session_pull: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 21_600,
      description: 's; how often sessions and locations are pulled from each CPO, plus or minus 20 %',
    }),
    token_pull: Type.Integer({
      minimum: 60,
      maximum: 604_800,
      default: 21_600,
      description: 's; how often tokens are pulled from each eMSP, plus or minus 20 %',
    }),
    retention: Type.Object(
      {
        sessions: Type.Integer({ minimum: 1, maximum: 3_650, default: 400, description: 'days that a session and its data are kept after its end' }),
        exchanges: Type.Integer({ minimum: 1, maximum: 3_650, default: 30, description: 'days that a request about a profile is kept after its end' }),
        evidence: Type.Integer({
          minimum: 1,
          maximum: 3_650,
          default: 35,
          description:
            'days that samples of meters, limits that were imposed, ordered and confirmed, and what would have been sent to observed charge points are kept; see evenkeel evidence and evenkeel shadow report',
        }),
      },
      { ...strict, default: {}, description: 'how long ended sessions and requests are kept; for the event stream see event_retention' },
    ),
    event_retention: Type.Integer({
      minimum: 3_600,
      default: 604_800,
      description: 's; how long events are kept, so that a client can resume the event stream',
    }),
    log: Type.Unsafe<'debug' | 'info' | 'warn' | 'error' | 'silent'>({ type: 'string', enum: ['debug', 'info', 'warn', 'error', 'silent'], default: 'info' }),
  },
  { ...strict },
);
export type Config = Static<typeof Config>;

/** The environment variables that commands read: URL of the node, key of its operator API, output without colours. */
export const readEnvironment = (env: Readonly<Record<string, string | undefined>>): { url: string | undefined; key: string | undefined; noColor: boolean } => ({
  url: env.EVENKEEL_URL,
  key: env.EVENKEEL_KEY,
  noColor: (env.NO_COLOR ?? '') !== '',
});

/** The value of an environment variable that the configuration names. */
export const environmentVariable = (name: string): string | undefined => process.env[name];
