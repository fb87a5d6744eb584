import { DatabaseSync } from 'node:sqlite';
import { type FlowStore, TABLE } from './flow-store.ts';

/** SQLite, durable at each commit (WAL, synchronous=FULL); steps that are ready in one turn of the event loop share one. */
export function openSqliteSteps(path: string): FlowStore {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${TABLE}`);
  const insert = db.prepare("INSERT INTO flow (id, session, url, ask, state, at) VALUES (?1, ?2, ?3, ?4, 'ACCEPTED', ?5)");
  const update = db.prepare('UPDATE flow SET state = ?2, word = ?3, at = ?4 WHERE id = ?1');
  let ready: { write: () => void; done: () => void }[] = [];

  const commit = () => {
    const group = ready;
    ready = [];
    db.exec('BEGIN IMMEDIATE');
    for (const { write } of group) write();
    db.exec('COMMIT');
    for (const { done } of group) done();
  };
  const step = (write: () => void) =>
    new Promise<void>((done) => {
      if (ready.push({ write, done }) === 1) setImmediate(commit);
    });
  return {
    insert: ({ id, session, url, profile }) => step(() => insert.run(id, session, url, JSON.stringify(profile), Date.now())),
    setState: (id, state, word) => step(() => update.run(id, state, word, Date.now())),
  };
}
