import { fold, type PeerId, partyKey, type SessionKey, sessionKey } from '../domain/ids.ts';
import { keyOf, partiesOf } from '../domain/party.ts';
import { epochMicros } from '../domain/units.ts';
import { readDateTime } from '../ocpi/date-time.ts';
import type { WireSession, WireSessionPatch } from '../ocpi/sessions/session.ts';
import { patch, put, type Received } from '../roles/emsp/receive-session.ts';
import { addEvent } from '../store/sql/event.ts';
import { type StoredSession, saveSession, sessionByKey, setDirty } from '../store/sql/session.ts';
import type { Ground } from './ground.ts';
import type { KnownPeer } from './peers.ts';
import { Turns } from './turns.ts';

/** Names a session as its URL does. */
export interface SessionName {
  country_code: string;
  party_id: string;
  session_id: string;
}

/** What became of a message about a session. */
export type Kept = 'created' | 'changed' | 'foreign' | 'unknown';

/** The sessions that peers tell us of, for our customers (SES-30 to SES-42). */
export class ForeignSessions {
  readonly #ground: Ground;
  /** Something was told that leaves a doubt: pull from that peer. */
  readonly #doubt: (peer: PeerId) => void;
  /** Each message is merged into what the one before left, also when they come at once. */
  readonly #turns = new Turns<SessionKey>();

  constructor(ground: Ground, doubt: (peer: PeerId) => void) {
    this.#ground = ground;
    this.#doubt = doubt;
  }

  async find(peer: KnownPeer, name: SessionName): Promise<WireSession | undefined> {
    return owns(peer, name) ? (await this.#held(peer, keyFor(name)))?.body : undefined;
  }

  async put(peer: KnownPeer, name: SessionName, told: WireSession): Promise<Kept> {
    if (!owns(peer, name)) return 'foreign';
    const key = keyFor(name);
    return this.#turns.take(key, async () => {
      const before = await this.#held(peer, key);
      await this.#keep(peer, key, { ...put(before?.body, told), by: 'PUT' });
      return before ? 'changed' : 'created';
    });
  }

  async patch(peer: KnownPeer, name: SessionName, told: WireSessionPatch): Promise<Kept> {
    if (!owns(peer, name)) return 'foreign';
    const key = keyFor(name);
    return this.#turns.take(key, async () => {
      const before = await this.#held(peer, key);
      if (!before) {
        this.#doubt(peer.id); // its CPO hears 404 and may PUT it; if it does not, it is pulled (async-flow §7)
        return 'unknown';
      }
      await this.#keep(peer, key, { ...patch(before.body, told), by: 'PATCH' });
      return 'changed';
    });
  }

  /** Pulled from the peer: what it says is all there is (SES-07); not kept when it is older than what is held. */
  async replace(peer: KnownPeer, told: WireSession): Promise<Kept> {
    if (!owns(peer, told)) return 'foreign';
    const key = sessionKey(told.country_code, told.party_id, told.id);
    return this.#turns.take(key, async () => {
      const before = await this.#held(peer, key);
      const older = before && (readDateTime(told.last_updated) ?? 0) < before.lastUpdated;
      const same = before && !before.dirty && JSON.stringify(before.body) === JSON.stringify(told);
      if (!older && !same) await this.#keep(peer, key, { session: told, dirty: false, by: 'pull' });
      return before ? 'changed' : 'created';
    });
  }

  async #held(peer: KnownPeer, key: SessionKey): Promise<StoredSession<WireSession, undefined> | undefined> {
    const session = await this.#ground.store.first(sessionByKey<WireSession, undefined>(key));
    return session?.peer === peer.id ? session : undefined;
  }

  async #keep(peer: KnownPeer, key: SessionKey, { session, dirty, by }: Received & { by: string }): Promise<void> {
    const { store, clock, journal } = this.#ground;
    const at = clock.now();
    const row = {
      key,
      peer: peer.id,
      foldedId: fold(session.id),
      tokenParty: keyOf(session.cdr_token),
      status: session.status,
      lastUpdated: readDateTime(session.last_updated) ?? epochMicros(at * 1000),
      body: session,
      station: undefined,
      evseUid: undefined,
      transactionId: undefined,
      profileId: undefined,
      progress: undefined,
    };
    await store.commit([saveSession<WireSession, undefined>(row), setDirty(key, dirty), addEvent({ at, kind: 'session', session: key, body: session })]);
    journal.note({ step: 'session-came', session: key, peer: peer.id, by, status: session.status, evseUid: session.evse_uid });
    journal.wake();
    if (dirty) this.#doubt(peer.id);
  }
}

/** Only a CPO speaks of its sessions, and only of those of its own parties (SEC-16, TRN-35, TRN-37). */
const owns = (peer: KnownPeer, name: { country_code: string; party_id: string }) =>
  partiesOf(peer.roles, 'CPO').includes(partyKey(name.country_code, name.party_id));
const keyFor = (name: SessionName) => sessionKey(name.country_code, name.party_id, name.session_id);
