import { Type } from 'typebox';
import { ClockTime, DateTime } from '../scalars.ts';

const RegularHours = Type.Object({ weekday: Type.Integer({ minimum: 1, maximum: 7 }), period_begin: ClockTime, period_end: ClockTime });
const ExceptionalPeriod = Type.Object({ period_begin: DateTime, period_end: DateTime });

/** When a location is open: week by week in its own time, exceptions in UTC (OCPI 2.2.1 §8.4.14). */
export const Hours = Type.Object({
  twentyfourseven: Type.Boolean(),
  regular_hours: Type.Optional(Type.Array(RegularHours)),
  exceptional_openings: Type.Optional(Type.Array(ExceptionalPeriod)),
  exceptional_closings: Type.Optional(Type.Array(ExceptionalPeriod)),
});
