import { type Static, Type } from 'typebox';
import { ORIGINS } from '../../../domain/limit/limit-source.ts';
import type { PreferencesAnswer } from '../../../domain/preferences.ts';
import { CAUSES, type CauseCode, CHANGES, type ChangeCode, EVIDENCE, type Evidence, VERDICTS } from '../../../domain/why/cause.ts';
import { ActiveChargingProfile, ChargingProfile, highestLimit, longestSpan } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { ChargingPreferences, ChargingPreferencesResponse } from '../../../ocpi/sessions/charging-preferences.ts';
import { ActiveProfileEvent, DeviationEvent, ExchangeEvent, LimitUnknownEvent, SessionEvent } from '../events/schemas.ts';
import { ExchangeView } from '../exchanges/schemas.ts';
import { Key, MaskedSession, Moment, Seq, WattSteps } from '../fields.ts';

/** The limit of a session now: W over all phases, or A on each phase. */
export const LimitView = Type.Object({
  limit: Type.Number({ description: 'W over all phases, or A on each phase: see unit' }),
  unit: oneOf('A', 'W'),
  origin: Type.Object(
    {
      kind: Type.Unsafe<(typeof ORIGINS)[number]>({ ...oneOf(...ORIGINS), description: 'plan: the planner of this node; station: the charge point itself' }),
      name: Type.String({ description: 'a party, a user or API key, the path of a site node, the uid of an EVSE, or the id of a charge point' }),
    },
    { description: 'where the limit comes from' },
  ),
  until: Type.Optional(Type.String({ description: 'when this limit ends or changes, as far as it is known' })),
  reported: Type.Boolean({ description: 'the charge point or the CPO reported it; false: this node computed it from what is installed' }),
});
export type LimitView = Static<typeof LimitView>;

const causeCode = Type.Unsafe<CauseCode>(oneOf(...CAUSES));
const verdict = Type.Unsafe<(typeof VERDICTS)[number]>({
  ...oneOf(...VERDICTS),
  description: 'full-speed: the EVSE gives no more; paused: the limit is too low for a car; unknown: too little is known to say',
});
/** What holds a session back now: the first cause of its `why`. */
const LimitedBy = Type.Object({
  verdict,
  cause: causeCode,
  name: Type.Optional(Type.String({ description: 'a party, a user, the path of a site node, an EVSE or a charge point' })),
});
export type LimitedBy = Static<typeof LimitedBy>;

/** Why a session charges as fast as it does. */
export const WhyView = Type.Object({
  session: Key,
  at: Moment,
  verdict,
  text: Type.String({ description: 'one sentence in English, for people' }),
  limit: Type.Optional(LimitView),
  causes: Type.Array(
    Type.Object({
      code: causeCode,
      name: Type.Optional(Type.String({ description: 'a party, a user, the path of a site node, an EVSE or a charge point' })),
      pauses: Type.Optional(Type.Boolean({ description: 'the limit is below what a car needs to charge' })),
      text: Type.String(),
      evidence: Type.Array(
        Type.Object({
          what: Type.Unsafe<Evidence['what']>(oneOf(...EVIDENCE)),
          value: Type.Optional(Type.Number({ description: 'in unit' })),
          unit: Type.Optional(oneOf('A', 'W', '%', 'phases')),
          name: Type.Optional(Type.String()),
          since: Type.Optional(Moment),
          until: Type.Optional(Moment),
          text: Type.String(),
        }),
      ),
      change: Type.Object({ code: Type.Unsafe<ChangeCode>(oneOf(...CHANGES)), text: Type.String() }, { description: 'what would change it' }),
    }),
    { description: 'the cause that holds the session back now first; then those that would hold it back next' },
  ),
});
export type WhyView = Static<typeof WhyView>;

/** A charge point accepted a profile and follows another one: what it reports, and what this node computed from the accepted profiles. */
const DeviationView = Type.Object({
  how: Type.Unsafe<'above' | 'below'>({ type: 'string', enum: ['above', 'below'], description: 'above: the charge point allows more than was requested' }),
  said: ActiveChargingProfile,
  computed: ActiveChargingProfile,
});

