import { type Static, Type } from 'typebox';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Moment } from '../fields.ts';

/** An OCPP message as it passed on the socket of a charge point. */
export const StationMessage = Type.Object({
  seq: Type.Integer({ description: 'number of the message in this run of the node; it grows with time' }),
  at: Moment,
  direction: oneOf('received', 'sent'),
  of: Type.Optional(
    Type.Unsafe<'csms' | 'node'>({
      type: 'string',
      enum: ['csms', 'node'],
      description: 'behind a CSMS: csms: it passed to or from the CSMS; node: this node sent it, or took it and did not pass it on',
    }),
  ),
  type: oneOf('call', 'result', 'error', 'result-error', 'send', 'unreadable'),
  id: Type.Optional(Type.String({ description: 'the message id; an answer has the id of its call' })),
  action: Type.Optional(Type.String({ description: 'of an answer: the action of its call' })),
  status: Type.Optional(Type.String({ description: 'of an answer: its status, or the code of the error' })),
  took_ms: Type.Optional(Type.Integer({ description: 'of an answer: ms since its call' })),
  body: Type.Unknown({ description: 'the whole message as JSON, or its text when it cannot be read; secrets and ids of drivers are masked' }),
  cut: Type.Optional(Type.Integer({ description: 'characters of the whole message, when only its beginning is kept' })),
});
export type StationMessage = Static<typeof StationMessage>;

/** The messages of a charge point that are kept, newest first. */
export const StationMessages = Type.Object({
  items: Type.Array(StationMessage),
  next: Type.Optional(Type.Integer({ description: 'give it as `before` for older messages; absent: there are none' })),
  actions: Type.Array(Type.String(), { description: 'the actions of all messages that are kept' }),
});
export type StationMessages = Static<typeof StationMessages>;

/** The states of a charge point, and how quickly it answers. */
export const StationHistory = Type.Object({
  from: Moment,
  to: Moment,
  states: Type.Array(Type.Object({ from: Moment, to: Moment, state: oneOf('connected', 'away', 'refusing') }), {
    description: 'over the last 24 h, or since the start of the node; refusing: it refused the last limit',
  }),
  answers: Type.Object({
    count: Type.Integer({ description: 'answers of the charge point among the messages that are kept' }),
    p50_ms: Type.Optional(Type.Integer({ description: 'ms from a call of the node to its answer: half of the answers are as quick' })),
    p95_ms: Type.Optional(Type.Integer({ description: 'ms; 95 of 100 answers are as quick' })),
  }),
  abilities: Type.Array(
    Type.Object({
      ability: oneOf('smart_charging', 'composite_schedule', 'units', 'max_stack_level', 'max_periods', 'max_profiles'),
      how: oneOf('stated', 'refused', 'accepted', 'assumed'),
      action: Type.Optional(Type.String({ description: 'the OCPP action whose answer shows it' })),
      occasion: Type.Optional(oneOf('boot', 'silence', 'request', 'operator')),
      at: Type.Optional(Moment),
    }),
    { description: 'how and when each ability was found; empty before the first connection' },
  ),
});
export type StationHistory = Static<typeof StationHistory>;

/** A message to request from a charge point. */
export const TriggerRequest = Type.Object({
  message: oneOf('BootNotification', 'StatusNotification', 'MeterValues', 'Heartbeat'),
  evse: Type.Optional(Type.String({ description: 'uid of one EVSE; absent: all of the charge point, or its first EVSE where OCPP 2.x must name one' })),
});
export type TriggerRequest = Static<typeof TriggerRequest>;

/** What a charge point answered to a command. */
export const CommandResult = Type.Object({
  answered: Type.Boolean(),
  status: Type.Optional(Type.String({ description: 'the status of the charge point, such as Accepted; Stated: it stated its abilities' })),
  reason: Type.Optional(Type.String({ description: 'why there is no answer' })),
});
export type CommandResult = Static<typeof CommandResult>;
