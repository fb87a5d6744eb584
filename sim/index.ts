/** Simulators of what a node talks to: charge points with cars, a central system (CSMS), OCPI partners, a street of charge points, and clocks for them. */
export { buildCar, type Car } from './battery.ts';
export type { StationLog, StationOptions } from './charge-point/options.ts';
export type { AnswerBehaviour, CompositeQuirk, Traits } from './charge-point/traits.ts';
export { ChargePoint, plugInStation } from './charge-point.ts';
export { realClock, type VirtualClock, virtualClock } from './clock.ts';
export type { CsmsFrame, StationAnswer } from './csms/frames.ts';
export type { CsmsBehaviour, CsmsTraits, UpgradeBehaviour } from './csms/traits.ts';
export { type Csms, type CsmsOptions, openCsms } from './csms.ts';
export * from './partner.ts';
export { type Random, seeded } from './random.ts';
export { garage, openStreet, type StationFault, type Street, type StreetOptions, type StreetStation, street, yard } from './street.ts';
export type { Visitor } from './visits.ts';
