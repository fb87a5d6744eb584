import type { Evse } from '../domain/evse.ts';
import type { MessageId, StationId } from '../domain/ids.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import type {
  Abilities,
  AbilityFinding,
  AbilityFindings,
  AbilityName,
  AbilityOccasion,
  ChargingNeeds,
  IdToken,
  KnownAbilities,
  NeedsAnswer,
  Reading,
  StationAnswer,
  StationEvent,
  TokenDecision,
} from '../domain/station.ts';
import type { EpochMillis, Seconds } from '../domain/units.ts';

export type {
  Abilities,
  AbilityFinding,
  AbilityFindings,
  AbilityName,
  AbilityOccasion,
  ChargingNeeds,
  IdToken,
  KnownAbilities,
  NeedsAnswer,
  Reading,
  StationAnswer,
  StationEvent,
  TokenDecision,
};

/** A version of OCPP that the server supports. */
export type OcppVersion = '1.6' | '2.0.1' | '2.1';

/** Where a profile goes at a station behind a CSMS, so that it does not disturb the profiles of the CSMS; absent: its usual id at the configured level. */
export interface Placed {
  place?: { id: number; stackLevel: number };
}

/** A request of the node to a charge point, the same for all versions of OCPP. */
export type StationRequest =
  /**
   * `below`: the limit of the site, which `profile` keeps already; what a CSMS wants is kept below it too. `onlyLimit`: the profile is that
   * limit, and no party has one.
   */
  | ({
      kind: 'set-charging-profile';
      evse: Evse;
      transactionId: string;
      profileId: number;
      profile: ChargingProfile;
      below?: ChargingProfile;
      onlyLimit?: true;
    } & Placed)
  /** Limits the EVSE for every session until the next limit comes; `isOnlyEvse`: the station has no other EVSE. */
  | ({ kind: 'limit-evse'; evse: Evse; limit: ChargingProfile; isOnlyEvse: boolean } & Placed)
  /** `knownInstalled`: the node has recorded the profile as installed, so after Unknown it is cleared by criteria (see quirks.ts). */
  | ({ kind: 'clear-charging-profile'; evse: Evse; profileId: number; knownInstalled?: boolean } & Placed)
  /** Sets a profile of the CSMS again whose place ours had; `payload`: that of its SetChargingProfile, as the CSMS sent it. */
  | { kind: 'restore-profile'; payload: object }
  | { kind: 'get-composite-schedule'; evse: Evse; duration: Seconds; unit: RateUnit | undefined };

/** A request with what is needed to send it. */
export interface Order {
  request: StationRequest;
  messageId: MessageId;
  /** The request ends at this moment, whether it was sent or not. */
  deadline: EpochMillis;
  /** Awaited immediately before the request is sent: commits that it is being sent. When it returns false or rejects, nothing is sent. */
  claim: () => Promise<boolean>;
}

/** A message that the node can request from a charge point (TriggerMessage). */
export type TriggeredMessage = 'BootNotification' | 'StatusNotification' | 'MeterValues' | 'Heartbeat';

/** The answer to a call of an operator: the status of the station, or why there is none. */
export type CommandAnswer = { is: 'ANSWERED'; status: string } | { is: 'FAILED'; because: string };

/** A charge point with a live, authenticated connection. */
export interface Station {
  id: StationId;
  version: OcppVersion;
  /** The number of this connection. It grows with every connection of the station; nothing bound to an older epoch may be committed. */
  epoch: number;
  /** Abilities found on this connection, else on an earlier one, else assumed. */
  abilities(): Abilities;
  /** Sends a request when its turn comes; resolves with the station's answer, or with the reason why there is none. */
  send(order: Order): Promise<StationAnswer>;
  /** Asks for the abilities now; `status` is `Stated` when the station stated them. */
  askAbilities(): Promise<CommandAnswer>;
  /** Requests one message of the station; without `evse` for the whole station. `status` is the status of the standard, such as `Accepted`. */
  trigger(message: TriggeredMessage, evse?: Evse): Promise<CommandAnswer>;
  /** Orders waiting or in flight. */
  pending(): number;
  /** When its last message arrived, of any kind; before the first one, when it connected. */
  heardAt(): EpochMillis;
  /** Closes the connection (WebSocket code 1000). */
  close(reason: string): void;
}

/** What the server needs from the node: it records connections and events, and takes the decisions. */
export interface StationHost {
  /** Resolves when the connection's epoch is recorded; when it rejects, the connection is closed. */
  connected(station: Station): Promise<void>;
  disconnected(station: Station): void;
  /** Resolves when the event is committed; only then is the station answered. */
  received(station: Station, event: StationEvent): Promise<void>;
  /** Decides whether a token may charge; `evseId`: where it is presented, if that is known. */
  authorize(station: Pick<Station, 'id'>, idToken: IdToken, evseId?: number): Promise<TokenDecision>;
  /** A car has stated its charging needs; when the node accepts, it sends a profile for the transaction after the answer. */
  chargingNeeds(station: Station, needs: ChargingNeeds): Promise<NeedsAnswer>;
  /** OCPP 1.6: the node assigns the transaction id. A repeated StartTransaction gets the same id. */
  startTransaction(
    station: Station,
    start: { connectorId: number; idTag: string; at: EpochMillis },
  ): Promise<{ transactionId: number; decision: TokenDecision }>;
  /** An answer with no call in flight; `read` turns it into a StationAnswer when the host knows the request. */
  lateAnswer(station: Station, messageId: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void>;
}
