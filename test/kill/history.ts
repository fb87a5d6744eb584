import type { RecordedFrame } from '../../sim/charge-point/ocpp-client.ts';
import type { InstalledProfile } from '../../sim/charge-point/profiles.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import type { StoredExchange } from '../../src/store/sql/exchange.ts';

/** A request, as the eMSP sent it. */
export interface SentRequest {
  kind: AskKind;
  session: string;
  responseUrl: string;
  at: number;
  /** The result in the answer, such as `ACCEPTED`; an OCPI status code when the answer is an error; `lost` when there was no answer. */
  answer: string;
  answeredAt: number;
}

/** A result, as the eMSP received it. */
export interface ReceivedResult {
  responseUrl: string;
  at: number;
  result: string;
}

/** The frames, connections and installed profiles of one charge point. */
export interface StationRecord {
  id: string;
  frames: readonly RecordedFrame[];
  /** The start and end of each connection. */
  connections: readonly { at: number; event: 'connected' | 'disconnected' }[];
  installed: readonly InstalledProfile[];
}

/** An exchange in the store, with its decrypted response_url. */
export type StoredRequest = StoredExchange & { responseUrl: string };

/** The records of one run: those of the eMSP, of the charge points and of the store. */
export interface History {
  sent: readonly SentRequest[];
  received: readonly ReceivedResult[];
  /** ActiveChargingProfiles that the eMSP received. */
  pushed: readonly { session: string; at: number }[];
  stations: readonly StationRecord[];
  stored: readonly StoredRequest[];
}
