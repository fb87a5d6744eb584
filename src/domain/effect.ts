import type { Ask, Outcome } from './exchange.ts';
import type { ExchangeId, PartyKey, PeerId, SessionKey, StationId } from './ids.ts';
import type { ChargingProfile } from './profile/charging-profile.ts';

/** The work that an ACCEPTED promises. The node commits it in one transaction before the answer leaves, and then acts on it. */
export type AcceptEffect =
  /** Store the request as an exchange and send it to the charge point. */
  | { do: 'dispatch'; session: SessionKey; station: StationId; profileId: number; ask: Ask }
  /** Answer older sets of this session that were not sent yet with REJECTED, except those that share the session with this one. */
  | { do: 'supersede'; session: SessionKey };

/** The work that the answer of a charge point requires. The node commits all of it in one transaction and then acts on it. */
export type Effect =
  | { do: 'record-result'; exchange: ExchangeId; outcome: Outcome; reason: string }
  | { do: 'end'; exchange: ExchangeId; state: 'TIMED_OUT' | 'DELIVERY_UNKNOWN'; reason: string }
  /** Push changes of the active profile to this party until the session ends. */
  | { do: 'entitle'; session: SessionKey; party: PartyKey; peer: PeerId }
  /** Store the profile of a party. `certain`: the charge point confirmed it. `replaces`: the parties whose profiles it removes. */
  | {
      do: 'remember-input';
      session: SessionKey;
      by: PartyKey;
      peer: PeerId;
      profile: ChargingProfile;
      certain: boolean;
      /** The profile of the operator stands beside those of other parties. */
      keepsOthers?: true;
      replaces: 'all' | readonly PartyKey[];
    }
  /** Delete the stored profile of a party; `by` undefined: of all parties. */
  | { do: 'forget-input'; session: SessionKey; by: PartyKey | undefined }
  /** The request may have reached the charge point and was not answered: the stored profile of the party may be gone; `by` undefined: those of all parties. */
  | { do: 'doubt-input'; session: SessionKey; by: PartyKey | undefined }
  /** Read the active profile again and push it to the entitled parties if it changed. `stored`: whether the one that was read last still counts. */
  | { do: 'reread-active-profile'; session: SessionKey; stored: StoredProfileState };

/**
 * What a request does to the active profile that was read last. `counts`: nothing; `replaced`: the charge point confirmed another profile;
 * `unknown`: nobody knows what holds. Unless it counts, it is not shown; the next one is read soon.
 */
export type StoredProfileState = 'counts' | 'replaced' | 'unknown';

/** An answer and the work that it promises. */
export interface Decision<A, E = Effect> {
  answer: A;
  effects: readonly E[];
}

/** A decision that promises no work. */
export const refuse = <A>(answer: A): Decision<A, never> => ({ answer, effects: [] });
