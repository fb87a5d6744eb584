import { type Static, Type } from 'typebox';
import { RIGHTS } from '../../../domain/contract.ts';
import { PEER_STATES } from '../../../domain/party.ts';
import { ActiveChargingProfile, ChargingProfile } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { ACTORS } from '../../../store/sql/audit.ts';
import { SECURITY_KINDS } from '../../core/security-event.ts';
import { ExchangeView, Key, Moment, OUTCOMES, PeerView, Seq, SessionView, StationView } from '../sessions/schemas.ts';
import { RoleWord } from '../sign-in/schemas.ts';

const Count = Type.Integer({ minimum: 0 });
const Party = Type.String({ description: 'country code and party id, such as NL*SCS' });
/** What an exchange came to, or that it is open. */
const Word = oneOf('OPEN', ...OUTCOMES);

/** The whole node at a glance. */
export const Overview = Type.Object({
  at: Moment,
  sessions: Type.Record(Type.String(), Count, { description: 'by status' }),
  exchanges: Type.Array(Type.Object({ minute: Moment, outcome: Word, count: Count }), { description: 'accepted within the last hour' }),
  stations: Type.Object({ connected: Count, known: Count }),
  peers: Type.Record(Type.String(), Count, { description: 'by status' }),
  halted: Type.Array(Party),
  security: Type.Array(
    Type.Object({
      id: Seq,
      at: Moment,
      kind: oneOf(...SECURITY_KINDS),
      peer: Type.Optional(Type.String()),
      party: Type.Optional(Type.String()),
      says: Type.String(),
    }),
    { description: 'the newest first' },
  ),
  complaints: Type.Array(Type.Object({ at: Moment, what: Type.String(), says: Type.String() }), {
    description: 'what went wrong without anybody to tell, the newest first, since the node started',
  }),
});
export type Overview = Static<typeof Overview>;

/** One message of an exchange. */
export const MessageView = Type.Object({
  step: oneOf('request', 'relayed-request', 'relayed-answer', 'answer', 'station-call', 'station-answer', 'result', 'delivery', 'end'),
  at: Type.Optional(Moment),
  after_ms: Type.Optional(Type.Integer({ description: 'ms since it was accepted' })),
  from: Type.String({ description: 'a peer, a charge point, node or operator' }),
  to: Type.String(),
  protocol: oneOf('OCPI', 'OCPP', 'node'),
  name: Type.String({ description: 'method and module, or action' }),
  word: Type.Optional(Type.String({ description: 'how it was answered' })),
  body: Type.Optional(Type.Unknown({ description: 'what it says, secrets as ***' })),
});
export type MessageView = Static<typeof MessageView>;
export const ExchangeMessages = Type.Object({ exchange: ExchangeView, messages: Type.Array(MessageView) });

const Line = Type.Array(Type.Tuple([Type.Number({ description: 'epoch s' }), Type.Union([Type.Number({ description: 'W' }), Type.Null()])]));
/** What a session may draw, and draws, over time. */
export const SeriesView = Type.Object({
  session: Key,
  from: Moment,
  to: Moment,
  phases: Type.Optional(Type.Integer()),
  voltage: Type.Optional(Type.Number({ description: 'V, line to neutral' })),
  maximum: Type.Optional(Type.Object({ watts: Type.Optional(Type.Number()), amperes: Type.Optional(Type.Number({ description: 'per phase' })) })),
  requested: Type.Array(
    Type.Object({
      at: Moment,
      by: Type.String(),
      exchange: Type.String(),
      open: Type.Boolean(),
      outcome: Type.Optional(Type.String()),
      charging_profile: Type.Optional(ChargingProfile),
    }),
    { description: 'sets and clears; without a profile: a clear' },
  ),
  active: Type.Array(Type.Object({ at: Moment, active_charging_profile: ActiveChargingProfile })),
  metered: Type.Array(
    Type.Object({ at: Moment, kwh: Type.Number(), power: Type.Optional(Type.Number({ description: 'W, on average since the point before' })) }),
  ),
  lines: Type.Object(
    { requested: Line, active: Line, maximum: Line, metered: Line, limit: Type.Optional(Line) },
    { description: 'steps in W; a value holds until the next, null: none' },
  ),
});
export type SeriesView = Static<typeof SeriesView>;

