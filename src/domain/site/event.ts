import type { ChargingProfile } from '../profile/charging-profile.ts';
import type { Amperes, EpochSeconds, Watts } from '../units.ts';
import type { BuildingReading } from './building-load.ts';
import type { ImposedCeiling } from './ceiling.ts';
import type { LaterLimit } from './held-limit.ts';

/** An event of one EVSE of a site; `evse` is its uid. `confirmed`, `refused` and `responded` show that its station answers. */
export type EvseEvent =
  /** A car was connected. `weight` is for the rule `by-preference`; 1 when absent. */
  | { readonly kind: 'plugged-in'; readonly evse: string; readonly weight?: number }
  | { readonly kind: 'plugged-out'; readonly evse: string }
  /** The highest current of its phases, on the grid side. */
  | { readonly kind: 'meter'; readonly evse: string; readonly current: Amperes }
  /** The profile of the session changed; absent: it was removed. A profile without a start begins at `chargingStarted`. */
  | { readonly kind: 'profile-changed'; readonly evse: string; readonly profile?: ChargingProfile; readonly chargingStarted: EpochSeconds }
  /** The station accepted the order with this id. */
  | { readonly kind: 'confirmed'; readonly evse: string; readonly order: number }
  /** The station refused the order with this id and will not apply it. */
  | { readonly kind: 'refused'; readonly evse: string; readonly order: number }
  /** The weight of the driver in the rule `by-preference` changed. */
  | { readonly kind: 'preferred'; readonly evse: string; readonly weight: number }
  /** The station responded, without any other event. */
  | { readonly kind: 'responded'; readonly evse: string }
  /** No answer or meter value arrived in time, or the connection is lost. */
  | { readonly kind: 'silent'; readonly evse: string; readonly what: 'station' | 'meter' }
  /** The station takes this many periods in one profile; with one it holds no later limits. */
  | { readonly kind: 'takes'; readonly evse: string; readonly periods: number }
  /** The node only observes the EVSE, or it does not any more: while it does, no order is sent there. */
  | { readonly kind: 'observed'; readonly evse: string; readonly observed: boolean };

/** An event of a site. */
export type SiteEvent =
  | EvseEvent
  /** A limit was imposed on a node in addition to its own, for example by the grid operator; absent: it was lifted. */
  | { readonly kind: 'limit-changed'; readonly node: string; readonly limit?: ImposedCeiling }
  /** The meter of a node measured the building without its EVSEs. */
  | ({ readonly kind: 'building'; readonly node: string } & BuildingReading)
  /** Time has passed. Required at least every few seconds. */
  | { readonly kind: 'tick' };

/** A limit to send to a station. It applies to the EVSE for every car, until the next order. The station follows `later` by itself. */
export interface Order {
  /** Increases with each order of a site; the answers refer to it. */
  readonly id: number;
  readonly evse: string;
  /** Current on each phase; 0 pauses charging. */
  readonly current: Amperes;
  /** The same limit as power over all phases, for a DC EVSE. */
  readonly power: Watts;
  readonly later: readonly LaterLimit[];
}

/** A car that draws more than every limit that its EVSE may be under. */
export interface SiteDeviation {
  readonly evse: string;
  readonly measured: Amperes;
  readonly allowed: Amperes;
}
