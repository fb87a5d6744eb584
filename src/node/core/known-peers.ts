import type { Clock } from '../../domain/clock.ts';
import type { PeerId } from '../../domain/ids.ts';
import { endpointOf, hubOf, type PartyRole, type PartyViaHub, type Peer } from '../../domain/party.ts';
import { epochMillis } from '../../domain/units.ts';
import { type Encryption, fingerprint } from '../../store/encryption.ts';
import { partiesBehind } from '../../store/sql/hub-party.ts';
import { allPeers, type Credential, credentialByHash, peerById, type StoredPeer } from '../../store/sql/peer.ts';
import type { Store } from '../../store/store.ts';

/** A peer as its node deals with it: the encrypted token is opened only when a request leaves. `roles` are all that it speaks for, those behind a hub too. */
export interface KnownPeer extends Peer {
  /** The roles that it plays itself, as its registration says. */
  ownRoles: readonly PartyRole[];
  /** Parties behind it; none unless it is a hub. */
  behind: readonly PartyViaHub[];
  originSet: ReadonlySet<string>;
  token(): string | undefined;
}

/** The peers of a node. What another process changed (a command of the operator, say) is seen within a second. */
export interface KnownPeers {
  bearer(token: string): Promise<{ peer: KnownPeer; kind: Credential['kind']; hash: string } | undefined>;
  find(id: PeerId): Promise<KnownPeer | undefined>;
  all(): Promise<readonly KnownPeer[]>;
  /** Registered peers that offer a module in a role. */
  offering(identifier: string, role: 'SENDER' | 'RECEIVER'): Promise<readonly KnownPeer[]>;
  /** What was remembered of them is read again at the next question. */
  clearCache(): void;
}

const REMEMBERED_MS = 1_000;

export function createKnownPeers(store: Store, encryption: Encryption, clock: Clock): KnownPeers {
  const bearers = remember(clock, async (hash: string) => {
    const bearer = await store.first(credentialByHash(hash, clock.now()));
    return bearer && { ...bearer, peer: await known(bearer.peer) };
  });
  const byId = remember(clock, async (id: PeerId) => {
    const peer = await store.first(peerById(id));
    return peer && known(peer);
  });
  const behindOf = remember(clock, (hub: PeerId) => store.all(partiesBehind(hub)));
  const known = async (peer: StoredPeer): Promise<KnownPeer> => {
    const behind = hubOf(peer.roles) === undefined ? [] : ((await behindOf.get(peer.id)) ?? []);
    let opened: string | undefined;
    return {
      ...peer,
      ownRoles: peer.roles,
      roles: [...peer.roles, ...behind],
      behind,
      originSet: new Set(peer.origins),
      token: () => {
        opened ??= peer.encryptedToken === undefined ? undefined : encryption.decrypt(peer.encryptedToken);
        return opened;
      },
    };
  };
  const all = async () => Promise.all((await store.all(allPeers)).map(known));
  return {
    bearer: (token) => bearers.get(fingerprint(token)),
    find: byId.get,
    all,
    offering: async (identifier, role) => (await all()).filter((peer) => peer.status === 'REGISTERED' && endpointOf(peer, identifier, role) !== undefined),
    clearCache: () => {
      bearers.clear();
      byId.clear();
      behindOf.clear();
    },
  };
}

/** Keeps answers for a second; wrong tokens are not kept, so that guessing fills nothing. */
function remember<K, V>(clock: Clock, ask: (key: K) => Promise<V | undefined>) {
  const kept = new Map<K, { value: V; until: number }>();
  let clearings = 0;
  return {
    get: async (key: K): Promise<V | undefined> => {
      const now = clock.now();
      const hit = kept.get(key);
      if (hit && hit.until > now) return hit.value;
      kept.delete(key);
      const before = clearings;
      const value = await ask(key);
      // What was read before a change must not outlive it: a revoked token would come back.
      if (value !== undefined && clearings === before) kept.set(key, { value, until: epochMillis(now + REMEMBERED_MS) });
      return value;
    },
    clear: () => {
      clearings += 1;
      kept.clear();
    },
  };
}
