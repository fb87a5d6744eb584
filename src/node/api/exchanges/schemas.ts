import { type Static, Type } from 'typebox';
import { EXCHANGE_STATES, SIDES } from '../../../domain/exchange.ts';
import { ActiveChargingProfile, ChargingProfile } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Key, Moment, Seq } from '../fields.ts';
import { Outcome } from './outcome.ts';

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
  outcome: Type.Optional(Outcome),
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

/** An exchange with its messages in the order of time. */
export const ExchangeMessages = Type.Object({ exchange: ExchangeView, messages: Type.Array(MessageView) });
export type ExchangeMessages = Static<typeof ExchangeMessages>;
