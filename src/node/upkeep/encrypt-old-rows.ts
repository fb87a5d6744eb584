import { type DriverId, knownParty, knownSession } from '../../domain/ids.ts';
import { driverOf, type Seal } from '../../store/seal.ts';
import {
  type ClearEvent,
  type ClearPush,
  type ClearSession,
  clearEvents,
  clearPushes,
  clearSessions,
  emptyLog,
  sealEvent,
  sealPush,
  sealSession,
} from '../../store/sql/clear-row.ts';
import { drawNumber, lastNumber } from '../../store/sql/counter.ts';
import type { Query, Store, Write } from '../../store/store.ts';
import { hiddenMark } from '../cpo/own-sessions.ts';

/** Counts the times that all of a store was found sealed. */
export const SEALED_ALL = 'drivers-sealed';
const BEFORE_ALL = { session: knownSession(''), party: knownParty('') };

interface Tools {
  store: Store;
  seal: Seal;
  /** Between two batches; a node at work lets others go first. */
  pause(): Promise<void>;
  stopped(): boolean;
}

/**
 * Seals what an earlier release wrote about drivers in clear, once for each store (SEC-46). Rows that change meanwhile are sealed by
 * whoever changes them, so it can end and begin again anywhere.
 */
export async function sealOld(tools: Tools): Promise<void> {
  const { store, seal, stopped } = tools;
  if (((await store.first(lastNumber(SEALED_ALL))) ?? 0) > 0) return;
  let found = 0;
  for (let more = 1; more > 0 && !stopped(); found += more) more = await sealAll(tools, seal);
  if (stopped()) return;
  if (found > 0 && store.kind === 'sqlite') await store.all(emptyLog);
  await store.commit([drawNumber(SEALED_ALL)]);
}

/** Goes through all tables once, and says how many rows were clear; sessions first, since they say whose the others are. */
async function sealAll(tools: Tools, seal: Seal): Promise<number> {
  const sessions = await inBatches(
    tools,
    (last: ClearSession | undefined) => clearSessions(last?.seq ?? 0),
    (it) => sealOne(seal, it),
  );
  const pushes = await inBatches(tools, (last: ClearPush | undefined) => clearPushes(last ?? BEFORE_ALL), sealPush);
  const events = await inBatches(tools, (last: ClearEvent | undefined) => clearEvents(last?.seq ?? 0), sealEvent);
  return sessions + pushes + events;
}

async function inBatches<T>({ store, pause, stopped }: Tools, next: (last: T | undefined) => Query<T>, write: (row: T) => Write): Promise<number> {
  let found = 0;
  for (let last: T | undefined; !stopped(); await pause()) {
    const rows = await store.all(next(last));
    if (rows.length === 0) break;
    await store.commit(rows.map(write));
    found += rows.length;
    last = rows.at(-1);
  }
  return found;
}

function sealOne(seal: Seal, session: ClearSession): Write {
  const { body, progress, station } = session;
  const token: { uid: string } | undefined = JSON.parse(body).cdr_token;
  const driver: DriverId | undefined = session.driver ?? (token && driverOf(seal, token.uid));
  if (progress === undefined || station === undefined) return sealSession(session, driver, progress);
  const known: { mark?: string } = JSON.parse(progress);
  // Only a mark in clear has gaps in it.
  const hidden = known.mark?.includes(' ') ? { ...known, mark: hiddenMark(seal, station, known.mark) } : known;
  return sealSession(session, driver, JSON.stringify(hidden));
}
