import type { DriverId, PartyKey } from './ids.ts';
import type { EpochMillis } from './units.ts';

/** What a contract lets its party do with the sessions that it covers. */
export const RIGHTS = ['see', 'control'] as const;
export type Right = (typeof RIGHTS)[number];

/** Stands for every location, or for every driver. */
export const EVERY = '*';

/**
 * Lets a party see or control sessions that are not of its own customers. It covers a session that fits each of its conditions;
 * one that names no condition covers all of the house.
 */
export interface Contract {
  id: string;
  party: PartyKey;
  may: readonly Right[];
  /** Only sessions of this party's customers. */
  tokensOf?: PartyKey;
  /** Only there; `*`: everywhere, and the party may know where (SEC-43). */
  locations?: readonly string[];
  /** Only at these, by uid. */
  evses?: readonly string[];
  from?: EpochMillis;
  until?: EpochMillis;
}

/** What a driver's data are shared for; the only purpose that this project has. */
export const PURPOSE = 'smart_charging';

/** That a driver, or the terms of their contract, agreed to data going to a party; the newest word counts (SEC-44). */
export interface Consent {
  party: PartyKey;
  /** `*`: all drivers, by the terms of the whole contract; the word of one driver stands over it. */
  driver: DriverId | typeof EVERY;
  purpose: string;
  textVersion: string;
  givenAt: EpochMillis;
  withdrawnAt?: EpochMillis;
}

/** How two parties with a right share one session: the newer profile replaces the other, or the lower of both counts. */
export const SHARINGS = ['replace', 'strictest'] as const;
/** `one`: the second party is turned away, which holds unless the operator says otherwise for that pair (CP-36). */
export type Sharing = (typeof SHARINGS)[number] | 'one';
