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

/** The counter that is 1 when all rows are encrypted; its name is in existing stores. */
export const ALL_ENCRYPTED = 'drivers-sealed';
const BEFORE_FIRST = { session: asSessionKey(''), party: asPartyKey('') };

interface Encrypting {
  store: Store;
  encryption: Encryption;
  /** Called between two batches, so that other work of the node can use the store. */
  pause(): Promise<void>;
  stopped(): boolean;
}

/**
 * Encrypts personal data of drivers that an earlier release wrote unencrypted, once for each store (SEC-46). Rows that change in the
 * meantime are encrypted by that change, so the job can stop anywhere and start again.
 */
export async function encryptOldRows(job: Encrypting): Promise<void> {
  const { store, encryption, stopped } = job;
  if (((await store.first(lastNumber(ALL_ENCRYPTED))) ?? 0) > 0) return;
  let found = 0;
  for (let more = 1; more > 0 && !stopped(); found += more) more = await encryptAll(job, encryption);
  if (stopped()) return;
  if (found > 0 && store.kind === 'sqlite') await store.all(truncateWriteAheadLog);
  await store.commit([nextNumber(ALL_ENCRYPTED)]);
}

/** Encrypts all tables once; returns how many rows were unencrypted. Sessions come first, because other rows find their driver by them. */
async function encryptAll(job: Encrypting, encryption: Encryption): Promise<number> {
  const sessions = await inBatches(
    job,
    (last: UnencryptedSession | undefined) => unencryptedSessions(last?.seq ?? 0),
    (it) => encryptOne(encryption, it),
  );
  const pushes = await inBatches(job, (last: UnencryptedPush | undefined) => unencryptedPushes(last ?? BEFORE_FIRST), encryptPush);
  const events = await inBatches(job, (last: UnencryptedEvent | undefined) => unencryptedEvents(last?.seq ?? 0), encryptEvent);
  return sessions + pushes + events;
}

async function inBatches<T>({ store, pause, stopped }: Encrypting, next: (last: T | undefined) => Query<T>, write: (row: T) => Write): Promise<number> {
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
  const state: { mark?: string } = JSON.parse(progress);
  // Only an unencrypted mark contains spaces.
  const hidden = state.mark?.includes(' ') ? { ...state, mark: pseudonymiseMark(encryption, station, state.mark) } : state;
  return encryptSession(session, driver, JSON.stringify(hidden));
}
