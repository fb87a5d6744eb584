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

/** Names a session as its URL does. */
export interface SessionName {
  country_code: string;
  party_id: string;
  session_id: string;
}

/** What became of a message about a session. */
export type Kept = 'created' | 'changed' | 'foreign' | 'unknown';

/** The sessions that peers tell us of, for our customers (SES-30 to SES-42). */
export interface ForeignSessions {
  find(peer: KnownPeer, name: SessionName): Promise<WireSession | undefined>;
  put(peer: KnownPeer, name: SessionName, told: WireSession): Promise<Kept>;
  patch(peer: KnownPeer, name: SessionName, told: WireSessionPatch): Promise<Kept>;
  /** Pulled from the peer: what it says is all there is (SES-07). Not kept when it is older than what is held. */
  replace(peer: KnownPeer, told: WireSession): Promise<Kept>;
}

export function createForeignSessions(ground: Ground, followers: { dirty(peer: PeerId): void }): ForeignSessions {
  const { store, clock, journal } = ground;

  /** Only a CPO speaks of its sessions, and only of those of its own parties (SEC-16, TRN-35, TRN-37). */
  const owns = (peer: KnownPeer, name: { country_code: string; party_id: string }) =>
    partiesOf(peer.roles, 'CPO').includes(partyKey(name.country_code, name.party_id));

  const held = async (peer: KnownPeer, key: SessionKey): Promise<StoredSession<WireSession, undefined> | undefined> => {
    const session = await store.first(sessionByKey<WireSession, undefined>(key));
    return session?.peer === peer.id ? session : undefined;
  };

  async function keep(peer: KnownPeer, key: SessionKey, { session, dirty, by }: Received & { by: string }): Promise<void> {
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
    if (dirty) followers.dirty(peer.id);
  }

  const keyFor = (name: SessionName) => sessionKey(name.country_code, name.party_id, name.session_id);
  const turns = new Map<SessionKey, Promise<unknown>>();

  /** One message about a session after the other: each is merged into what the one before left, also when they come at once. */
  function inTurn<T>(key: SessionKey, work: () => Promise<T>): Promise<T> {
    const done = (turns.get(key) ?? Promise.resolve()).then(work);
    const settled = done
      .then(
        () => undefined,
        () => undefined, // whoever waits for `done` hears of the failure; the next in turn must not
      )
      .then(() => void (turns.get(key) === settled && turns.delete(key)));
    turns.set(key, settled);
    return done;
  }

  return {
    find: async (peer, name) => (owns(peer, name) ? (await held(peer, keyFor(name)))?.body : undefined),
    put: async (peer, name, told) => {
      if (!owns(peer, name)) return 'foreign';
      const key = keyFor(name);
      return inTurn(key, async () => {
        const before = await held(peer, key);
        await keep(peer, key, { ...put(before?.body, told), by: 'PUT' });
        return before ? 'changed' : 'created';
      });
    },
    patch: async (peer, name, told) => {
      if (!owns(peer, name)) return 'foreign';
      const key = keyFor(name);
      return inTurn(key, async () => {
        const before = await held(peer, key);
        if (before) await keep(peer, key, { ...patch(before.body, told), by: 'PATCH' });
        // its CPO hears 404 and may PUT it; if it does not, it is pulled (async-flow §7)
        else followers.dirty(peer.id);
        return before ? 'changed' : 'unknown';
      });
    },
    replace: async (peer, told) => {
      if (!owns(peer, told)) return 'foreign';
      const key = sessionKey(told.country_code, told.party_id, told.id);
      return inTurn(key, async () => {
        const before = await held(peer, key);
        const older = before && (readDateTime(told.last_updated) ?? 0) < before.lastUpdated;
        if (!older) await keep(peer, key, { session: told, dirty: false, by: 'pull' });
        return before ? 'changed' : 'created';
      });
    },
  };
}
