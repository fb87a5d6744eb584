import type { Evse } from '../domain/evse.ts';
import type { MessageId, StationId } from '../domain/ids.ts';
import type { ActiveChargingProfile, ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import type { Amperes, EpochMillis, Seconds, WattHours, Watts } from '../domain/units.ts';

export type OcppVersion = '1.6' | '2.0.1' | '2.1';

/** What a node may ask of a charge point, whichever version of OCPP it speaks. */
export type StationRequest =
  | { kind: 'set-charging-profile'; evse: Evse; transactionId: string; profileId: number; profile: ChargingProfile }
  | { kind: 'clear-charging-profile'; evse: Evse; profileId: number }
  | { kind: 'get-composite-schedule'; evse: Evse; duration: Seconds; unit: RateUnit | undefined };

/** What became of a request, in one vocabulary for all versions. */
export type StationAnswer =
  | { is: 'ACCEPTED'; activeProfile?: ActiveChargingProfile }
  /** `because` is for the log: OCPP status and reason code. `lacksSmartCharging`: the station cannot, now or ever. */
  | { is: 'REJECTED'; because: string; lacksSmartCharging?: true }
  | { is: 'UNKNOWN' }
  /** It never left this node: not connected, no room in the queue, no time left, or taken back by the claim. */
  | { is: 'NOT_SENT'; because: 'offline' | 'queue-full' | 'deadline' | 'unclaimed' }
  /** It was sent, and no answer came in time; it may or may not have been carried out. */
  | { is: 'SILENT'; because: 'deadline' | 'disconnected' };

/** What a station can do, as it said at boot or as the standard lets us assume. */
export interface Abilities {
  smartCharging: boolean;
  units: readonly RateUnit[];
  maxStackLevel: number;
  maxPeriods: number;
  /** The least id that the station takes from us; 2.1 keeps the lower ones for itself (OCPP 2.1 K01.FR.80). */
  minProfileId: number;
}

/** One request, ready to go. */
export interface Order {
  request: StationRequest;
  messageId: MessageId;
  /** No answer is waited for after this moment. */
  deadline: EpochMillis;
  /** Called when the order's turn has come and the socket is free: commits that it is being sent. False: do not send. */
  claim: () => Promise<boolean>;
}

/** A charge point with a live, authenticated connection. */
export interface Station {
  id: StationId;
  version: OcppVersion;
  /** Grows with every connection of this station; what is bound to an older one is void. */
  epoch: number;
  ask(order: Order): Promise<StationAnswer>;
  /** Orders waiting or in flight. */
  pending(): number;
  close(reason: string): void;
}

export interface IdToken { uid: string; type: string }

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

/** What a station tells, in one vocabulary for all versions. `evseId` is the connector's number under OCPP 1.6. */
export type StationEvent =
  | { kind: 'booted'; vendor: string; model: string; firmware?: string; at: EpochMillis }
  | { kind: 'abilities-learnt'; abilities: Abilities }
  | { kind: 'status'; evseId: number; connectorId: number; status: string; at: EpochMillis }
  | { kind: 'transaction-started'; evseId: number; transactionId: string; idToken?: IdToken; at: EpochMillis; charging: boolean; reservationId?: number; remoteStartId?: number; readings: readonly Reading[] }
  | { kind: 'transaction-updated'; evseId?: number; transactionId: string; at: EpochMillis; charging?: boolean; suspendedByEvse?: boolean; rateChanged?: boolean; idToken?: IdToken; readings: readonly Reading[] }
  | { kind: 'transaction-ended'; transactionId: string; at: EpochMillis; reason?: string; readings: readonly Reading[] }
  /** Something other than our profile changed what an EVSE may draw; no `evseId`: all of the station's. */
  | { kind: 'limit-changed'; evseId?: number; source: string };

/** The node behind the stations: what it knows, and what it makes of what they say. */
export interface StationHost {
  /** Resolves when the connection's epoch is recorded. */
  connected(station: Station): Promise<void>;
  disconnected(station: Station): void;
  /** Resolves when what was told is committed; only then is the station answered. */
  heard(station: Station, event: StationEvent): Promise<void>;
  authorize(station: Station, idToken: IdToken): Promise<boolean>;
  /** OCPP 1.6: the node names the transaction. The same start told twice gets the same number. */
  startTransaction(station: Station, start: { connectorId: number; idTag: string; meterStart: WattHours; at: EpochMillis; reservationId?: number }): Promise<{ transactionId: number; accepted: boolean }>;
  /** An answer to a call that this connection does not wait for; `read` turns it into a word once its kind is known. */
  late(station: Station, messageId: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void>;
}
