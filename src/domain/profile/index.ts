/** Charging profiles as functions of time: build, compose, convert and compare them, read and write them. Pure; no clock, no input or output. */
export type { Evse, PowerType } from '../evse.ts';
export type { Result } from '../result.ts';
export { type Amperes, amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, type Volts, volts, type Watts, watts } from '../units.ts';
export { activeProfile, maximumProfile, type ReportedSchedule, type ReportRequest } from './active-profile.ts';
export type { ActiveChargingProfile, ChargingProfile, LimitIn, Period, ProfileIn, RateUnit } from './charging-profile.ts';
export { compareProfiles } from './compare.ts';
export { type CompositionContext, composeIn, compositeSchedule } from './compose.ts';
export { amperesToWatts, convertProfile, evseMaximum, floorTenth, type NotConvertible, profileIn, type Wires, wattsToAmperes } from './convert.ts';
export { mergePeriods } from './merge-periods.ts';
export { activeFromOcpi, activeToOcpi, fromOcpi, type OcpiActiveChargingProfile, type OcpiChargingProfile, toOcpi } from './ocpi.ts';
export { fromComposite } from './read-composite.ts';
export { fromOcpp, fromOcpp16, fromOcpp21, fromOcpp201 } from './read-ocpp.ts';
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
  raisedBy,
  type Schedule,
  type Span,
  type Step,
  scheduleOf,
  shift,
  type Timed,
  without,
} from './schedule.ts';
export { type InstalledProfile, type ProfileWindow, type Purpose, profileSchedule, type StackedProfile } from './stacked-profile.ts';
export { type Ocpp16Profile, type Ocpp21Profile, type Ocpp201Profile, toOcpp16, toOcpp21, toOcpp201 } from './write-ocpp.ts';