/** A session at a charge point of this node, or a remote session that a peer sent, with secrets masked. */
export const SessionView = Type.Object({
  key: Key,
  seq: Seq,
  side: Type.Unsafe<'own' | 'foreign'>({ type: 'string', enum: ['own', 'foreign'], description: 'own: at a charge point of this node' }),
  peer: Type.Optional(Type.String({ description: 'the peer that sent it' })),
  station: Type.Optional(Type.String()),
  limit: Type.Optional(LimitView),
  limit_unknown_since: Type.Optional(
    Type.String({
      description:
        'since when nobody knows which limit holds, because a profile was changed or cleared and the charge point has not reported since; then `limit` is absent',
    }),
  ),
  limited_by: Type.Optional(LimitedBy),
  power: Type.Optional(Type.Number({ description: 'W; the last measured value of the charge point' })),
  current: Type.Optional(Type.Number({ description: 'A; the last measured value of the charge point, the sum of all phases' })),
  metered_above_limit: Type.Optional(
    Type.Object(
      {
        measured: Type.Number({ description: 'W over all phases, or A on DC: see unit' }),
        limit: Type.Number({ description: 'in the same unit' }),
        unit: oneOf('A', 'W'),
        since: Moment,
      },
      { description: 'the car draws more than its limit, after it had 30 s to react; judged at each meter value' },
    ),
  ),
  stale_since: Type.Optional(
    Type.String({ description: 'the charge point is not connected: its last message. The figures of the session are from before that' }),
  ),
  state_of_charge: Type.Optional(Type.Number({ description: '%; of the car, as the charge point or the CPO said it last' })),
  charging: Type.Optional(Type.Boolean({ description: 'whether the car charges now; false: the charging is suspended' })),
  suspended_by: Type.Optional(Type.Unsafe<'EV' | 'EVSE'>({ ...oneOf('EV', 'EVSE'), description: 'who suspends the charging, if the charge point says so' })),
  inputs: Type.Array(
    Type.Object({
      by: Type.String({ description: 'a party, or `operator`' }),
      user: Type.Optional(Type.String({ description: 'the user or API key that set it for the operator' })),
      state: oneOf('installed', 'uncertain'),
      charging_profile: ChargingProfile,
    }),
    { description: 'the profiles that are installed for it; `combination` says how they combine' },
  ),
  combination: Type.Object(
    {
      rule: oneOf('none', 'one', 'lowest'),
      says: Type.String({ description: 'the rule for people, with the parties' }),
      replaces: Type.Array(Type.String(), {
        description: 'the parties whose profiles a set of the operator drops or keeps: with any of them it must say `mode`',
      }),
    },
    { description: 'how the profiles of the session combine now: none; one applies alone; or the lowest limit applies at each moment' },
  ),
  csms: Type.Optional(
    Type.Object(
      {
        smart_charging: oneOf('strictest', 'ours', 'csms'),
        uncertain: Type.Boolean({ description: 'a profile could not be read, or the answer of the charge point was not seen: the list may be wrong' }),
        profiles: Type.Array(
          Type.Object({
            id: Type.Integer(),
            evse_id: Type.Integer({ description: 'as in OCPP: the connector of OCPP 1.6; 0 is the whole charge point' }),
            purpose: oneOf('tx', 'tx-default', 'max', 'external', 'priority', 'local-generation'),
            stack_level: Type.Integer(),
            charging_profile: Type.Optional(ChargingProfile),
          }),
        ),
      },
      { description: 'the charge point has a CSMS behind this node: what the CSMS has set for the session, and who decides' },
    ),
  ),
  active_charging_profile: Type.Optional(ActiveChargingProfile),
  active_charging_profile_computed: Type.Optional(
    Type.Boolean({ description: 'this node computed the active profile, because the charge point cannot report it' }),
  ),
  deviation: Type.Optional(DeviationView),
  closed_without_end: Type.Optional(
    Type.String({ description: 'the end of the transaction did not arrive in time: why the session was closed, and how its energy is known' }),
  ),
  unauthorised: Type.Optional(
    Type.Boolean({ description: 'the token was refused, and the charge point charges all the same: the session has no owner, and nobody is told' }),
  ),
  session: MaskedSession,
});
export type SessionView = Static<typeof SessionView>;

