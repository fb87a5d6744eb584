import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Rows by table, each list as JSON text. */
export type Rows = ReadonlyMap<string, string>;

/** Statements that delete all rows and restart all sequences; a table that refers to another one comes first. */
const DELETES = `
select format('delete from %I', relname) as statement
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
  order by exists(select 1 from pg_constraint where conrelid = pg_class.oid and contype = 'f') desc`;
const RESTARTS = "select setval(oid::regclass, 1, false) from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace";
const OTHERS = 'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

/** Milliseconds between two looks at the connections of a database, and how often to look: the server needs some time to end a closed one. */
const [LOOK_MS, LOOKS] = [50, 40];

/** Empties databases with all tables between two tests. It keeps a connection to each, since opening one costs more than emptying a database. */
export class TableCleaner implements AsyncDisposable {
  readonly #connections = new Map<string, Promise<pg.Client>>();

  /** The rows of a database: those that a new one has. */
  async rowsOf(url: string): Promise<Rows> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const tables = await client.query<{ relname: string }>("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
      const rows = new Map<string, string>();
      for (const { relname } of tables.rows) {
        const found = await client.query<{ rows: string | null }>(`select json_agg(it)::text as rows from "${relname}" it`);
        const [first] = found.rows;
        if (first?.rows) rows.set(relname, first.rows);
      }
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Makes a database as new: with these rows only. Returns false, and changes nothing, if others stay connected to it. */
  async empty(url: string, rows: Rows): Promise<boolean> {
    const client = await this.#connectionTo(url);
    if (!(await isAlone(client))) return false;
    const deletes = await client.query<{ statement: string }>(DELETES);
    await client.query(['begin', ...deletes.rows.map(({ statement }) => statement), RESTARTS].join(';'));
    for (const [table, list] of rows) await client.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1)`, [list]);
    await client.query('commit');
    return true;
  }

  #connectionTo(url: string): Promise<pg.Client> {
    const known = this.#connections.get(url);
    if (known) return known;
    const client = new pg.Client({ connectionString: url });
    const connected = client.connect().then(() => client);
    this.#connections.set(url, connected);
    return connected;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connected of this.#connections.values()) await (await connected).end();
  }
}

async function isAlone(client: pg.Client): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look += 1) {
    if ((await client.query(OTHERS)).rows.length === 0) return true;
    await pause(LOOK_MS);
  }
  return false;
}
