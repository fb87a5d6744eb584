import { type Static, Type } from 'typebox';
import { EXCHANGE_STATES, RESPONSES, SIDES } from '../../../domain/exchange.ts';
import { PEER_STATES } from '../../../domain/party.ts';
import type { PreferencesAnswer } from '../../../domain/preferences.ts';
import { ActiveChargingProfile, ChargingProfile, highestLimit, longestSpan } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import type { WireLocation } from '../../../ocpi/locations/location.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { ChargingPreferences, ChargingPreferencesResponse } from '../../../ocpi/sessions/charging-preferences.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import { SECURITY_KINDS } from '../../core/security-event.ts';

export const Moment = Type.String({ description: 'a moment in UTC, such as 2026-01-31T09:30:00.000Z' });
export const Seq = Type.Integer({ minimum: 0, description: 'its place in the order of arrival; for ?before' });
export const Key = Type.String({ description: 'country code, party and id of the session, in capitals: NL*EVK*…' });

/** How an exchange ended: the charge point's or its operator's own word, or that nobody knows, or that it was taken back. */
export const OUTCOMES = [...RESPONSES, 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'] as const;
const OutcomeWord = oneOf(...OUTCOMES);

/** A limit at one moment: watts in all or amperes per phase. */
export const LimitView = Type.Object({ limit: Type.Number(), unit: oneOf('A', 'W') });
export type LimitView = Static<typeof LimitView>;

/** A charge point that accepted a profile and does something else: its answer beside what it ought to be. */
const DeviationView = Type.Object({
  how: Type.Unsafe<'above' | 'below'>({ type: 'string', enum: ['above', 'below'], description: 'above: it allows more than was asked for' }),
  said: ActiveChargingProfile,
  computed: ActiveChargingProfile,
});

/** A session of our own charge points, or one that a peer told us of, as the operator may see it. */
export const SessionView = Type.Object({
  key: Key,
  seq: Seq,
  side: Type.Unsafe<'own' | 'foreign'>({ type: 'string', enum: ['own', 'foreign'], description: 'own: at a charge point of this node' }),
  peer: Type.Optional(Type.String({ description: 'who told us of it' })),
  station: Type.Optional(Type.String()),
  limit: Type.Optional(LimitView),
  power: Type.Optional(Type.Number({ description: 'W, as the charge point last measured' })),
  inputs: Type.Array(
    Type.Object({ by: Type.String({ description: 'a party, or operator' }), state: oneOf('installed', 'uncertain'), charging_profile: ChargingProfile }),
    { description: 'the profiles that steer it; where there are several, the lowest counts' },
  ),
  active_charging_profile: Type.Optional(ActiveChargingProfile),
  active_charging_profile_computed: Type.Optional(
    Type.Boolean({ description: 'this node computed it, as the charge point cannot say what it has calculated' }),
  ),
  deviation: Type.Optional(DeviationView),
  session: Type.Unsafe<OwnSession>({
    type: 'object',
    description: 'the Session of OCPI (§9.3.1), its cdr_token.uid cut to the last four characters; without cdr_token when nobody owns it yet',
  }),
});
export type SessionView = Static<typeof SessionView>;

/** One request about a charging profile, from its acceptance to its end. */
export const ExchangeView = Type.Object({
  id: Type.String(),
  seq: Seq,
  kind: oneOf('set', 'get', 'clear'),
  side: Type.Unsafe<(typeof SIDES)[number]>({
    type: 'string',
    enum: [...SIDES],
    description: 'carried: to our charge point for a peer; own: to it for the operator; sent: to a peer for a party of ours; relayed: from a peer to another',
  }),
  session: Key,
  peer: Type.Optional(Type.String()),
  station: Type.Optional(Type.String()),
  state: oneOf(...EXCHANGE_STATES),
  open: Type.Boolean({ description: 'something is still to happen' }),
  outcome: Type.Optional(OutcomeWord),
  reason: Type.Optional(Type.String()),
  charging_profile: Type.Optional(ChargingProfile),
  duration: Type.Optional(Type.Number({ description: 's; how far ahead was asked' })),
  active_charging_profile: Type.Optional(ActiveChargingProfile),
  computed: Type.Optional(Type.Boolean({ description: 'this node computed the profile, as the charge point cannot say what it has calculated' })),
  accepted_at: Moment,
  deadline: Moment,
  sent_at: Type.Optional(Moment),
  ended_at: Type.Optional(Moment),
  request_id: Type.String(),
  correlation_id: Type.String(),
  response_url: Type.Optional(Type.String({ description: 'where the result goes; its path is hidden, since it is a secret of the peer' })),
});
export type ExchangeView = Static<typeof ExchangeView>;

/** How a driver wants a session to charge, as the operator's own systems say it: a name that OCPI does not have is a mistake. */
export const PreferencesTold = Type.Object(ChargingPreferences.properties, { additionalProperties: false });

/** What became of the wishes of a driver: the word of each party that was told, or why there is none. */
export const PreferredView = Type.Object({
  session: Key,
  answer: Type.Unsafe<PreferencesAnswer>({ ...ChargingPreferencesResponse, description: 'ACCEPTED when one party goes by them, else the first word' }),
  said: Type.Array(
    Type.Object({
      by: Type.String({ description: 'a party; for what this node says itself, the party of ours that it says it for' }),
      answer: Type.Optional(ChargingPreferencesResponse),
      says: Type.Optional(Type.String({ description: 'why' })),
    }),
  ),
});
export type PreferredView = Static<typeof PreferredView>;

/** A location of our own charge points, or one that a peer told us of. */
export const LocationView = Type.Object({
  key: Type.String({ description: 'country code, party and id of the location, in capitals: NL*EVK*…' }),
  seq: Seq,
  side: Type.Unsafe<'own' | 'foreign'>({ type: 'string', enum: ['own', 'foreign'], description: 'own: with charge points of this node' }),
  peer: Type.Optional(Type.String({ description: 'who told us of it' })),
  location: Type.Unsafe<WireLocation>({ type: 'object', description: 'the Location of OCPI (§8.3.1)' }),
});
export type LocationView = Static<typeof LocationView>;

/** Another platform: what it is, never its tokens. */
export const PeerView = Type.Object({
  id: Type.String(),
  status: oneOf(...PEER_STATES),
  edition: Type.Optional(Type.String()),
  roles: Type.Array(Type.Object({ role: Type.String(), country_code: Type.String(), party_id: Type.String(), name: Type.String() })),
  modules: Type.Array(Type.Object({ identifier: Type.String(), role: Type.String(), url: Type.String() })),
  registered_at: Type.Optional(Moment),
});
export type PeerView = Static<typeof PeerView>;

/** A charge point of the configuration, with what it last told. */
export const StationView = Type.Object({
  id: Type.String(),
  online: Type.Boolean(),
  location_id: Type.Optional(Type.String()),
  evses: Type.Array(Type.Object({ uid: Type.String(), evse_id: Type.Integer(), power_type: Type.String() })),
  ocpp: Type.Optional(Type.String({ description: 'the version it spoke last' })),
  vendor: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  firmware: Type.Optional(Type.String()),
  smart_charging: Type.Optional(Type.Boolean()),
  units: Type.Optional(Type.Array(oneOf('W', 'A'))),
  seen_at: Type.Optional(Moment),
});
export type StationView = Static<typeof StationView>;

/** How an exchange ended, as the stream of events tells it. */
const OutcomeTold = Type.Object({
  exchange: Type.String(),
  kind: oneOf('set', 'get', 'clear'),
  side: oneOf(...SIDES),
  peer: Type.Optional(Type.String()),
  state: oneOf(...EXCHANGE_STATES),
  outcome: Type.Optional(OutcomeWord),
  reason: Type.Optional(Type.String()),
});

const SessionTold = Type.Object({ id: Seq, kind: Type.Literal('session'), at: Moment, session: Key, data: SessionView.properties.session });
const ActiveProfileTold = Type.Object({ id: Seq, kind: Type.Literal('active-profile'), at: Moment, session: Key, data: ActiveChargingProfile });
const DeviationTold = Type.Object({
  id: Seq,
  kind: Type.Literal('deviation'),
  at: Moment,
  session: Key,
  data: Type.Object({
    how: Type.Unsafe<'above' | 'below' | 'none'>({ type: 'string', enum: ['above', 'below', 'none'], description: 'none: it is over' }),
    said: ActiveChargingProfile,
    computed: Type.Optional(ActiveChargingProfile),
  }),
});
const EndTold = Type.Object({ id: Seq, kind: Type.Literal('exchange'), at: Moment, session: Key, data: OutcomeTold });
const SecurityTold = Type.Object({
  id: Seq,
  kind: Type.Literal('security'),
  at: Moment,
  data: Type.Object({ kind: oneOf(...SECURITY_KINDS), peer: Type.Optional(Type.String()), party: Type.Optional(Type.String()), says: Type.String() }),
});
const Gap = Type.Object({ id: Seq, kind: Type.Literal('gap'), at: Moment, data: Type.Object({ after: Seq, resumes_after: Seq }) });

/** Something that happened, numbered in the order in which it was committed. `gap`: what came between was forgotten. */
export const EventView = Type.Union([SessionTold, ActiveProfileTold, DeviationTold, EndTold, SecurityTold, Gap]);
export type EventView = Static<typeof EventView>;

/** One line in the history of a session: what was told, and what was asked. */
export const HistoryEntry = Type.Union([
  SessionTold,
  ActiveProfileTold,
  DeviationTold,
  EndTold,
  Type.Object({ kind: Type.Literal('asked'), at: Moment, session: Key, data: ExchangeView }),
]);
export type HistoryEntry = Static<typeof HistoryEntry>;

/** The short way to say one limit, from now on and for so many seconds, or until the session ends. */
export const ShortLimit = Type.Object(
  {
    limit: Type.Number({ minimum: 0, maximum: highestLimit }),
    unit: oneOf('A', 'W'),
    for: Type.Optional(Type.Integer({ minimum: 1, maximum: longestSpan, description: 's' })),
  },
  { additionalProperties: false },
);
