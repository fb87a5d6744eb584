import pg from 'pg';
import { type FlowStore, TABLE } from './flow-store.ts';

/** PostgreSQL: a statement, and so a commit, for each step, over 16 connections. */
export async function openPostgresSteps(url: string): Promise<FlowStore> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  await pool.query(TABLE);
  const insert = { name: 'accepted', text: "INSERT INTO flow (id, session, url, ask, state, at) VALUES ($1, $2, $3, $4, 'ACCEPTED', $5)" };
  const update = { name: 'moved', text: 'UPDATE flow SET state = $2, word = $3, at = $4 WHERE id = $1' };
  return {
    insert: async ({ id, session, url, profile }) => void (await pool.query({ ...insert, values: [id, session, url, JSON.stringify(profile), Date.now()] })),
    setState: async (id, state, word) => void (await pool.query({ ...update, values: [id, state, word, Date.now()] })),
  };
}
