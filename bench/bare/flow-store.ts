import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** One flow in the bare program. */
export interface Flow {
  id: string;
  session: string;
  url: string;
  profile: unknown;
}

/** Writes the steps of a flow; each promise resolves when its step is committed. */
export interface FlowStore {
  insert(flow: Flow): Promise<void>;
  setState(id: string, state: 'SENDING' | 'RESULT' | 'DELIVERING' | 'DELIVERED', detail: string): Promise<void>;
}

const TABLE = `CREATE TABLE flow (
  id TEXT PRIMARY KEY, session TEXT NOT NULL, url TEXT NOT NULL, profile TEXT NOT NULL, state TEXT NOT NULL, detail TEXT, at BIGINT NOT NULL)`;

/** Opens an empty database: a postgres URL, or the path of an SQLite file. */
export const openFlowStore = async (database: string): Promise<FlowStore> =>
  database.startsWith('postgres') ? await openPostgres(database) : openSqlite(database);

/** PostgreSQL over 16 connections; each step is one statement and one commit. */
async function openPostgres(url: string): Promise<FlowStore> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  await pool.query(TABLE);
  const insert = { name: 'insert', text: "INSERT INTO flow (id, session, url, profile, state, at) VALUES ($1, $2, $3, $4, 'ACCEPTED', $5)" };
  const update = { name: 'update', text: 'UPDATE flow SET state = $2, detail = $3, at = $4 WHERE id = $1' };
  return {
    insert: async ({ id, session, url, profile }) => void (await pool.query({ ...insert, values: [id, session, url, JSON.stringify(profile), Date.now()] })),
    setState: async (id, state, detail) => void (await pool.query({ ...update, values: [id, state, detail, Date.now()] })),
  };
}

/** SQLite with durable commits (WAL, synchronous=FULL); steps of one turn of the event loop share a commit. */
function openSqlite(path: string): FlowStore {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${TABLE}`);
  const insert = db.prepare("INSERT INTO flow (id, session, url, profile, state, at) VALUES (?1, ?2, ?3, ?4, 'ACCEPTED', ?5)");
  const update = db.prepare('UPDATE flow SET state = ?2, detail = ?3, at = ?4 WHERE id = ?1');
  let ready: { write: () => void; done: () => void }[] = [];

  const commitGroup = () => {
    const group = ready;
    ready = [];
    db.exec('BEGIN IMMEDIATE');
    for (const { write } of group) write();
    db.exec('COMMIT');
    for (const { done } of group) done();
  };
  const commit = (write: () => void) =>
    new Promise<void>((done) => {
      if (ready.push({ write, done }) === 1) setImmediate(commitGroup);
    });
  return {
    insert: ({ id, session, url, profile }) => commit(() => insert.run(id, session, url, JSON.stringify(profile), Date.now())),
    setState: (id, state, detail) => commit(() => update.run(id, state, detail, Date.now())),
  };
}
