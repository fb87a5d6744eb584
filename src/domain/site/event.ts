import type { ChargingProfile } from '../profile/charging-profile.ts';
import type { Amperes, EpochSeconds, Watts } from '../units.ts';
import type { Ceiling } from './ceiling.ts';

/** What happens to one EVSE of a site; `evse` is its uid. Anything but `silent` means that its station is there. */
export type EvseEvent =
  /** `weight` for the rule by preference; 1 when absent. */
  | { readonly kind: 'plugged-in'; readonly evse: string; readonly weight?: number }
  | { readonly kind: 'plugged-out'; readonly evse: string }
  /** The highest current of its phases, on the grid's side. */
  | { readonly kind: 'meter'; readonly evse: string; readonly current: Amperes }
  /** The session's own profile is another; none: it is gone. A profile without a start counts from `chargingStarted`. */
  | { readonly kind: 'profile-changed'; readonly evse: string; readonly profile?: ChargingProfile; readonly chargingStarted: EpochSeconds }
  /** The station has taken an order, named by its id. */
  | { readonly kind: 'confirmed'; readonly evse: string; readonly order: number }
  /** The station has not taken it, and never will. */
  | { readonly kind: 'refused'; readonly evse: string; readonly order: number }
  /** Its driver is to have more or less of what is shared by preference. */
  | { readonly kind: 'preferred'; readonly evse: string; readonly weight: number }
  /** Its station is there, and has said nothing else. */
  | { readonly kind: 'heard'; readonly evse: string }
  /** No answer or reading came in time, or the connection is gone. */
  | { readonly kind: 'silent'; readonly evse: string; readonly what: 'station' | 'meter' };

/** What a site's balance is told. */
export type SiteEvent =
  | EvseEvent
  /** A limit is imposed on a node beside its own ones, as by the grid's operator; none: it is lifted. */
  | { readonly kind: 'limit-changed'; readonly node: string; readonly limit?: Ceiling }
  /** Time has passed: at least every few seconds. */
  | { readonly kind: 'tick' };

/** A limit to send to a station: it binds the EVSE from when it is taken on, whoever charges there, until the next. */
export interface Order {
  /** Grows with each order of a site; answers name it. */
  readonly id: number;
  readonly evse: string;
  /** On each phase; 0 is a pause. */
  readonly current: Amperes;
  /** The same over all phases: what a DC EVSE is told. */
  readonly power: Watts;
}

/** A car that draws more than any limit its EVSE may be under. */
export interface SiteDeviation {
  readonly evse: string;
  readonly measured: Amperes;
  readonly allowed: Amperes;
}
