import type { Ask, Outcome } from './exchange.ts';
import type { ExchangeId, PartyKey, PeerId, SessionKey, StationId } from './ids.ts';
import type { ChargingProfile } from './profile/charging-profile.ts';

/**
 * What a decision may ask of the world. Effects become rows, committed together with the answer that promises them,
 * and are carried out after it; none is forgotten.
 */
export type Effect =
  | { do: 'carry'; session: SessionKey; station: StationId; profileId: number; ask: Ask }
  /** Older sets of this session that were not sent yet are answered REJECTED: the latest wins. */
  | { do: 'supersede'; session: SessionKey }
  | { do: 'record-result'; exchange: ExchangeId; outcome: Outcome; reason: string }
  | { do: 'end'; exchange: ExchangeId; state: 'TIMED_OUT' | 'DELIVERY_UNKNOWN'; reason: string }
  | { do: 'entitle'; session: SessionKey; party: PartyKey; peer: PeerId }
  /** `replaces`: whose profiles on this session are gone with it. */
  | {
      do: 'remember-input';
      session: SessionKey;
      by: PartyKey;
      peer: PeerId;
      profile: ChargingProfile;
      certain: boolean;
      replaces: 'all' | readonly PartyKey[];
    }
  /** `by` absent: whosever they are. */
  | { do: 'forget-input'; session: SessionKey; by: PartyKey | undefined }
  /** The active profile may have changed: read it again and tell those who are entitled. */
  | { do: 'reread-active-profile'; session: SessionKey };

/** An answer with the work that it promises. */
export interface Decision<A> {
  answer: A;
  effects: readonly Effect[];
}
export const refuse = <A>(answer: A): Decision<A> => ({ answer, effects: [] });