/** What is drawn at our locations over time. */
export const LoadView = Type.Object({
  from: Moment,
  to: Moment,
  sites: Type.Array(
    Type.Object({
      location_id: Type.String(),
      name: Type.Optional(Type.String()),
      sessions: Type.Integer(),
      limit_watts: Type.Optional(Type.Number({ description: 'W, of the cables that the location hangs on' })),
      load: Line,
    }),
  ),
});
export type LoadView = Static<typeof LoadView>;

export const ContractView = Type.Object({
  id: Type.String(),
  party: Party,
  may: Type.Array(oneOf(...RIGHTS)),
  tokens_of: Type.Optional(Party),
  locations: Type.Optional(Type.Array(Type.String())),
  evses: Type.Optional(Type.Array(Type.String())),
  from: Type.Optional(Moment),
  until: Type.Optional(Moment),
  origin: Type.String({ description: 'config or command' }),
  ended_at: Type.Optional(Moment),
  consented: Type.Boolean({ description: "a consent covers somebody's sessions" }),
  halted: Type.Boolean(),
});
export type ContractView = Static<typeof ContractView>;
export const ConsentView = Type.Object({
  party: Party,
  driver: Type.String({ description: '*: all drivers; else the name that the store has for one' }),
  purpose: Type.String(),
  text_version: Type.String(),
  given_at: Moment,
  withdrawn_at: Type.Optional(Moment),
});

/** A platform with all that an operator looks for when something is wrong with it. */
export const PeerDetail = Type.Object({
  ...PeerView.properties,
  status: oneOf(...PEER_STATES),
  versions_url: Type.Optional(Type.String()),
  origins: Type.Array(Type.String()),
  contracts: Type.Array(ContractView),
  consents: Count,
  halted: Type.Array(Party),
  outcomes: Type.Array(Type.Object({ kind: Type.String(), outcome: Word, count: Count }), { description: 'of the last 24 h' }),
  rate: Type.Object({ last_minute: Count, last_hour: Count }, { description: 'exchanges that were accepted' }),
});
export type PeerDetail = Static<typeof PeerDetail>;

/** A charge point with what it can, and how it is connected. */
export const StationDetail = Type.Object({
  ...StationView.properties,
  abilities: Type.Optional(
    Type.Object({
      smart_charging: Type.Boolean(),
      composite_schedule: Type.Optional(Type.Boolean()),
      units: Type.Array(oneOf('W', 'A')),
      max_stack_level: Type.Number(),
      max_periods: Type.Number(),
      max_profiles: Type.Optional(Type.Number()),
    }),
  ),
  connection: Type.Object({
    online: Type.Boolean(),
    ocpp: Type.Optional(Type.String()),
    epoch: Type.Optional(Type.Integer({ description: 'grows with each connection' })),
    seen_at: Type.Optional(Moment),
  }),
  quirks: Type.Array(Type.String(), { description: 'where it falls short of what is usual' }),
  sessions: Type.Array(SessionView, { description: 'those that have not ended' }),
});
export type StationDetail = Static<typeof StationDetail>;

/** What the planner of an SCSP makes of its sites. */
export const PlanView = Type.Object({
  planned_at: Type.Optional(Moment),
  sites: Type.Array(Type.Object({ location_id: Type.String(), limit: Type.Number(), unit: oneOf('A', 'W') })),
  sessions: Type.Array(
    Type.Object({
      session: Key,
      location_id: Type.String(),
      state: oneOf('steered', 'uncontrollable', 'stopped', 'dropped'),
      why: Type.String(),
      charging_profile: Type.Optional(ChargingProfile),
      sent_at: Type.Optional(Moment),
      underway: Type.Boolean(),
      refusal: Type.Optional(Type.String()),
    }),
  ),
});
export type PlanView = Static<typeof PlanView>;

/** One act in the chain. */
export const AuditView = Type.Object({
  seq: Seq,
  at: Moment,
  by: Type.Object({ kind: oneOf(...ACTORS), id: Type.Optional(Type.String()), name: Type.Optional(Type.String({ description: 'as it is known now' })) }),
  act: Type.String(),
  subject: Type.Optional(Type.String()),
  says: Type.Optional(Type.String()),
  hash: Type.String(),
});
export type AuditView = Static<typeof AuditView>;

export const KeyView = Type.Object({ id: Type.String(), name: Type.String(), scope: RoleWord, created_at: Moment, revoked_at: Type.Optional(Moment) });
export const UserView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: RoleWord,
  via: Type.Unsafe<'password' | 'oidc'>({ type: 'string', enum: ['password', 'oidc'] }),
  totp: Type.Boolean(),
  created_at: Moment,
});
