import type { ReportedSchedule } from './profile/active-profile.ts';
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
  /** The request never left this node: no connection, a full queue, no time left, its claim failed, or the node only observes the station. */
  | { is: 'NOT_SENT'; because: 'offline' | 'queue-full' | 'deadline' | 'unclaimed' | 'observing' }
  /** The request was sent and no answer arrived in time. The station may or may not have executed it. */
  | { is: 'SILENT'; because: 'deadline' | 'disconnected' };

/** What limits announced by a station may do to its composite schedule: a lower limit lowers it, priority charging raises it. */
export interface LimitAnnouncement {
  lowered: boolean;
  raised: boolean;
  /** The amounts of the limits that lower it, where the station stated them. */
  limits?: readonly ReportedSchedule[];
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

/** An ability whose origin an operator can read. */
export type AbilityName = 'smartCharging' | 'compositeSchedule' | 'units' | 'maxStackLevel' | 'maxPeriods' | 'maxProfiles';
/** When abilities are asked for: after a boot, after a silent connect, with the first request to the station, or by an operator. */
export type AbilityOccasion = 'boot' | 'silence' | 'request' | 'operator';
/**
 * How one ability was found. `stated`: in the answer to `action`. `refused`: the station refused `action`. `accepted`: the station accepted
 * `action` after it had refused it in another form.
 */
export interface AbilityFinding {
  how: 'stated' | 'refused' | 'accepted';
  action: string;
  /** Why the abilities were asked for; only with `stated`. */
  occasion?: AbilityOccasion;
  at: EpochMillis;
}
/** The origin of each ability that was found; an ability without an entry is assumed. */
export type AbilityFindings = Readonly<Partial<Record<AbilityName, AbilityFinding>>>;
/** Abilities with their origins, as they are kept between connections. */
export type KnownAbilities = Abilities & { findings?: AbilityFindings };

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
  /** The charge point says that the transaction begins or ends with this reading; readings may arrive in any order. */
  context?: 'begin' | 'end';
  /** The meter register, not the energy since the start of the transaction. */
  energy?: WattHours;
  /** The energy of one interval, from charge points that send no register. */
  interval?: WattHours;
  power?: Watts;
  /** The highest current of the phases, or a current without a phase. `currentSum`: the sum over the phases that the station named. */
  current?: Amperes;
  currentSum?: Amperes;
  /** The state of charge of the car in percent, 0 to 100. */
  stateOfCharge?: number;
  /** The maximum that the station offers to the car; not a measurement. */
  powerOffered?: Watts;
  currentOffered?: Amperes;
}

/** The start of a transaction. `evseId` 0: unknown, a card was presented before the car was connected; a later update has the id. */
export interface TransactionStarted {
  kind: 'transaction-started';
  evseId: number;
  /** OCPP 2.x: the connector of the EVSE. */
  connectorId?: number;
  transactionId: string;
  idToken?: IdToken;
  /** The node answers that the token may not charge. */
  refused?: true;
  at: EpochMillis;
  charging: boolean;
  /** Whether a car is connected; absent: the charge point did not say. */
  connected?: boolean;
  /** OCPP 2.x: the car, or the EVSE, suspends charging from the start on. */
  suspendedByEvse?: boolean;
  suspendedByEv?: true;
  reservationId?: number;
  remoteStartId?: number;
  readings: readonly Reading[];
}

/**
 * An update of a running transaction; absent fields did not change. `ofEvse`: readings of the meter of the EVSE, sent apart from the
 * transaction that may run there (OCPP 2.x MeterValues).
 */
export interface TransactionUpdated {
  kind: 'transaction-updated';
  evseId?: number;
  connectorId?: number;
  transactionId: string;
  at: EpochMillis;
  charging?: boolean;
  connected?: boolean;
  /** The EVSE suspends charging, or it does not. `suspendedByEv`: the car does. */
  suspendedByEvse?: boolean;
  suspendedByEv?: true;
  rateChanged?: boolean;
  idToken?: IdToken;
  refused?: true;
  ofEvse?: true;
  readings: readonly Reading[];
}

/** The end of a transaction. */
export interface TransactionEnded {
  kind: 'transaction-ended';
  evseId?: number;
  transactionId: string;
  at: EpochMillis;
  reason?: string;
  readings: readonly Reading[];
}

/** An event of one known transaction. */
export type TransactionEvent = TransactionStarted | TransactionUpdated | TransactionEnded;

/**
 * An event as a charge point reports it. Without `transactionId` it named none. `idsAreOurs`: the node assigns the ids (OCPP 1.6), so an
 * unknown id does not name a transaction whose start was lost.
 */
type Reported<E extends TransactionEvent> = Omit<E, 'transactionId'> & { transactionId?: string; idsAreOurs?: true };
/** What a charge point reports about a transaction. */
export type TransactionReport = TransactionStarted | Reported<TransactionUpdated> | Reported<TransactionEnded>;

/** The status of a connector, as a value of the OCPP version. `undated`: the charge point gave no time, and `at` is the time of receipt. */
export interface ConnectorStatus {
  kind: 'status';
  evseId: number;
  connectorId: number;
  status: string;
  at: EpochMillis;
  undated?: true;
}

/** An event of a station, the same for all versions of OCPP. `evseId` is the connector id under OCPP 1.6. */
export type StationEvent =
  | { kind: 'booted'; vendor: string; model: string; firmware?: string; at: EpochMillis }
  | { kind: 'abilities-learnt'; abilities: Abilities; findings?: AbilityFindings }
  | ConnectorStatus
  | TransactionReport
  /**
   * A limit that is not a profile of this node changed. No `evseId`: for all EVSEs of the station. `isOver`: the limit ended. No `limits`:
   * the station did not state the amount.
   */
  | { kind: 'limit-changed'; evseId?: number; source: string; isOver?: true; limits?: readonly ReportedSchedule[] };

/** Why a token may charge or not, in the words of OCPP 2.x; OCPP 1.6 has fewer. */
export type TokenStatus = (typeof tokenStatuses)[number];
export const tokenStatuses = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'NoCredit', 'NotAtThisLocation'] as const;
/** The node's decision on a token. `group`: tokens of one group may stop each other's transactions. */
export interface TokenDecision {
  status: TokenStatus;
  group?: string;
}
