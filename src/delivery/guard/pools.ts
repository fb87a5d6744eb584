import { Pool } from 'undici';
import { type ConnectionOptions, createConnector } from './connection.ts';
import type { Limits } from './limits.ts';

/** The connections of a node to its peers. */
export interface Pools extends AsyncDisposable {
  /** The connections of one peer to one origin, opened as they are needed. */
  of(peer: string, origin: string): Pool;
  /** Closes those of one peer as soon as its requests are through. */
  forget(peer: string): Promise<void>;
}

/** One pool for each peer and origin, so that no peer can use up, or be reached over, what belongs to another (SEC-05, SEC-42). */
export function createPools(limits: Limits, terms: Omit<ConnectionOptions, 'connectMs'>): Pools {
  const byPeer = new Map<string, Map<string, Pool>>();
  const options = poolOptions(limits);
  const connect = createConnector({ ...terms, connectMs: limits.connectMs });
  let closed = false;

  function of(peer: string, origin: string): Pool {
    const pools = byPeer.get(peer) ?? new Map<string, Pool>();
    byPeer.set(peer, pools);
    return pools.get(origin) ?? open(pools, origin);
  }

  function open(pools: Map<string, Pool>, origin: string): Pool {
    const pool = new Pool(origin, { connect, ...options });
    if (closed) void pool.destroy(); // what is asked of it fails as a value, like every other failure
    pools.set(origin, pool);
    return pool;
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
  bodyTimeout: 0, // the whole has a limit; a timer that each byte sets back would only help whoever trickles
  allowH2: false,
  keepAliveMaxTimeout: 30_000, // a connection that the peer closes just as we use it again leaves the outcome unknown: keep none for long
  clientTtl: 300_000, // a busy connection would else never learn that its name has moved
});
