import type { DriverId, PartyKey } from './ids.ts';
import type { EpochMillis, Seconds } from './units.ts';

/** What a contract lets its party do with the sessions that it covers. */
export const RIGHTS = ['see', 'control'] as const;
/** One entry of `RIGHTS`. */
export type Right = (typeof RIGHTS)[number];

/** The wildcard in a list of locations or in place of a driver: all of them. */
export const EVERY = '*';

/**
 * Lets a party see or control sessions that are not of its own customers. It covers the sessions that meet all of its
 * conditions; a contract without conditions covers every session of this node.
 */
export interface Contract {
  id: string;
  party: PartyKey;
  may: readonly Right[];
  /** Only sessions of this party's customers. */
  tokensOf?: PartyKey;
  /** Only sessions at these locations. `*`: at every location, and the party may read which location it is (SEC-43). */
  locations?: readonly string[];
  /** Only sessions at these EVSEs, by uid. */
  evses?: readonly string[];
  /** The party gets the state of charge of the cars, which says something of their drivers (CDP-04). */
  stateOfCharge?: true;
  /** How often changes of a running session are pushed to the party; absent: every `PUSH_EVERY_S`. */
  pushEvery?: Seconds;
  from?: EpochMillis;
  until?: EpochMillis;
}

/** How often changes of a running session are pushed at most, in s; a change of its state is pushed at once. */
export const PUSH_EVERY_S = 300;

/** The purpose for which driver data are shared; the only one in this project. */
export const PURPOSE = 'smart_charging';

/** Consent to share driver data with a party, given by a driver or by the terms of the contract; the newest consent decides (SEC-44). */
export interface Consent {
  party: PartyKey;
  /** `*`: all drivers, by the terms of the whole contract. A consent of one driver takes precedence over it. */
  driver: DriverId | typeof EVERY;
  purpose: string;
  textVersion: string;
  givenAt: EpochMillis;
  withdrawnAt?: EpochMillis;
}

/** How two parties with the right to control share one session: the newer profile replaces the older, or the lower of both applies. */
export const SHARINGS = ['replace', 'strictest'] as const;
/** The sharing of a pair of parties. `one`: the second party is refused; the default, unless the operator configures the pair (CP-36). */
export type Sharing = (typeof SHARINGS)[number] | 'one';
