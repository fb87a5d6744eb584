import type { Clock } from '../../domain/clock.ts';
import type { PeerId } from '../../domain/ids.ts';
import { endpointOf, hubOf, type PartyRole, type PartyViaHub, type Peer } from '../../domain/party.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { type Encryption, fingerprint } from '../../store/encryption.ts';
import { partiesBehind } from '../../store/sql/hub-party.ts';
import { allPeers, type Credential, credentialByHash, peerById, type StoredPeer } from '../../store/sql/peer.ts';
import type { Store } from '../../store/store.ts';

/** A peer with everything that requests to and from it need. `roles` are all roles that it speaks for, including parties behind a hub. */
export interface KnownPeer extends Peer {
  /** The roles of its registration, without parties behind it. */
  ownRoles: readonly PartyRole[];
  /** The parties behind it; empty unless the peer is a hub. */
  behind: readonly PartyViaHub[];
  originSet: ReadonlySet<string>;
  /** The token that requests to the peer carry; decrypted at the first call. */
  token(): string | undefined;
}

/** The peers of a node, cached for one second, except by `all`: changes by another process, such as a command, show within that time. */
export interface KnownPeers {
  /** Finds the peer that presents a token, with the kind and the hash of the token. */
  bearer(token: string): Promise<{ peer: KnownPeer; kind: Credential['kind']; hash: string } | undefined>;
  find(id: PeerId): Promise<KnownPeer | undefined>;
  /** All peers, as the store has them now. */
  all(): Promise<readonly KnownPeer[]>;
  /** Registered peers with an endpoint of this module and interface role. Each change of a session or location asks for them, so all peers are cached for it. */
  offering(identifier: string, role: 'SENDER' | 'RECEIVER'): Promise<readonly KnownPeer[]>;
  /** Call after a change of peers: the next call reads the store. */
  clearCache(): void;
}

const CACHED_MS = 1_000;

/** Reads peers from the store and caches them. */
export function createKnownPeers(store: Store, encryption: Encryption, clock: Clock): KnownPeers {
  const bearers = createCache(clock, async (hash: string) => {
    const bearer = await store.first(credentialByHash(hash, clock.now()));
    return bearer && { ...bearer, peer: await known(bearer.peer) };
  });
  const byId = createCache(clock, async (id: PeerId) => {
    const peer = await store.first(peerById(id));
    return peer && known(peer);
  });
  const behindOf = createCache(clock, (hub: PeerId) => store.all(partiesBehind(hub)));
  const known = async (peer: StoredPeer): Promise<KnownPeer> => {
    const behind = hubOf(peer.roles) === undefined ? [] : ((await behindOf.get(peer.id)) ?? []);
    let decrypted: string | undefined;
    return {
      ...peer,
      ownRoles: peer.roles,
      roles: [...peer.roles, ...behind],
      behind,
      originSet: new Set(peer.origins),
      token: () => {
        decrypted ??= peer.encryptedToken === undefined ? undefined : encryption.decrypt(peer.encryptedToken);
        return decrypted;
      },
    };
  };
  const all = async () => Promise.all((await store.all(allPeers)).map(known));
  const cachedAll = createCache(clock, (_: 'all') => all());
  return {
    bearer: (token) => bearers.get(fingerprint(token)),
    find: byId.get,
    all,
    offering: async (identifier, role) =>
      ((await cachedAll.get('all')) ?? []).filter((peer) => peer.status === 'REGISTERED' && endpointOf(peer, identifier, role) !== undefined),
    clearCache: () => {
      bearers.clear();
      byId.clear();
      behindOf.clear();
      cachedAll.clear();
    },
  };
}

/** Caches found values for a second, and reads a value once for all who ask at the same time. Missing values are not cached, so guessed tokens cannot fill the cache. */
function createCache<K, V>(clock: Clock, read: (key: K) => Promise<V | undefined>) {
  const cached = new Map<K, { value: V; until: number }>();
  const reading = new Map<K, Promise<V | undefined>>();
  let clearings = 0;

  async function readAt(now: EpochMillis, key: K): Promise<V | undefined> {
    const before = clearings;
    const value = await read(key);
    // A value read before a change must not be cached after it: a revoked token would work again.
    if (value !== undefined && clearings === before) cached.set(key, { value, until: epochMillis(now + CACHED_MS) });
    return value;
  }

  return {
    get: async (key: K): Promise<V | undefined> => {
      const now = clock.now();
      const hit = cached.get(key);
      if (hit && hit.until > now) return hit.value;
      cached.delete(key);
      const underWay = reading.get(key);
      if (underWay) return underWay;
      const started = readAt(now, key).finally(() => reading.get(key) === started && reading.delete(key));
      reading.set(key, started);
      return started;
    },
    clear: () => {
      clearings += 1;
      cached.clear();
      reading.clear(); // a read that began before the change must not answer those who ask after it
    },
  };
}
