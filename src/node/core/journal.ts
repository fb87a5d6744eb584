import type { Ask } from '../../domain/exchange.ts';
import type { ExchangeId, LocationKey, PartyKey, PeerId, SessionKey, StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { Amperes } from '../../domain/units.ts';
import type { SecurityEvent } from './security-event.ts';

/** One step in the life of an exchange, a session, a peer or a station, as it happens: for logs, the demo's lines and tests. */
export type Step =
  | { step: 'request-answered'; kind: string; ask: Ask; peer: PeerId; session: string; result: string; message?: string; exchange?: ExchangeId }
  | { step: 'sending'; exchange: ExchangeId; kind: string; session: SessionKey; station: StationId }
  | { step: 'station-answered'; exchange: ExchangeId; kind: string; session: SessionKey; station: StationId; word: string }
  | {
      step: 'outcome';
      exchange: ExchangeId;
      kind: string;
      session: SessionKey;
      peer: PeerId;
      state: string;
      reason: string | undefined;
      result: string | undefined;
    }
  | { step: 'request-sent'; exchange: ExchangeId; kind: string; ask: Ask; session: SessionKey; peer: PeerId }
  | { step: 'peer-answered'; exchange: ExchangeId; kind: string; session: SessionKey; peer: PeerId; result: string }
  | {
      step: 'result-received';
      exchange: ExchangeId;
      kind: string;
      session: SessionKey;
      peer: PeerId;
      result: string;
      late: boolean;
      profile?: ActiveChargingProfile;
    }
  | { step: 'session-pushed'; session: SessionKey; peer: PeerId; party: PartyKey; by: string; outcome: string }
  | { step: 'preferences-forwarded'; session: SessionKey; peer: PeerId; party: PartyKey; outcome: string }
  | { step: 'planned'; exchange: ExchangeId; session: SessionKey; why: string }
  | { step: 'session-received'; session: SessionKey; peer: PeerId; by: string; status: string; evseUid: string }
  | { step: 'session-changed'; session: SessionKey; status: string; kwh: number }
  | { step: 'site-limit-sent'; site: string; evse: string; current: Amperes }
  | { step: 'site-limit-answered'; evse: string; current: Amperes; answer: string }
  | { step: 'site-deviation'; site: string; evse: string; measured: Amperes; allowed: Amperes }
  | { step: 'site-exceeded'; site: string; where: string }
  | { step: 'location-changed'; location: LocationKey }
  | { step: 'location-pushed'; location: LocationKey; peer: PeerId; by: string; outcome: string }
  | { step: 'location-received'; location: LocationKey; peer: PeerId; by: string }
  | { step: 'active-profile-pushed'; session: SessionKey; peer: PeerId; party: PartyKey; outcome: string }
  /** A charge point does something else than it accepted, or (`none`) no longer does. */
  | {
      step: 'deviation';
      session: SessionKey;
      station: StationId;
      how: 'above' | 'below' | 'none';
      said: ActiveChargingProfile;
      computed?: ActiveChargingProfile;
    }
  /** The answer to a get is this node's own, since the charge point cannot say what it has calculated. */
  | { step: 'active-profile-computed'; exchange: ExchangeId; session: SessionKey; station: StationId }
  | { step: 'profile-resent'; session: SessionKey; station: StationId; word: string }
  | { step: 'charging-needs-answered'; session: SessionKey; station: StationId; word: string }
  | { step: 'active-profile-received'; session: SessionKey; peer: PeerId; profile: ActiveChargingProfile }
  | { step: 'token-received'; peer: PeerId; party: PartyKey; by: string; valid: boolean; whitelist: string }
  | { step: 'token-checked'; station: StationId; party: PartyKey; word: string }
  | { step: 'token-pushed'; peer: PeerId; by: string; outcome: string }
  | { step: 'station-connected'; station: StationId; version: string; epoch: number }
  | { step: 'station-disconnected'; station: StationId }
  | { step: 'peer-registered'; peer: PeerId; edition: string | undefined; roles: string }
  | { step: 'client-info-received'; peer: PeerId; party: PartyKey; role: string; status: string }
  | { step: 'peer-gone'; peer: PeerId }
  | ({ step: 'security' } & SecurityEvent)
  | { step: 'refused-entry'; address: string; why: string };

/** Who listens to steps, and who waits for events to be committed. */
export interface Journal {
  note(step: Step): void;
  /** Calling what it returns ends it. */
  onStep(listener: (step: Step) => void): () => void;
  /** Events were committed: whoever follows the stream may read on. */
  eventsCommitted(): void;
  onEventsCommitted(listener: () => void): () => void;
}

export function createJournal(log: (step: Step) => void): Journal {
  const steps = new Set<(step: Step) => void>();
  const wakes = new Set<() => void>();
  const listen = <T>(set: Set<T>, listener: T) => {
    set.add(listener);
    return () => void set.delete(listener);
  };
  return {
    note: (step) => {
      log(step);
      for (const listener of steps) listener(step);
    },
    onStep: (listener) => listen(steps, listener),
    eventsCommitted: () => {
      for (const listener of wakes) listener();
    },
    onEventsCommitted: (listener) => listen(wakes, listener),
  };
}
