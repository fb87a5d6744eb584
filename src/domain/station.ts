import type { ActiveChargingProfile, RateUnit } from './profile/charging-profile.ts';
import type { Amperes, EpochMillis, WattHours, Watts } from './units.ts';

/** The result of a request to a station, the same for all versions of OCPP. */
export type StationAnswer =
  /** `computed`: the node computed the profile, because the station does not report its own. */
  | { is: 'ACCEPTED'; activeProfile?: ActiveChargingProfile; computed?: true }
  /**
   * `because`: OCPP status and reason code, for the log. `lacksSmartCharging`: the station does not implement the request.
   * `garbled`: the answer violates its schema, so the effect of the request is unknown.
   */
  | { is: 'REJECTED'; because: string; lacksSmartCharging?: true; garbled?: true }
  | { is: 'UNKNOWN' }
  /** The request never left this node: no connection, a full queue, no time left, or its claim failed. */
  | { is: 'NOT_SENT'; because: 'offline' | 'queue-full' | 'deadline' | 'unclaimed' }
  /** The request was sent and no answer arrived in time. The station may or may not have executed it. */
  | { is: 'SILENT'; because: 'deadline' | 'disconnected' };

/** What limits announced by a station may do to its composite schedule: a lower limit lowers it, priority charging raises it. */
export interface LimitAnnouncement {
  lowered: boolean;
  raised: boolean;
}

/** A station that accepted a profile and reports another one: a higher limit, or a lower limit that nobody set. */
export interface Deviation {
  how: 'above' | 'below';
  /** The profile that it should report. */
  computed: ActiveChargingProfile;
}

/**
 * An active profile as stored. `computed`: by this node. `deviation`: it differs from the profile that the station should report.
 * `received`: as a peer sent it, without ids of the driver, if this node would write it otherwise.
 */
export type StoredActiveProfile = ActiveChargingProfile & { computed?: true; deviation?: Deviation; announced?: LimitAnnouncement; received?: object };

/** The abilities of a station, as it reported them or as the standard implies them. */
export interface Abilities {
  smartCharging: boolean;
  /** False: it does not implement GetCompositeSchedule; absent: unknown. */
  compositeSchedule?: boolean;
  units: readonly RateUnit[];
  /** The station did not report its units; `units` is assumed. */
  unitsAssumed?: true;
  maxStackLevel: number;
  maxPeriods: number;
  /** The lowest chargingProfileId that the station accepts; OCPP 2.1 reserves the lower ones (OCPP 2.1 K01.FR.80). */
  minProfileId: number;
  /** The number of profiles that the station can store, if reported. */
  maxProfiles?: number;
}

/** The token that a driver presented at the charge point. */
export interface IdToken {
  uid: string;
  type: string;
}

/** The charging needs and limits of a car (ISO 15118, OCPP NotifyEVChargingNeeds). */
export interface ChargingNeeds {
  evseId: number;
  /** The maximum number of periods in one schedule for the car. */
  mostPeriods?: number;
  departure?: EpochMillis;
  /** Current per phase on AC. */
  maxCurrent?: Amperes;
  /** Power over all phases; on DC only. */
  maxPower?: Watts;
}

/** The answer to charging needs: a schedule follows, or none is possible. */
export type NeedsAnswer = 'Accepted' | 'Rejected';

/** The values of a meter at one moment. */
export interface Reading {
  at: EpochMillis;
  /** The meter register, not the energy since the start of the transaction. */
  energy?: WattHours;
  power?: Watts;
  current?: Amperes;
  /** The maximum that the station offers to the car; not a measurement. */
  powerOffered?: Watts;
  currentOffered?: Amperes;
}

/**
 * An event of a station, the same for all versions of OCPP. `evseId` is the connector id under OCPP 1.6. In
 * `transaction-started` 0 means unknown: a card was presented before the car was connected. A later update has the id.
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
  /** A limit that is not a profile of this node changed. No `evseId`: for all EVSEs of the station. `isOver`: the limit ended. */
  | { kind: 'limit-changed'; evseId?: number; source: string; isOver?: true };
