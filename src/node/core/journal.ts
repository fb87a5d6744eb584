import type { Ask } from '../../domain/exchange.ts';
import type { ExchangeId, LocationKey, PartyKey, PeerId, SessionKey, StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { ImposedCeiling, PhaseLoad } from '../../domain/site/ceiling.ts';
import type { Amperes, EpochMillis } from '../../domain/units.ts';
import type { SecurityEvent } from './security-event.ts';

/** One step of an exchange, a session, a peer or a station. The name of a step is its event in the log; the demo and tests follow them too. */
export type Step =
  | { step: 'request-answered'; kind: string; ask: Ask; peer: PeerId; session: string; result: string; message?: string; exchange?: ExchangeId }
  | { step: 'sending'; exchange: ExchangeId; kind: string; session: SessionKey; station: StationId; correlationId: string }
  | { step: 'station-answered'; exchange: ExchangeId; kind: string; session: SessionKey; station: StationId; answer: string }
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
  /** A result did not arrive at its response_url, or nobody knows whether it did; the level of its log line is `warn` (F-70). */
  | {
      step: 'result-undelivered';
      exchange: ExchangeId;
      kind: string;
      session: SessionKey;
      peer: PeerId;
      /** The origin of the response_url; undefined when it cannot be decrypted. */
      origin: string | undefined;
      httpStatus: number | undefined;
      reason: string | undefined;
      result: string | undefined;
      correlationId: string;
    }
  | { step: 'request-sent'; exchange: ExchangeId; kind: string; ask: Ask; session: SessionKey; peer: PeerId }
  | { step: 'peer-answered'; exchange: ExchangeId; kind: string; session: SessionKey; peer: PeerId; result: string; message?: string }
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
  /** A session whose transaction is over, and whose end never arrived; `energyAt`: the time of the reading that `kwh` is from. */
  | { step: 'session-closed-without-end'; session: SessionKey; station: StationId; because: 'available' | 'next-start'; kwh: number; energyAt?: EpochMillis }
  /** The end of a transaction arrived after its session was closed: `kwh` was sent to peers, `later` is the energy of the end. */
  | { step: 'session-end-too-late'; session: SessionKey; station: StationId; kwh: number; later: number }
  /** The limit that is imposed on a node of a site; no `limit`: it was lifted. */
  | { step: 'site-limit-imposed'; site: string; node: string; limit?: ImposedCeiling }
  | { step: 'site-limit-sent'; site: string; evse: string; current: Amperes }
  | { step: 'site-limit-answered'; evse: string; current: Amperes; answer: string }
  | { step: 'site-deviation'; site: string; evse: string; measured: Amperes; allowed: Amperes }
  | { step: 'site-exceeded'; site: string; where: string }
  | { step: 'site-building-load'; site: string; node: string; load?: PhaseLoad }
  | { step: 'site-meter-silent'; site: string; where: string }
  | { step: 'site-meter-back'; site: string; where: string }
  | { step: 'location-changed'; location: LocationKey }
  | { step: 'location-pushed'; location: LocationKey; peer: PeerId; by: string; outcome: string }
  | { step: 'location-received'; location: LocationKey; peer: PeerId; by: string }
  | { step: 'active-profile-pushed'; session: SessionKey; peer: PeerId; party: PartyKey; outcome: string }
  /** A charge point reports another active profile (`said`) than the node expects (`computed`); `none`: the deviation is over. */
  | {
      step: 'deviation';
      session: SessionKey;
      station: StationId;
      how: 'above' | 'below' | 'none';
      said: ActiveChargingProfile;
      computed?: ActiveChargingProfile;
    }
  /** A car draws more than its limit, after it had its time to react; W over all phases, or A on DC. */
  | { step: 'metered-above-limit'; session: SessionKey; station: StationId; unit: 'A' | 'W'; limit: number; measured: number }
  /** A charge point reports no schedule and it is not certain which profiles it has: what the parties were told last may no longer hold. */
  | { step: 'active-profile-unknown'; session: SessionKey; station: StationId; why: string }
  /** The node computed the active profile for a get, because the charge point has no composite schedule. */
  | { step: 'active-profile-computed'; exchange: ExchangeId; session: SessionKey; station: StationId }
  /** A call of a CSMS changed the list of its profiles at a station, or took away profiles of ours (`ours_taken`). */
  | { step: 'csms-profiles-changed'; station: StationId; action: string; profiles: number; ours_taken: number }
  /** A profile of ours is set again, because of what a CSMS did. */
  | {
      step: 'profile-set-again';
      station: StationId;
      evse: string;
      because: 'cleared' | 'replaced' | 'changed' | 'site-limit';
      answer: string;
      session?: SessionKey;
    }
  | { step: 'profile-resent'; session: SessionKey; station: StationId; answer: string }
  | { step: 'charging-needs-answered'; session: SessionKey; station: StationId; answer: string }
  | { step: 'active-profile-received'; session: SessionKey; peer: PeerId; profile: ActiveChargingProfile }
  | { step: 'token-received'; peer: PeerId; party: PartyKey; by: string; valid: boolean; whitelist: string }
  | { step: 'token-checked'; station: StationId; party: PartyKey; answer: string }
  | { step: 'token-pushed'; peer: PeerId; by: string; outcome: string }
  | { step: 'station-connected'; station: StationId; version: string; epoch: number }
  | { step: 'station-disconnected'; station: StationId }
  | { step: 'peer-registered'; peer: PeerId; edition: string | undefined; roles: string }
  | { step: 'client-info-received'; peer: PeerId; party: PartyKey; role: string; status: string }
  | { step: 'peer-pull-postponed'; peer: PeerId; because: string }
  | { step: 'peer-gone'; peer: PeerId }
  | ({ step: 'security' } & SecurityEvent)
  /** An alarm was raised, got worse or less urgent, or is solved. */
  | { step: 'alarm'; change: 'raised' | 'changed' | 'solved'; key: string; severity: string; says: string }
  | { step: 'job-recovered'; job: string; failures: number }
  | { step: 'api-access-refused'; address: string; why: string };

/** Sends each step to the log and to listeners, and notifies readers of the event stream. */
export interface Journal {
  note(step: Step): void;
  /** The returned function removes the listener. */
  onStep(listener: (step: Step) => void): () => void;
  /** Call after a commit that added events: readers of the event stream read on. */
  eventsCommitted(): void;
  /** The returned function removes the listener. */
  onEventsCommitted(listener: () => void): () => void;
}

/** Creates a journal that writes each step by `log`. */
export function createJournal(log: (step: Step) => void): Journal {
  const stepListeners = new Set<(step: Step) => void>();
  const commitListeners = new Set<() => void>();
  const add = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    note: (step) => {
      log(step);
      for (const listener of stepListeners) listener(step);
    },
    onStep: (listener) => add(stepListeners, listener),
    eventsCommitted: () => {
      for (const listener of commitListeners) listener();
    },
    onEventsCommitted: (listener) => add(commitListeners, listener),
  };
}
