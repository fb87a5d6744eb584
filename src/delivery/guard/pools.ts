import { Pool } from 'undici';
import { type ConnectionOptions, createConnector } from './connection.ts';
import type { Limits } from './limits.ts';

/** The connection pools of a node, one for each peer and origin. */
export interface Pools extends AsyncDisposable {
  /** The pool of one peer and one origin; connections are opened when they are needed. */
  of(peer: string, origin: string): Pool;
  /** Closes the pools of one peer after its running requests. */
  forget(peer: string): Promise<void>;
}

/** Origins of one peer at most: a peer that changes its URLs again and again must not fill the memory. */
const MOST_ORIGINS = 16;

/** Creates one pool for each peer and origin, so that peers share no connections and no limits (SEC-05, SEC-42). */
export function createPools(limits: Limits, connection: Omit<ConnectionOptions, 'connectMs'>): Pools {
  const byPeer = new Map<string, Map<string, Pool>>();
  const options = poolOptions(limits);
  const connect = createConnector({ ...connection, connectMs: limits.connectMs });
  let closed = false;

  function of(peer: string, origin: string): Pool {
    const pools = byPeer.get(peer) ?? new Map<string, Pool>();
    byPeer.set(peer, pools);
    const pool = pools.get(origin) ?? new Pool(origin, { connect, ...options });
    if (!pools.has(origin) && closed) void pool.destroy(); // its requests then fail as values, like every other failure
    pools.delete(origin); // so that the pool that was used last is the last one
    pools.set(origin, pool);
    closeUnused(pools);
    return pool;
  }

  /** Closes the pool that was unused longest; its running requests may finish. */
  function closeUnused(pools: Map<string, Pool>): void {
    const [unused] = pools;
    if (pools.size <= MOST_ORIGINS || !unused) return;
    pools.delete(unused[0]);
    void unused[1].close();
  }

  async function forget(peer: string): Promise<void> {
    const pools = [...(byPeer.get(peer)?.values() ?? [])];
    byPeer.delete(peer);
    await Promise.all(pools.map((pool) => pool.close()));
  }

  async function closeAll(): Promise<void> {
    closed = true;
    const pools = [...byPeer.values()].flatMap((ofPeer) => [...ofPeer.values()]);
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  return { of, forget, [Symbol.asyncDispose]: closeAll };
}

const poolOptions = ({ connections, headerBytes, headersMs }: Limits): Pool.Options => ({
  connections,
  maxHeaderSize: headerBytes,
  headersTimeout: headersMs,
  bodyTimeout: 0, // The whole request has a limit; this timer restarts with each byte, so it would not stop a slow sender.
  allowH2: false,
  keepAliveMaxTimeout: 30_000, // Short, because a peer may close an idle connection at the moment of its reuse, and then the outcome is unknown.
  clientTtl: 300_000, // Otherwise a busy connection would never notice a changed DNS record.
});
