/** What stands outside a node: charge points with cars, foreign OCPI parties, a street of both, and the clock that they live by. */
export { buildCar, type Car } from './battery.ts';
export type { StationLog, StationOptions } from './charge-point/options.ts';
export type { AnswerBehaviour, CompositeQuirk, Traits } from './charge-point/traits.ts';
export { ChargePoint, plugInStation } from './charge-point.ts';
export { realClock, type VirtualClock, virtualClock } from './clock.ts';
export * from './partner.ts';
export { type Random, seeded } from './random.ts';
export { garage, openStreet, type Street, type StreetOptions, type StreetStation, street, yard } from './street.ts';
