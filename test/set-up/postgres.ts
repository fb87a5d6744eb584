import { createServer, type IncomingMessage, type Server } from 'node:http';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../src/store/open.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Rows, TableCleaner } from './empty-tables.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL at which tests request a PostgreSQL database; only fresh-postgres.ts uses it. */
    databaseServer: string;
  }
}

/** An answer of the set-up: to POST the URL of a database, empty or with all tables; to GET the URL of the server; or why there is none. */
export type Databases = { url: string } | { missing: string };

const created: string[] = [];
/** URLs of databases that tests have given back. */
const returned: string[] = [];
let cluster: Promise<Cluster> | undefined;
let template: Promise<Template> | undefined;
const cleaner = new TableCleaner();

/** The server of EVENKEEL_TEST_POSTGRES, else a private one that the first request starts. */
function server(): Promise<Cluster> {
  const url = process.env.EVENKEEL_TEST_POSTGRES;
  cluster ??= url ? Promise.resolve({ url, stop: async () => dropAll(url) }) : startCluster();
  return cluster;
}

async function execute(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const dropAll = (url: string) =>
  execute(
    url,
    created.map((name) => `drop database if exists ${name} with (force)`),
  );

async function createDatabase(url: string, from?: string): Promise<{ name: string; databaseUrl: string }> {
  const name = `evenkeel_test_${process.pid}_${created.length + 1}`;
  created.push(name);
  await execute(url, [`create database ${name}${from === undefined ? '' : ` template ${from}`}`]);
  const databaseUrl = new URL(url);
  databaseUrl.pathname = `/${name}`;
  return { name, databaseUrl: databaseUrl.href };
}

/** A database with all tables, which is copied, and its rows. */
interface Template {
  name: string;
  rows: Rows;
}

async function createTemplate(url: string): Promise<Template> {
  const { name, databaseUrl } = await createDatabase(url);
  await (await openStore(databaseUrl))[Symbol.asyncDispose]();
  return { name, rows: await cleaner.rowsOf(databaseUrl) };
}

/** A database with all tables: one that a test has given back, or a new copy. */
async function withTables(url: string): Promise<string> {
  const used = returned.pop();
  if (used) return used;
  template ??= createTemplate(url);
  const { databaseUrl } = await createDatabase(url, (await template).name);
  return databaseUrl;
}

/** Empties a database that a test no longer needs, and keeps it for the next test. One that still has connections is not used again. */
async function takeBack(databaseUrl: string): Promise<void> {
  const rows = (await template)?.rows;
  if (rows && (await cleaner.empty(databaseUrl, rows))) returned.push(databaseUrl);
}

async function answer({ method, url: path = '/' }: IncomingMessage): Promise<Databases> {
  try {
    const { url } = await server();
    if (method === 'DELETE') await takeBack(new URL(path, url).href);
    if (method !== 'POST') return { url };
    return { url: path === '/empty' ? (await createDatabase(url)).databaseUrl : await withTables(url) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

function openDatabaseServer(): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request).then((databases) => response.end(JSON.stringify(databases)));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** The global set-up of vitest: one PostgreSQL for the whole run, stopped at its end. It starts with the first request for a database. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const databaseServer = await openDatabaseServer();
  const address = databaseServer.address();
  if (!address || typeof address === 'string') throw new Error('no free port on 127.0.0.1 for requests of a database');
  project.provide('databaseServer', `http://127.0.0.1:${address.port}`);
  return async () => {
    databaseServer.close();
    databaseServer.closeAllConnections();
    await cleaner[Symbol.asyncDispose]();
    const started = await cluster?.catch(() => undefined);
    await started?.stop();
  };
}
