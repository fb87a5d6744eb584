import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { asSessionKey, partyKey, stationId } from '../../src/domain/ids.ts';
import { pseudonymiseMark } from '../../src/node/cpo/own-sessions.ts';
import { encryptOldRows } from '../../src/node/upkeep/encrypt-old-rows.ts';
import type { OwnSession, Progress } from '../../src/roles/cpo/session.ts';
import { encryptWith } from '../../src/store/encryption.ts';
import { openStore } from '../../src/store/open.ts';
import { eventsAfter } from '../../src/store/sql/event.ts';
import { pushOf } from '../../src/store/sql/push.ts';
import { sessionByKey } from '../../src/store/sql/session.ts';
import type { SqlValue, Store, Write } from '../../src/store/store.ts';
import { openVault } from '../../src/store/vault.ts';
import { remoteSession } from '../emsp-world.ts';
import { databaseFor, stores } from '../world.ts';

const raw = (name: string, sql: string, values: readonly SqlValue[]): Write => ({ name, sql, values });
const keyOf = (n: number) => `NL*EVK*S${n}`;
const bodyOf = (n: number, uid = `CANARY${n}`) =>
  remoteSession(`S${n}`, {
    cdr_token: { country_code: 'NL', party_id: 'MSP', uid, type: 'RFID', contract_id: `CANARY-C${n}` },
    authorization_reference: 'CANARY-R',
  });
const progressOf = (n: number) => ({ mark: `1 1800000000000 CANARY${n}`, period: { since: 1 } });

/** Marks a store as one of an earlier release, whose rows were not encrypted. */
const asEarlierRelease = raw('as-earlier-release', "DELETE FROM counter WHERE name = 'drivers-sealed'", []);

/** A session with its push state and event, as releases before migration 7 stored them. */
const unencryptedRows = (n: number): Write[] => [
  raw(
    'unencrypted-session',
    "INSERT INTO session (key, folded_id, status, last_updated, body, station, progress) VALUES ($1, $2, 'COMPLETED', 1, $3, 'CP', $4)",
    [keyOf(n), `S${n}`, JSON.stringify(bodyOf(n)), JSON.stringify(progressOf(n))],
  ),
  raw('unencrypted-push', "INSERT INTO push (session_key, party, peer, acknowledged) VALUES ($1, 'NL*MSP', 'NL*MSP', $2)", [
    keyOf(n),
    JSON.stringify(bodyOf(n)),
  ]),
  raw('unencrypted-event', "INSERT INTO event (at, kind, session_key, body) VALUES (1, 'session', $1, $2)", [keyOf(n), JSON.stringify(bodyOf(n))]),
];
const texts = async (store: Store) => {
  const columns = { session: 'body || progress', push: 'acknowledged', event: 'body' };
  const all = Object.entries(columns).map(([table, text]) =>
    store.all({ name: `texts-${table}`, sql: `SELECT ${text} AS text FROM ${table}`, values: [], read: (row) => String(row.text) }),
  );
  return (await Promise.all(all)).flat();
};

describe.each(stores)('unencrypted rows of an earlier release (%s)', (kind) => {
  test('SEC-46: are readable, are encrypted in batches, read the same afterwards, and are erased with their driver', async () => {
    await using stack = new AsyncDisposableStack();
    const encryption = encryptWith(randomBytes(32));
    const vault = stack.use(openVault(':memory:', encryption));
    const store = stack.use(await openStore(await databaseFor(kind, stack), vault));
    const many = Array.from({ length: 450 }, (_, n) => n);
    await store.commit([asEarlierRelease, ...many.flatMap(unencryptedRows)]);
    const read = async (n: number) => {
      const key = asSessionKey(keyOf(n));
      const events = await store.all(eventsAfter(0, 1_000));
      const [session, push] = [await store.first(sessionByKey<OwnSession, Progress>(key)), await store.first(pushOf<OwnSession>(key, partyKey('NL', 'MSP')))];
      return [session?.body, push?.acknowledged, JSON.parse(events.find((it) => it.session === key)?.body ?? '')];
    };
    expect(await read(449)).toEqual([bodyOf(449), bodyOf(449), bodyOf(449)]);

    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    await encryptOldRows({ store, encryption, pause, stopped: () => pauses === 2 }); // a node that stops before all rows are encrypted
    expect((await texts(store)).filter((text) => text.includes('CANARY')).length).toBeGreaterThan(900);
    await encryptOldRows({ store, encryption, pause, stopped: () => false });
    expect((await texts(store)).filter((text) => text.includes('CANARY'))).toEqual([]);
    expect(await read(449)).toEqual([bodyOf(449), bodyOf(449), bodyOf(449)]);
    const stored = await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(keyOf(7))));
    expect(stored).toMatchObject({ driver: vault.driverOf('canary7'), progress: { mark: pseudonymiseMark(encryption, stationId('CP'), progressOf(7).mark) } });

    vault.erase(vault.driverOf('CANARY7'));
    expect((await read(7)).map((it) => it?.cdr_token?.uid)).toEqual(['erased', 'erased', 'erased']);
    expect(await read(8)).toEqual([bodyOf(8), bodyOf(8), bodyOf(8)]);
  });

  test('a uid that begins like an encrypted one is encrypted too', async () => {
    await using stack = new AsyncDisposableStack();
    const encryption = encryptWith(randomBytes(32));
    const vault = stack.use(openVault(':memory:', encryption));
    const store = stack.use(await openStore(await databaseFor(kind, stack), vault));
    const odd = `~CANARY${'0'.repeat(28)}~`;
    await store.commit([
      asEarlierRelease,
      raw('odd-session', "INSERT INTO session (key, folded_id, status, last_updated, body) VALUES ($1, 'S1', 'COMPLETED', 1, $2)", [
        keyOf(1),
        JSON.stringify(bodyOf(1, odd)),
      ]),
    ]);
    await encryptOldRows({ store, encryption, pause: async () => undefined, stopped: () => false });
    const bodies = store.all({ name: 'bodies', sql: 'SELECT body FROM session', values: [], read: (row) => String(row.body) });
    expect((await bodies).join()).not.toContain('CANARY');
    expect((await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(keyOf(1)))))?.body.cdr_token?.uid).toBe(odd);
  });
});
