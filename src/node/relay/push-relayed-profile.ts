import { type PartyKey, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import { ActiveChargingProfile, type WireActiveChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { mapUnknownTexts } from '../../ocpi/known-fields.ts';
import { problemWith } from '../../ocpi/problem.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { pseudonymiseText } from '../../roles/emsp/pseudonymise-text.ts';
import { partyRightOnSession } from '../../store/sql/contract.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { steeringOf, steeringToReview } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { pushProfile, reportProfilePush } from '../exchanges/push-profile.ts';
import { createPushQueue, type PushQueue } from '../exchanges/push-queue.ts';
import { relayedId } from '../rights/session-readers.ts';

/** The profile as its CPO sent it, with the session id that the receiver knows in fields that OCPI does not define. */
function receivedFor(asSent: object, session: WireSession, sessionId: string): WireActiveChargingProfile | undefined {
  const mapped: unknown = mapUnknownTexts(ActiveChargingProfile, asSent, (text) => pseudonymiseText(text, session, sessionId));
  return isActiveProfile(mapped) ? mapped : undefined;
}
const isActiveProfile = (value: unknown): value is WireActiveChargingProfile => problemWith(ActiveChargingProfile, value) === undefined;

/** Forwards active profiles that a CPO sends to the SCSPs whose profile its EVSE has once accepted (CP-20, CP-63). */
export class RelayedProfiles {
  readonly #context: Context;
  readonly #queue: PushQueue<SessionKey, PartyKey>;

  constructor(context: Context) {
    this.#context = context;
    this.#queue = createPushQueue(context, (session, party) => this.#push(session, party));
  }

  /** A session has a new active profile: pushes it soon. */
  changed(session: SessionKey): void {
    this.#context.work.start(`active profile of ${session}`, async () => {
      for (const { party } of await this.#context.store.all(steeringOf(session))) this.#queue.wake(session, party);
    });
  }

  async #push(key: SessionKey, party: PartyKey): Promise<void> {
    const { store, clock } = this.#context;
    const [session, all, right] = await Promise.all([
      store.first(sessionByKey<WireSession, undefined>(key)),
      store.all(steeringOf(key)),
      store.first(partyRightOnSession(key, party, clock.now())),
    ]);
    const steering = all.find((it) => it.party === party);
    if (session?.peer === undefined || session.status !== 'ACTIVE' || !session.activeProfile || !steering || !right) return;
    const sessionId = relayedId(this.#context, party, key);
    const from = session.tokenParty ?? partyOfSession(key);
    const { received: asSent, ...active } = session.activeProfile;
    const received = asSent && receivedFor(asSent, session.body, sessionId);
    const outcome = await pushProfile(this.#context, { steering, active, received, sessionId, from });
    if (outcome !== undefined && outcome !== 'OFFLINE') reportProfilePush(this.#context, steering, outcome);
  }

  /** Pushes again what did not arrive, to all parties or to one. */
  async refresh(only?: PartyKey): Promise<void> {
    for (const { session, party, stale } of await this.#context.store.all(steeringToReview(epochMillis(0))))
      if (stale && (only === undefined || only === party)) this.#queue.wake(session, party);
  }
}
