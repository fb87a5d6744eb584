import { knownSession, type PeerId, peerId, type SessionKey } from '../domain/ids.ts';
import { endpointOf, partiesOf } from '../domain/party.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { getSession } from '../ocpi/sessions/get-session.ts';
import { patchSession } from '../ocpi/sessions/patch-session.ts';
import { putSession } from '../ocpi/sessions/put-session.ts';
import type { WireSession, WireSessionPatch } from '../ocpi/sessions/session.ts';
import { hasOwner, type OwnSession, type Progress } from '../roles/cpo/session.ts';
import { changeSince } from '../roles/cpo/session-changes.ts';
import { failedPushes, pushOf, savePush } from '../store/sql/push.ts';
import { sessionByKey } from '../store/sql/session.ts';
import { coalesce, type Lanes } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

/** How one receiver is told of one session. */
interface Way {
  put(): Promise<boolean>;
  patch(patch: WireSessionPatch): Promise<boolean>;
  readBack(): Promise<{ is: 'KNOWN'; session: WireSession | undefined } | { is: 'UNKNOWN' }>;
}

/** Neither a session's key nor a peer's id can hold a line break. */
const BETWEEN = '\n';

/** Keeps the receivers of our sessions up to date: the newest state, never a queue of old messages (SES-01, SES-02, TRN-33, TRN-53). */
export class SessionPushes {
  readonly #ground: Ground;
  readonly #lanes: Lanes<string>;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#lanes = coalesce(async (lane) => {
      const [key = '', peer = ''] = lane.split(BETWEEN);
      await this.#push(knownSession(key), peerId(peer));
    }, ground.complain);
  }

  /** Tells the receivers, soon. */
  changed(key: SessionKey): void {
    this.#receiversOf(key)
      .then((receivers) => {
        for (const peer of receivers) this.#lanes.wake(key + BETWEEN + peer.id);
      })
      .catch((error) => this.#ground.complain(`session ${key}`, error));
  }

  async #receiversOf(key: SessionKey): Promise<readonly KnownPeer[]> {
    const session = await this.#ground.store.first(sessionByKey<OwnSession, Progress>(key));
    const owner = session?.tokenParty;
    if (!owner) return [];
    return (await this.#ground.peers.offering('sessions', 'RECEIVER')).filter((peer) => partiesOf(peer.roles, 'EMSP').includes(owner));
  }

  async #push(key: SessionKey, id: PeerId): Promise<void> {
    const peer = await this.#ground.peers.find(id);
    const session = await this.#ground.store.first(sessionByKey<OwnSession, Progress>(key));
    if (!peer || !session || !hasOwner(session.body)) return;
    const way = this.#wayTo(peer, session.body);
    if (!way) return;
    const state = await this.#ground.store.first(pushOf<WireSession>(key, id));
    const held = state?.failed ? await way.readBack() : ({ is: 'KNOWN', session: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    await this.#tell(session.body, held.session, { key, peer, way });
  }

  async #tell(session: WireSession, held: WireSession | undefined, to: { key: SessionKey; peer: KnownPeer; way: Way }): Promise<void> {
    const change = changeSince(held, session);
    if (change.by === 'nothing') return this.#record(to, session, 'as it is');
    if (change.by === 'PUT') return this.#record(to, (await to.way.put()) ? session : undefined, 'PUT');
    if (await to.way.patch(change.patch)) return this.#record(to, session, 'PATCH');
    // TRN-33: what does the receiver have? If nothing, or something else, it gets the whole object, once.
    const copy = await to.way.readBack();
    if (copy.is === 'UNKNOWN') return this.#record(to, undefined, 'PATCH');
    if (copy.session && changeSince(copy.session, session).by === 'nothing') return this.#record(to, session, 'PATCH');
    return this.#record(to, (await to.way.put()) ? session : undefined, 'PUT');
  }

  async #record({ key, peer }: { key: SessionKey; peer: KnownPeer }, acknowledged: WireSession | undefined, by: string): Promise<void> {
    await this.#ground.store.commit([savePush({ session: key, peer: peer.id, acknowledged, failed: acknowledged === undefined })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    this.#ground.metrics.pushes.inc({ what: 'session', outcome });
    this.#ground.journal.note({ step: 'session-pushed', session: key, peer: peer.id, by, outcome });
  }

  #wayTo(peer: KnownPeer, session: WireSession): Way | undefined {
    const line = lineTo(this.#ground, peer);
    const base = endpointOf(peer, 'sessions', 'RECEIVER');
    if (!line || !base) return undefined;
    const { country_code, party_id, id: session_id, cdr_token } = session;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to: { countryCode: cdr_token.country_code, partyId: cdr_token.party_id } };
    const where = { base, params: { country_code, party_id, session_id }, query: undefined, ids };
    return {
      put: async () => (await callEndpoint(line, putSession, { ...where, body: session })).is === 'SUCCESS',
      patch: async (patch) => (await callEndpoint(line, patchSession, { ...where, body: patch })).is === 'SUCCESS',
      readBack: async () => {
        const read = await callEndpoint(line, getSession, { ...where, body: undefined });
        if (read.is === 'SUCCESS') return { is: 'KNOWN', session: read.data };
        return read.httpStatus === 404 || read.because === 'ocpi_2xxx' ? { is: 'KNOWN', session: undefined } : { is: 'UNKNOWN' };
      },
    };
  }

  /** Tries again those that failed, from their receiver's own copy. */
  async retry(): Promise<void> {
    for (const { session, peer } of await this.#ground.store.all(failedPushes<WireSession>())) this.#lanes.wake(session + BETWEEN + peer);
  }
}
