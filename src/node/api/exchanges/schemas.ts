import { type Static, Type } from 'typebox';
import { EXCHANGE_STATES, RESPONSES, SIDES } from '../../../domain/exchange.ts';
import { ActiveChargingProfile, ChargingProfile } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Key, Moment, Seq } from '../fields.ts';
import { Delivery, Outcome } from './outcome.ts';

/** One request about a charging profile, from its answer to its end. */
export const ExchangeView = Type.Object({
  id: Type.String(),
  seq: Seq,
  kind: oneOf('set', 'get', 'clear'),
  side: Type.Unsafe<(typeof SIDES)[number]>({
    type: 'string',
    enum: [...SIDES],
    description:
      'carried: from a peer to our charge point; own: from the operator to our charge point; sent: from a party of ours to a peer; relayed: from a peer to another peer',
  }),
  session: Key,
  peer: Type.Optional(Type.String()),
  station: Type.Optional(Type.String()),
  state: oneOf(...EXCHANGE_STATES),
  open: Type.Boolean({ description: 'true while the exchange has not ended' }),
  answer: Type.Optional(
    Type.Unsafe<(typeof RESPONSES)[number]>({ ...oneOf(...RESPONSES), description: 'the immediate answer; absent: there was none, or it is not known' }),
  ),
  status_message: Type.Optional(Type.String({ description: 'the text for people that came with the immediate answer' })),
  refused_here: Type.Optional(Type.Boolean({ description: 'this node refused the request itself, so nothing was sent to a charge point or a peer' })),
  outcome: Type.Optional(Outcome),
  result: Type.Optional(Outcome),
  delivery: Type.Optional(Delivery),
  reason: Type.Optional(Type.String({ description: 'why it is in this state: a code, with a colon before its details, or the text of the peer that refused' })),
  given_reason: Type.Optional(Type.String({ description: 'why the operator requested it, in its own words' })),
  charging_profile: Type.Optional(ChargingProfile),
  duration: Type.Optional(Type.Number({ description: 's; duration of the requested active profile' })),
  active_charging_profile: Type.Optional(ActiveChargingProfile),
  computed: Type.Optional(Type.Boolean({ description: 'this node computed the profile, because the charge point cannot report it' })),
  accepted_at: Moment,
  deadline: Moment,
  sent_at: Type.Optional(Moment),
  ended_at: Type.Optional(Moment),
  request_id: Type.String(),
  correlation_id: Type.String(),
  response_url: Type.Optional(Type.String({ description: 'where the result goes; the path is hidden, because it is a secret of the peer' })),
});
export type ExchangeView = Static<typeof ExchangeView>;

/** A message as it passed, while it is kept: 24 h at most, and not beyond a restart of the node. */
const WireView = Type.Object({
  at: Moment,
  method: Type.Optional(Type.String({ description: 'OCPI only, as url, request_id, correlation_id and status' })),
  url: Type.Optional(Type.String({ description: 'with secrets as ***' })),
  request_id: Type.Optional(Type.String()),
  correlation_id: Type.Optional(Type.String()),
  status: Type.Optional(Type.Integer({ description: 'HTTP status, of an answer' })),
  body: Type.Optional(
    Type.Unknown({ description: 'OCPI: the JSON body; OCPP: the whole frame; a text when it cannot be read as JSON. Secrets and ids of drivers are masked' }),
  ),
  cut: Type.Optional(Type.Integer({ description: 'characters of the whole message, when only its beginning is kept' })),
  answer: Type.Optional(
    Type.Object({
      at: Moment,
      status: Type.Optional(Type.Integer({ description: 'HTTP status; absent: no answer came' })),
      body: Type.Optional(Type.Unknown({ description: 'the JSON body, or why no answer came' })),
    }),
  ),
});
export type WireView = Static<typeof WireView>;

/** Why a message came late. */
const WAITS = ['station-away', 'earlier-call', 'station-answer', 'peer-answer', 'peer-result', 'node'] as const;
const WaitView = Type.Object({
  ms: Type.Integer({ description: 'ms of waiting before the message' }),
  because: oneOf(...WAITS),
  of: Type.Optional(Type.String({ description: 'the charge point or peer that was waited for' })),
  call: Type.Optional(Type.String({ description: 'the OCPP action of the earlier call' })),
  says: Type.String({ description: 'the same as a sentence' }),
});
export type WaitView = Static<typeof WaitView>;

/** One message of an exchange. */
export const MessageView = Type.Object({
  step: oneOf('request', 'relayed-request', 'relayed-answer', 'answer', 'station-call', 'station-answer', 'result', 'delivery', 'end'),
  at: Type.Optional(Moment),
  after_ms: Type.Optional(Type.Integer({ description: 'ms since the request was accepted' })),
  from: Type.String({ description: 'a peer, a charge point, `node` or `operator`' }),
  to: Type.String(),
  protocol: oneOf('OCPI', 'OCPP', 'node'),
  name: Type.String({ description: 'OCPI method and module, or OCPP action' }),
  word: Type.Optional(Type.String({ description: 'the answer, status or result' })),
  body: Type.Optional(Type.Unknown({ description: 'the content as this node recorded it, with secrets as ***' })),
  wire: Type.Optional(WireView),
  rebuilt: Type.Optional(Type.Boolean({ description: 'true: the message is not kept any more, and is rebuilt from the record of the exchange' })),
  wait: Type.Optional(WaitView),
});
export type MessageView = Static<typeof MessageView>;

/** An exchange with its messages in the order of time. */
export const ExchangeMessages = Type.Object({ exchange: ExchangeView, messages: Type.Array(MessageView) });
export type ExchangeMessages = Static<typeof ExchangeMessages>;
