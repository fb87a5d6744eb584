/** Charging profiles as functions of time: build, compose, convert and compare them. Pure; no clock, no input or output. */
export type { Evse, PowerType } from '../evse.ts';
export type { Result } from '../result.ts';
export { type Amperes, amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, type Volts, volts, type Watts, watts } from '../units.ts';
export { type Asked, activeProfile, maximumProfile, type ReportedSchedule } from './active-profile.ts';
export type { ActiveChargingProfile, ChargingProfile, Period, RateUnit } from './charging-profile.ts';
export { compareProfiles } from './compare.ts';
export { compositeSchedule, type Purpose, type Situation, type StackedProfile } from './compose.ts';
export { amperesToWatts, convertProfile, evseMaximum, floorTenth, type LimitIn, type NotConvertible, wattsToAmperes } from './convert.ts';
export {
  ALWAYS,
  clip,
  combine,
  constant,
  type Limit,
  limitAt,
  lowest,
  merge,
  NO_LIMIT,
  over,
  periodsOf,
  type Schedule,
  type Span,
  type Step,
  scheduleOf,
  type Timed,
} from './schedule.ts';
