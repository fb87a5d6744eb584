import { createServer, type IncomingMessage, type Server } from 'node:http';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../src/store/open.ts';
import { type Cluster, startCluster } from './cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for a PostgreSQL database; used by fresh-postgres.ts only. */
    databaseDoor: string;
  }
}

/** What the door answers: POST makes a database of the asker's own, empty or with all tables, GET names the server; or why there is none. */
export type Databases = { url: string } | { missing: string };

const made: string[] = [];
let cluster: Promise<Cluster> | undefined;
let template: Promise<string> | undefined;

/** The server named by EVENKEEL_TEST_POSTGRES, else a private one, started when the first test asks. */
function server(): Promise<Cluster> {
  const url = process.env.EVENKEEL_TEST_POSTGRES;
  cluster ??= url ? Promise.resolve({ url, stop: async () => dropAll(url) }) : startCluster();
  return cluster;
}

async function ask(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const dropAll = (url: string) =>
  ask(
    url,
    made.map((name) => `drop database if exists ${name} with (force)`),
  );

async function makeDatabase(url: string, from?: string): Promise<{ name: string; own: string }> {
  const name = `evenkeel_test_${process.pid}_${made.length + 1}`;
  made.push(name);
  await ask(url, [`create database ${name}${from === undefined ? '' : ` template ${from}`}`]);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { name, own: own.href };
}

/** A database whose tables were made once, by the store itself: to copy it takes half as long as to make them. */
async function makeTemplate(url: string): Promise<string> {
  const { name, own } = await makeDatabase(url);
  await (await openStore(own))[Symbol.asyncDispose]();
  return name;
}

async function answer({ method, url: path }: IncomingMessage): Promise<Databases> {
  try {
    const { url } = await server();
    if (method !== 'POST') return { url };
    if (path === '/empty') return { url: (await makeDatabase(url)).own };
    template ??= makeTemplate(url);
    return { url: (await makeDatabase(url, await template)).own };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

function openDoor(): Promise<Server> {
  const door = createServer((request, response) => {
    void answer(request).then((databases) => response.end(JSON.stringify(databases)));
  });
  return new Promise((resolve, reject) => {
    door.once('error', reject);
    door.listen(0, '127.0.0.1', () => resolve(door));
  });
}

/** Vitest's global set-up: one PostgreSQL for the whole run, stopped at its end. A run whose tests ask for none starts none. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const door = await openDoor();
  const address = door.address();
  if (!address || typeof address === 'string') throw new Error('no free port on 127.0.0.1 for the tests to ask for a database');
  project.provide('databaseDoor', `http://127.0.0.1:${address.port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    const started = await cluster?.catch(() => undefined);
    await started?.stop();
  };
}
