import { type Static, Type } from 'typebox';
import { EXCHANGE_STATES, SIDES } from '../../../domain/exchange.ts';
import { ActiveChargingProfile } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { AlarmView } from '../../alarms/alarm-view.ts';
import { SECURITY_KINDS } from '../../core/security-event.ts';
import { Delivery, Outcome } from '../exchanges/outcome.ts';
import { Key, MaskedSession, Moment, Seq } from '../fields.ts';

/** A session was received or changed. */
export const SessionEvent = Type.Object({ id: Seq, kind: Type.Literal('session'), at: Moment, session: Key, data: MaskedSession });

/** The active profile of a session changed. */
export const ActiveProfileEvent = Type.Object({ id: Seq, kind: Type.Literal('active-profile'), at: Moment, session: Key, data: ActiveChargingProfile });

/** It is unknown which limit holds on the session: a profile was cleared, or may have been lost. The next `active-profile` says what holds. */
export const LimitUnknownEvent = Type.Object({ id: Seq, kind: Type.Literal('limit-unknown'), at: Moment, session: Key, data: Type.Object({}) });

/** A charge point began, or ceased, to deviate from a profile that it accepted. */
export const DeviationEvent = Type.Object({
  id: Seq,
  kind: Type.Literal('deviation'),
  at: Moment,
  session: Key,
  data: Type.Object({
    how: Type.Unsafe<'above' | 'below' | 'none'>({ type: 'string', enum: ['above', 'below', 'none'], description: 'none: the deviation is over' }),
    said: ActiveChargingProfile,
    computed: Type.Optional(ActiveChargingProfile),
  }),
});

/** An exchange ended. */
export const ExchangeEvent = Type.Object({
  id: Seq,
  kind: Type.Literal('exchange'),
  at: Moment,
  session: Key,
  data: Type.Object({
    exchange: Type.String(),
    kind: oneOf('set', 'get', 'clear'),
    side: oneOf(...SIDES),
    peer: Type.Optional(Type.String()),
    state: oneOf(...EXCHANGE_STATES),
    outcome: Type.Optional(Outcome),
    delivery: Type.Optional(Delivery),
    reason: Type.Optional(Type.String()),
  }),
});

const SecurityEvent = Type.Object({
  id: Seq,
  kind: Type.Literal('security'),
  at: Moment,
  data: Type.Object({ kind: oneOf(...SECURITY_KINDS), peer: Type.Optional(Type.String()), party: Type.Optional(Type.String()), says: Type.String() }),
});

/** An alarm was raised, changed (worse, less urgent, or acknowledged), or is solved. */
const AlarmEvent = Type.Object({
  id: Seq,
  kind: Type.Literal('alarm'),
  at: Moment,
  data: Type.Object({ change: oneOf('raised', 'changed', 'solved'), alarm: AlarmView }),
});

const GapEvent = Type.Object({ id: Seq, kind: Type.Literal('gap'), at: Moment, data: Type.Object({ after: Seq, resumes_after: Seq }) });

/** One event, numbered in the order in which events were committed. `gap`: the events between the two numbers were deleted. */
export const EventView = Type.Union([SessionEvent, ActiveProfileEvent, LimitUnknownEvent, DeviationEvent, ExchangeEvent, SecurityEvent, AlarmEvent, GapEvent]);
export type EventView = Static<typeof EventView>;