/** Charging preferences of a driver in a request. Unlike in OCPI, an unknown field is refused. */
export const PreferencesBody = Type.Object(ChargingPreferences.properties, { additionalProperties: false });

/** The answer of each party that received the charging preferences, or why a party gave none. */
export const PreferredView = Type.Object({
  session: Key,
  answer: Type.Unsafe<PreferencesAnswer>({ ...ChargingPreferencesResponse, description: 'ACCEPTED when one party accepted, else the first answer' }),
  said: Type.Array(
    Type.Object({
      by: Type.String({ description: 'a party; our own party when this node answers itself' }),
      answer: Type.Optional(ChargingPreferencesResponse),
      says: Type.Optional(Type.String({ description: 'why' })),
    }),
  ),
});
export type PreferredView = Static<typeof PreferredView>;

/** One entry in the history of a session: an event, or a request about its profile. */
export const HistoryEntry = Type.Union([
  SessionEvent,
  ActiveProfileEvent,
  LimitUnknownEvent,
  DeviationEvent,
  ExchangeEvent,
  Type.Object({ kind: Type.Literal('asked'), at: Moment, session: Key, data: ExchangeView }),
]);
export type HistoryEntry = Static<typeof HistoryEntry>;

/** One limit from now on, for a number of seconds or until the session ends: the short form of a charging profile. */
export const ShortLimit = Type.Object(
  {
    limit: Type.Number({ minimum: 0, maximum: highestLimit, description: 'W over all phases, or A on each phase: see unit' }),
    unit: oneOf('A', 'W'),
    for: Type.Optional(Type.Integer({ minimum: 1, maximum: longestSpan, description: 's' })),
  },
  { additionalProperties: false },
);

/** Requested profiles, active profiles, maximum and measured power of a session over time. */
export const SeriesView = Type.Object({
  session: Key,
  from: Moment,
  to: Moment,
  phases: Type.Optional(Type.Integer()),
  voltage: Type.Optional(Type.Number({ description: 'V, line to neutral' })),
  dc_voltage: Type.Optional(Type.Number({ description: 'V; the maximum of a DC EVSE, at which limits in A are drawn: the power may be lower' })),
  maximum: Type.Optional(
    Type.Object({
      watts: Type.Optional(Type.Number({ description: 'W over all phases' })),
      amperes: Type.Optional(Type.Number({ description: 'A on each phase' })),
    }),
  ),
  requested: Type.Array(
    Type.Object({
      at: Moment,
      by: Type.String(),
      exchange: Type.String(),
      open: Type.Boolean(),
      outcome: Type.Optional(Type.String()),
      charging_profile: Type.Optional(ChargingProfile),
    }),
    { description: 'sets and clears; a clear has no profile' },
  ),
  active: Type.Array(Type.Object({ at: Moment, active_charging_profile: ActiveChargingProfile })),
  metered: Type.Array(
    Type.Object({
      at: Moment,
      kwh: Type.Number({ description: 'kWh since the start of the session' }),
      power: Type.Optional(Type.Number({ description: 'W; as measured, or estimated' })),
      estimated: Type.Optional(
        Type.Boolean({ description: 'power is the average since an earlier sample, from the energy; never above the maximum of the EVSE' }),
      ),
    }),
  ),
  site: Type.Optional(
    Type.Object(
      { node: Type.String(), a: Type.Optional(Type.Number({ description: 'A on each phase' })), w: Type.Optional(Type.Number({ description: 'W' })) },
      { description: 'the node of a site that supplies the EVSE, such as garage/north, and the share of its limit that the charge point confirmed' },
    ),
  ),
  lines: Type.Object(
    { requested: WattSteps, active: WattSteps, maximum: WattSteps, metered: WattSteps, estimated: Type.Optional(WattSteps), limit: Type.Optional(WattSteps) },
    { description: 'steps in W; each value holds until the next one; null: no value. limit: of the site; estimated: power that was not measured' },
  ),
});
export type SeriesView = Static<typeof SeriesView>;
