import { Socket } from 'node:net';
import pg from 'pg';
import type { LockOptions, StoreLock } from './lock.ts';
import { endConnection } from './pipelined-connection.ts';

/** The number of the advisory lock: arbitrary, but the same in every release. */
const NODE_LOCK = 2_210_230;
/** A check of the connection fails after this time without an answer. */
const ANSWER_MS = 2_000;

interface Locking extends Pick<LockOptions, 'fence' | 'onChange'> {
  /** Waits before the lock is tried again. */
  retry(): Promise<void>;
}

/** Takes the advisory lock of a PostgreSQL database; undefined when another session holds it. Rejects when the server cannot be reached. */
export async function lockServer(url: string, locking: Locking): Promise<StoreLock | undefined> {
  const first = await tryLock(url);
  return 'client' in first ? new ServerLock(url, locking, first) : undefined;
}

interface Held {
  client: pg.Client;
  socket: Socket;
  /** The process of the server that serves this connection. */
  process: number;
}

/** A lock that is taken again when its connection ends; the fence is lost when another process was faster. */
class ServerLock implements StoreLock {
  readonly #url: string;
  readonly #locking: Locking;
  /** Server processes of former connections: they keep the lock until they notice the end of the connection. */
  readonly #former = new Set<number>();
  #holding: Held | undefined;
  #retaking: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(url: string, locking: Locking, first: Held) {
    this.#url = url;
    this.#locking = locking;
    this.#hold(first);
  }

  held(): boolean {
    return this.#holding !== undefined;
  }

  async check(): Promise<void> {
    const checked = this.#holding;
    await checked?.client.query('SELECT 1').catch(() => void checked.socket.destroy());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    if (this.#holding) await endConnection(this.#holding);
    await this.#retaking;
  }

  #hold(held: Held): void {
    this.#holding = held;
    this.#former.add(held.process);
    held.client.once('end', () => {
      this.#holding = undefined;
      if (this.#ended) return;
      this.#locking.onChange?.(false);
      this.#retaking = this.#retake();
    });
  }

  async #retake(): Promise<void> {
    const { fence, retry } = this.#locking;
    while (!this.#ended && fence?.lost === undefined) {
      const attempt = await tryLock(this.#url).catch(() => undefined); // The server is away: the next attempt may find it.
      if (attempt && 'client' in attempt) {
        if (this.#ended) return endConnection(attempt);
        this.#hold(attempt);
        this.#locking.onChange?.(true);
        return;
      }
      if (attempt?.holder !== undefined && !this.#former.has(attempt.holder)) {
        fence?.lose('another node', 'database: the connection that held its lock was lost, and another node has taken it; this node stops writing');
        return;
      }
      await retry();
    }
  }
}

const HOLDER = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Connects and tries once. Without the lock: the process of its holder, undefined when it was released in this moment. */
async function tryLock(url: string): Promise<Held | { holder: number | undefined }> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evenkeel-lock',
    connectionTimeoutMillis: 3_000,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    stream: () => socket,
  });
  client.on('error', () => undefined); // The event `end` follows.
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean; process: number }>('SELECT pg_try_advisory_lock($1) AS held, pg_backend_pid() AS process', [
      NODE_LOCK,
    ]);
    if (rows[0]?.held) return { client, socket, process: rows[0].process };
    const holders = await client.query<{ pid: number }>(HOLDER, [NODE_LOCK]);
    await endConnection({ client, socket });
    return { holder: holders.rows[0]?.pid };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
