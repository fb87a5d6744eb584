import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, startCluster } from '../test/set-up/cluster.ts';

export type StoreKind = 'sqlite' | 'postgres';

/** Where a run has its databases; gone when it is over. */
export interface Workspace extends AsyncDisposable {
  hasPostgres: boolean;
  /** A fresh folder. */
  newFolder(): string;
  /** A fresh database: a file, or a URL. */
  newDatabase(kind: StoreKind): Promise<string>;
}

/** Uses the server at EVENKEEL_TEST_POSTGRES, else starts a private one; without either there are figures on SQLite only. */
export async function openWorkspace(): Promise<Workspace> {
  const top = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
  const given = process.env.EVENKEEL_TEST_POSTGRES;
  const cluster: Cluster | undefined = given
    ? { url: given, stop: async () => undefined }
    : await startCluster().catch((error) => void process.stderr.write(`no figures on PostgreSQL: ${error instanceof Error ? error.message : error}\n`));
  const made: string[] = [];
  const admin = async (statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: cluster?.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const folder = () => mkdtempSync(join(top, 'run-'));
  return {
    hasPostgres: cluster !== undefined,
    newFolder,
    newDatabase: async (kind) => {
      if (kind === 'sqlite') return join(folder(), 'bench.db');
      if (!cluster) throw new Error('there is no PostgreSQL');
      const name = `evenkeel_bench_${process.pid}_${made.length}`;
      made.push(name);
      await admin([`CREATE DATABASE ${name}`]);
      return Object.assign(new URL(cluster.url), { pathname: `/${name}` }).href;
    },
    [Symbol.asyncDispose]: async () => {
      await admin(made.map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)).catch(() => undefined);
      await cluster?.stop();
      rmSync(top, { recursive: true, force: true });
    },
  };
}
