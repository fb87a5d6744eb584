import type { ActiveChargingProfile, RateUnit } from './profile/charging-profile.ts';
import type { Amperes, EpochMillis, WattHours, Watts } from './units.ts';

/** What became of a request, in one vocabulary for all versions. */
export type StationAnswer =
  /** `computed`: the node's own, as the station cannot say what it has calculated. */
  | { is: 'ACCEPTED'; activeProfile?: ActiveChargingProfile; computed?: true }
  /** `because` is for the log: OCPP status and reason code. `lacksSmartCharging`: the station cannot, now or ever. */
  /** `garbled`: it was no lawful answer, so that what became of the request is not known. */
  | { is: 'REJECTED'; because: string; lacksSmartCharging?: true; garbled?: true }
  | { is: 'UNKNOWN' }
  /** It never left this node: not connected, no room in the queue, no time left, or taken back by the claim. */
  | { is: 'NOT_SENT'; because: 'offline' | 'queue-full' | 'deadline' | 'unclaimed' }
  /** It was sent, and no answer came in time; it may or may not have been carried out. */
  | { is: 'SILENT'; because: 'deadline' | 'disconnected' };

/** Limits of others that a station told of: a lower one may lower what it says, priority charging may raise it. */
export interface LimitAnnouncement {
  lowered: boolean;
  raised: boolean;
}

/** A station that took a profile and does something else: it allows more than was asked, or less than anybody told it. */
export interface Deviation {
  how: 'above' | 'below';
  /** What it would stay below if it did as it was told. */
  computed: ActiveChargingProfile;
}

/** An active profile as it is kept: whether it is the node's own computation, and whether it is not what it ought to be. */
export type StoredActiveProfile = ActiveChargingProfile & { computed?: true; deviation?: Deviation; announced?: LimitAnnouncement };

/** What a station can do, as it said at boot or as the standard lets us assume. */
export interface Abilities {
  smartCharging: boolean;
  /** False: it cannot say what it has calculated; absent: nothing says that it cannot. */
  compositeSchedule?: boolean;
  units: readonly RateUnit[];
  /** It did not say which units it takes. */
  unitsAssumed?: true;
  maxStackLevel: number;
  maxPeriods: number;
  /** The least id that the station takes from us; 2.1 keeps the lower ones for itself (OCPP 2.1 K01.FR.80). */
  minProfileId: number;
  /** How many profiles it can keep at once, where it says so. */
  maxProfiles?: number;
}

/** What a driver showed to the charge point. */
export interface IdToken {
  uid: string;
  type: string;
}

/** What a car says that it needs and can take (ISO 15118, OCPP NotifyEVChargingNeeds). */
export interface ChargingNeeds {
  evseId: number;
  /** The most periods that the car takes in one schedule. */
  mostPeriods?: number;
  departure?: EpochMillis;
  /** Per phase on AC. */
  maxCurrent?: Amperes;
  /** In all; on DC only. */
  maxPower?: Watts;
}

/** What the node says to a car's needs: a schedule follows, or none can be made. */
export type NeedsAnswer = 'Accepted' | 'Rejected';

/** What a meter said at one moment. */
export interface Reading {
  at: EpochMillis;
  /** Meter register, not since the start of the transaction. */
  energy?: WattHours;
  power?: Watts;
  current?: Amperes;
  /** What the station says it offers the car: a ceiling, not a measurement. */
  powerOffered?: Watts;
  currentOffered?: Amperes;
}

/**
 * What a station tells, in one vocabulary for all versions. `evseId` is the connector's number under OCPP 1.6;
 * 0 in `transaction-started`: not known yet, as when a card is shown before the plug is in (a later update names it).
 */
export type StationEvent =
  | { kind: 'booted'; vendor: string; model: string; firmware?: string; at: EpochMillis }
  | { kind: 'abilities-learnt'; abilities: Abilities }
  | { kind: 'status'; evseId: number; connectorId: number; status: string; at: EpochMillis }
  | {
      kind: 'transaction-started';
      evseId: number;
      transactionId: string;
      idToken?: IdToken;
      at: EpochMillis;
      charging: boolean;
      reservationId?: number;
      remoteStartId?: number;
      readings: readonly Reading[];
    }
  | {
      kind: 'transaction-updated';
      evseId?: number;
      transactionId: string;
      at: EpochMillis;
      charging?: boolean;
      suspendedByEvse?: boolean;
      rateChanged?: boolean;
      idToken?: IdToken;
      readings: readonly Reading[];
    }
  | { kind: 'transaction-ended'; transactionId: string; at: EpochMillis; reason?: string; readings: readonly Reading[] }
  /** Something other than our profile changed what an EVSE may draw; no `evseId`: all of the station's. `isOver`: it no longer holds. */
  | { kind: 'limit-changed'; evseId?: number; source: string; isOver?: true };
