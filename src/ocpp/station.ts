import type { Evse } from '../domain/evse.ts';
import type { MessageId, StationId } from '../domain/ids.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import type { Abilities, ChargingNeeds, IdToken, NeedsAnswer, Reading, StationAnswer, StationEvent } from '../domain/station.ts';
import type { EpochMillis, Seconds, WattHours } from '../domain/units.ts';

export type { Abilities, ChargingNeeds, IdToken, NeedsAnswer, Reading, StationAnswer, StationEvent };

export type OcppVersion = '1.6' | '2.0.1' | '2.1';

/** What a node may ask of a charge point, whichever version of OCPP it speaks. */
export type StationRequest =
  | { kind: 'set-charging-profile'; evse: Evse; transactionId: string; profileId: number; profile: ChargingProfile }
  /** Binds the EVSE whoever charges there, until the next; `alone`: it is all that the station has. */
  | { kind: 'limit-evse'; evse: Evse; limit: ChargingProfile; isOnlyEvse: boolean }
  /** `knownInstalled`: our record has the profile at the station, so its Unknown is looked into once more (see `clearByCriteria`). */
  | { kind: 'clear-charging-profile'; evse: Evse; profileId: number; knownInstalled?: boolean }
  | { kind: 'get-composite-schedule'; evse: Evse; duration: Seconds; unit: RateUnit | undefined };

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
  /** As learnt on this connection, or else as known before, or as assumed. */
  abilities(): Abilities;
  send(order: Order): Promise<StationAnswer>;
  /** Orders waiting or in flight. */
  pending(): number;
  close(reason: string): void;
}

/** The node behind the stations: what it knows, and what it makes of what they say. */
export interface StationHost {
  /** Resolves when the connection's epoch is recorded. */
  connected(station: Station): Promise<void>;
  disconnected(station: Station): void;
  /** Resolves when what was told is committed; only then is the station answered. */
  received(station: Station, event: StationEvent): Promise<void>;
  authorize(station: Station, idToken: IdToken): Promise<boolean>;
  /** A car tells what it needs; when the node accepts, a profile for its transaction follows the answer. */
  chargingNeeds(station: Station, needs: ChargingNeeds): Promise<NeedsAnswer>;
  /** OCPP 1.6: the node names the transaction. The same start told twice gets the same number. */
  startTransaction(
    station: Station,
    start: { connectorId: number; idTag: string; meterStart: WattHours; at: EpochMillis; reservationId?: number },
  ): Promise<{ transactionId: number; accepted: boolean }>;
  /** An answer to a call that this connection does not wait for; `read` turns it into a word once its kind is known. */
  lateAnswer(station: Station, messageId: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void>;
}
