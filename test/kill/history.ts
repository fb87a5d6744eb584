import type { RecordedFrame } from '../../sim/charge-point/ocpp-client.ts';
import type { InstalledProfile } from '../../sim/charge-point/profiles.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import type { StoredExchange } from '../../src/store/sql/exchange.ts';

/** A request as its sender saw it. */
export interface SentRequest {
  kind: AskKind;
  session: string;
  responseUrl: string;
  at: number;
  /** The word at once: `ACCEPTED` and its like, an OCPI status code that refuses, or `lost` when no answer came. */
  answer: string;
  answeredAt: number;
}

/** A result as it came in. */
export interface ReceivedResult {
  responseUrl: string;
  at: number;
  result: string;
}

/** What one charge point saw and holds. */
export interface StationRecord {
  id: string;
  frames: readonly RecordedFrame[];
  /** When it connected and when its connections ended. */
  connections: readonly { at: number; event: 'connected' | 'disconnected' }[];
  installed: readonly InstalledProfile[];
}

/** An exchange as the store keeps it, with the address that it was to be told to. */
export type StoredRequest = StoredExchange & { responseUrl: string };

/** All that three witnesses know of one run: the eMSP, the charge points, the store. */
export interface History {
  sent: readonly SentRequest[];
  received: readonly ReceivedResult[];
  /** ActiveChargingProfiles that were pushed to the eMSP. */
  pushed: readonly { session: string; at: number }[];
  stations: readonly StationRecord[];
  stored: readonly StoredRequest[];
}
