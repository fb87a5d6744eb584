import { knownParty, knownSession, type PartyKey, partyName, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import { epochMillis } from '../../domain/units.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireActiveChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { pushActiveChargingProfile } from '../../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { writeActiveChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { grantOn } from '../../store/sql/contract.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import { markStale, recordTold, type Steering, steeringOf, steeringToReview } from '../../store/sql/steering.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientFor } from '../peers/peer-client.ts';
import { relayedId } from '../rights/session-readers.ts';

const BETWEEN = '\n';

/** Passes on to SCSPs what a CPO tells of the active profile, to those whose profile the EVSE once took (CP-20, CP-63). */
export class RelayedProfiles {
  readonly #context: Context;
  readonly #tasks: CoalescedTask<string>;

  constructor(context: Context) {
    this.#context = context;
    this.#tasks = coalesce(async (lane) => {
      const [key = '', party = ''] = lane.split(BETWEEN);
      await this.#tell(knownSession(key), knownParty(party));
    }, context.reportError);
  }

  /** The active profile of a session is another now: the newest is told, soon. */
  changed(session: SessionKey): void {
    this.#context.store.all(steeringOf(session)).then(
      (entitled) => {
        for (const { party } of entitled) this.#tasks.wake(session + BETWEEN + party);
      },
      (error) => this.#context.reportError(`active profile of ${session}`, error),
    );
  }

  async #tell(key: SessionKey, party: PartyKey): Promise<void> {
    const { store, clock } = this.#context;
    const [session, steering, grant] = await Promise.all([
      store.first(sessionByKey<WireSession, undefined>(key)),
      store.all(steeringOf(key)),
      store.first(grantOn(key, party, clock.now())),
    ]);
    const entitled = steering.find((it) => it.party === party);
    if (session?.peer === undefined || session.status !== 'ACTIVE' || !session.activeProfile || !entitled || !grant) return;
    await this.#push(session, entitled, session.activeProfile);
  }

  async #push(session: StoredSession<WireSession, undefined>, { party, peer: id }: Steering, active: ActiveChargingProfile): Promise<void> {
    const { store, clock, peers, metrics, journal } = this.#context;
    const to = clientFor(this.#context, await peers.find(id), { module: 'chargingprofiles', role: 'SENDER' });
    if (!to) return;
    const { peer, client, base } = to;
    if (offlineParty(peer, party, RECEIVING_ROLES)) return void (await store.commit([markStale(session.key, party)]));
    const body: WireActiveChargingProfile = writeActiveChargingProfile(active);
    const ids = { from: partyName(session.tokenParty ?? partyOfSession(session.key)), to: partyName(party) };
    const params = { session_id: relayedId(this.#context, party, session.key) };
    const sent = await callEndpoint(client, pushActiveChargingProfile, { base, params, query: undefined, body, ids });
    const arrived = sent.is === 'SUCCESS';
    await store.commit([arrived ? recordTold(session.key, party, { profile: active, at: clock.now() }) : markStale(session.key, party)]);
    metrics.pushes.inc({ what: 'active-profile', outcome: arrived ? 'DELIVERED' : 'UNDELIVERED' });
    const outcome = arrived ? 'DELIVERED' : `UNDELIVERED (${sent.because})`;
    journal.note({ step: 'active-profile-pushed', session: session.key, peer: peer.id, party, outcome });
  }

  /** Those that did not arrive, all or those to one party: what holds by now is told. */
  async refresh(only?: PartyKey): Promise<void> {
    for (const { session, party, stale } of await this.#context.store.all(steeringToReview(epochMillis(0))))
      if (stale && (only === undefined || only === party)) this.#tasks.wake(session + BETWEEN + party);
  }
}
