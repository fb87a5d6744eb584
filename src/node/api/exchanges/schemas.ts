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
  body: Type.Optional(Type.Unknown({ description: 'the content, with secrets as ***' })),
});
export type MessageView = Static<typeof MessageView>;

/** An exchange with its messages in the order of time. */
export const ExchangeMessages = Type.Object({ exchange: ExchangeView, messages: Type.Array(MessageView) });
export type ExchangeMessages = Static<typeof ExchangeMessages>;
