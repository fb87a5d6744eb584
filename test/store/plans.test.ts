import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, stores } from '../world.ts';
import { runCpo, runEmsp, runScsp } from './busy-nodes.ts';
import { type Access, accessesOf } from './query-plan.ts';
import { rareStatements } from './rare-statements.ts';
import { recordStatements } from './recorded-statements.ts';

/** Tables that a node never empties, or that grow with sessions, drivers and requests. Everything else has the size of the configuration. */
const GROWING = [
  'session',
  'exchange',
  'event',
  'push',
  'relayed',
  'input',
  'steering',
  'token',
  'token_push',
  'hub_token_push',
  'location',
  'location_evse',
  'location_push',
  'audit',
  'preference',
  'claim',
  'meter_sample',
  'evidence',
  'kept_message',
  'provisional_id',
  'shadow',
  'shadow_day',
];

/** Partial indexes that hold only rows that something has to be done with, or rows of the configuration; they may be read whole. */
const SMALL_INDEXES = [
  'session_running',
  'session_alarm',
  'session_limit_unknown',
  'input_uncertain',
  'exchange_open',
  'push_failed',
  'location_push_failed',
  'location_own',
  'token_own',
];

/** Statements that may read more, each with the reason. Every name must occur, so that this list does not outlive its reasons. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'all-location-pushes': 'read once, at the start of a node: one row for each own location and peer',
  'all-preferences': 'one row for each running session; those of ended sessions are deleted every 10 minutes',
  'count-token-claims': 'reads the index of held tokens: those that a second party sent and no operator has decided on',
  'forget-preferences': 'one row for each running session, and those that ended since the last deletion',
  'waiting-claims': 'reads claims to parties that no operator has decided on, at most 100 of each peer, and stops at the limit',
  'newest-security': 'reads the index of security events from its end, and stops at the limit',
};

/** Conditions that narrow nothing: PostgreSQL writes them when it reads one end of an index. */
const NO_CONDITION = /^\(?\(?\w+ IS NOT NULL\)?\)?$/;
const isOneEnd = ({ keys, text }: Access) => keys !== undefined && NO_CONDITION.test(keys) && text.includes('Index Only');
const isWhole = (it: Access) => it.keys === undefined || (NO_CONDITION.test(it.keys) && !isOneEnd(it));
const isForbidden = (it: Access) => GROWING.includes(it.table) && isWhole(it) && !SMALL_INDEXES.includes(it.index ?? '');

const SQL_FOLDER = join(import.meta.dirname, '../../src/store/sql');
/** Files of statements over tables of the size of the configuration only. */
const SMALL_FILES =
  /^(api-key|claim|consent|console-\w+|contract|counter|csms-profile|evse-status|halt|hub-party|imposed-limit|let-in|peer|saved-view|station)\.ts$/;
/** A statement over no table, and a part of the name `insert-exchange-always`. */
const NO_STATEMENTS = ['^truncate-write-ahead-log$', '^always$'];
/** The names of all other statements, as patterns: some names contain a number of parties. */
const namesInSource = () =>
  readdirSync(SQL_FOLDER)
    .filter((file) => !SMALL_FILES.test(file))
    .flatMap((file) => [...readFileSync(join(SQL_FOLDER, file), 'utf8').matchAll(/(?:\bname: |\bselect(?:<[^>]*>)?\()(?:'([^']+)'|`([^`]+)`)/g)])
    .map(([, plain = '', name = plain]) => new RegExp(`^${name.replaceAll(/\$\{.*?\}/g, '.*')}$`));

describe.each(stores)('plans of all statements that nodes of three roles run (%s)', (kind) => {
  const stack = new AsyncDisposableStack();
  const { statements, around, add } = recordStatements();
  let store: Store;
  beforeAll(async () => {
    await runCpo(kind, around);
    await runEmsp(kind, around);
    await runScsp(kind, around);
    for (const it of rareStatements) add(it);
    // A database of its own: the statistics of earlier tests would change its plans.
    store = stack.use(await openStore(kind === 'postgres' ? await freshPostgres() : await databaseFor(kind, stack)));
  }, 120_000);
  afterAll(() => stack.disposeAsync());

  test('R-02: no statement reads a whole table that grows', async () => {
    const whole: string[] = [];
    for (const it of statements.values()) {
      const accesses = await accessesOf(store, it);
      if (!(it.name in EXCEPTIONS)) whole.push(...accesses.filter(isForbidden).map(({ text }) => `${it.name}: ${text}`));
    }
    expect(whole).toEqual([]);
  });

  test('R-02: every exception is a statement that the nodes ran', () => {
    expect(Object.keys(EXCEPTIONS).filter((name) => !statements.has(name))).toEqual([]);
  });

  test('R-02: every statement over tables that grow is among those that were explained', () => {
    const names = [...statements.keys()];
    const missing = namesInSource().filter((pattern) => !names.some((name) => pattern.test(name)));
    expect(missing.filter(({ source }) => !NO_STATEMENTS.includes(source))).toEqual([]);
  });
});
