import { asPartyKey, asSessionKey, type DriverId } from '../../domain/ids.ts';
import { driverIdOf, type Encryption } from '../../store/encryption.ts';
import { lastNumber, nextNumber } from '../../store/sql/counter.ts';
import {
  encryptEvent,
  encryptPush,
  encryptSession,
  truncateWriteAheadLog,
  type UnencryptedEvent,
  type UnencryptedPush,
  type UnencryptedSession,
  unencryptedEvents,
  unencryptedPushes,
  unencryptedSessions,
} from '../../store/sql/unencrypted-row.ts';
import type { Query, Store, Write } from '../../store/store.ts';
import { pseudonymiseMark } from '../cpo/own-sessions.ts';

/** Counts the times that all of a store was found encrypted. */
export const ALL_ENCRYPTED = 'drivers-sealed';
const BEFORE_ALL = { session: asSessionKey(''), party: asPartyKey('') };

interface Tools {
  store: Store;
  encryption: Encryption;
  /** Between two batches; a node at work lets others go first. */
  pause(): Promise<void>;
  stopped(): boolean;
}

/**
 * Encrypts what an earlier release wrote about drivers in clear, once for each store (SEC-46). Rows that change meanwhile are encrypted by
 * whoever changes them, so it can end and begin again anywhere.
 */
export async function encryptOldRows(tools: Tools): Promise<void> {
  const { store, encryption, stopped } = tools;
  if (((await store.first(lastNumber(ALL_ENCRYPTED))) ?? 0) > 0) return;
  let found = 0;
  for (let more = 1; more > 0 && !stopped(); found += more) more = await encryptAll(tools, encryption);
  if (stopped()) return;
  if (found > 0 && store.kind === 'sqlite') await store.all(truncateWriteAheadLog);
  await store.commit([nextNumber(ALL_ENCRYPTED)]);
}

/** Goes through all tables once, and says how many rows were clear; sessions first, since they say whose the others are. */
async function encryptAll(tools: Tools, encryption: Encryption): Promise<number> {
  const sessions = await inBatches(
    tools,
    (last: UnencryptedSession | undefined) => unencryptedSessions(last?.seq ?? 0),
    (it) => encryptOne(encryption, it),
  );
  const pushes = await inBatches(tools, (last: UnencryptedPush | undefined) => unencryptedPushes(last ?? BEFORE_ALL), encryptPush);
  const events = await inBatches(tools, (last: UnencryptedEvent | undefined) => unencryptedEvents(last?.seq ?? 0), encryptEvent);
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

function encryptOne(encryption: Encryption, session: UnencryptedSession): Write {
  const { body, progress, station } = session;
  const token: { uid: string } | undefined = JSON.parse(body).cdr_token;
  const driver: DriverId | undefined = session.driver ?? (token && driverIdOf(encryption, token.uid));
  if (progress === undefined || station === undefined) return encryptSession(session, driver, progress);
  const known: { mark?: string } = JSON.parse(progress);
  // Only a mark in clear has gaps in it.
  const hidden = known.mark?.includes(' ') ? { ...known, mark: pseudonymiseMark(encryption, station, known.mark) } : known;
  return encryptSession(session, driver, JSON.stringify(hidden));
}
