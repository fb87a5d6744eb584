import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, startCluster } from '../test/set-up/cluster.ts';

export type StoreKind = 'sqlite' | 'postgres';

/** Temporary folders and databases of a run; all of them are deleted at its end. */
export interface Workspace extends AsyncDisposable {
  hasPostgres: boolean;
  /** Path of a new, empty folder. */
  newFolder(): string;
  /** A new, empty database: the path of a file, or a PostgreSQL URL. */
  newDatabase(kind: StoreKind): Promise<string>;
}

/** Uses the PostgreSQL server at EVENKEEL_TEST_POSTGRES, or starts a private one. When neither works, only SQLite is measured. */
export async function openWorkspace(): Promise<Workspace> {
  const top = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
  const given = process.env.EVENKEEL_TEST_POSTGRES;
  const cluster: Cluster | undefined = given
    ? { url: given, stop: async () => undefined }
    : await startCluster().catch((error) => void process.stderr.write(`PostgreSQL is not measured: ${error instanceof Error ? error.message : error}\n`));
  const created: string[] = [];
  const runAsAdmin = async (statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: cluster?.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const newFolder = () => mkdtempSync(join(top, 'run-'));
  return {
    hasPostgres: cluster !== undefined,
    newFolder,
    newDatabase: async (kind) => {
      if (kind === 'sqlite') return join(newFolder(), 'bench.db');
      if (!cluster) throw new Error('no PostgreSQL server: set EVENKEEL_TEST_POSTGRES, or measure with --store sqlite');
      const name = `evenkeel_bench_${process.pid}_${created.length}`;
      created.push(name);
      await runAsAdmin([`CREATE DATABASE ${name}`]);
      return Object.assign(new URL(cluster.url), { pathname: `/${name}` }).href;
    },
    [Symbol.asyncDispose]: async () => {
      await runAsAdmin(created.map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)).catch(() => undefined);
      await cluster?.stop();
      rmSync(top, { recursive: true, force: true });
    },
  };
}
