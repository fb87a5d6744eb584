import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Emsp } from '../../sim/index.ts';
import type { ExchangeState } from '../../src/domain/exchange.ts';
import { exchangeId, messageId, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { openEncryption, openStore } from '../../src/store/open.ts';
import { claimDelivery, claimSending, exchangeById, insertExchange, recordResult } from '../../src/store/sql/exchange.ts';
import type { Write } from '../../src/store/store.ts';
import { openWorld, stores, type World } from '../world.ts';
import { untilAllEnded } from './until-all-ended.ts';

/** An exchange in the state after a crash. With a timeout of 30 s, the charge point must answer by 6 s before the deadline. */
interface OpenRow {
  what: string;
  state: Extract<ExchangeState, 'ACCEPTED' | 'SENDING' | 'RESULT' | 'DELIVERING'>;
  /** Milliseconds from the commit of the row to the deadline. Rows in time leave the node several seconds to start. */
  left: number;
  /** Seconds, as in the answer to the request; default 30. */
  timeout?: number;
  sends?: number;
  noSession?: true;
  ends: { state: ExchangeState; reason: string };
  results: number;
}
const offline = { state: 'TIMED_OUT', reason: 'cp_offline' } as const;
const crash = { state: 'TIMED_OUT', reason: 'crash' } as const;
const notSent = { state: 'DELIVERED', reason: 'not_sent' } as const;
const YEAR = 365 * 86_400_000;

const rows: OpenRow[] = [
  { what: 'unsent, in time, its charge point stays offline', state: 'ACCEPTED', left: 12_000, ends: notSent, results: 1 },
  { what: 'unsent, too late for the charge point, in time for the sender', state: 'ACCEPTED', left: 5_000, ends: notSent, results: 1 },
  { what: 'unsent, after its deadline', state: 'ACCEPTED', left: -1, ends: crash, results: 0 },
  { what: 'sent, in time, its charge point stays offline', state: 'SENDING', left: 12_000, ends: offline, results: 0 },
  { what: 'sent twice, in time', state: 'SENDING', sends: 2, left: 12_000, ends: offline, results: 0 },
  { what: 'sent, too late for the charge point', state: 'SENDING', left: 5_000, ends: crash, results: 0 },
  { what: 'a result, in time', state: 'RESULT', left: 5_000, ends: { state: 'DELIVERED', reason: 'cp' }, results: 1 },
  { what: 'a result, too late', state: 'RESULT', left: -1, ends: { state: 'UNDELIVERED', reason: 'expired' }, results: 0 },
  { what: 'a result that may have been posted', state: 'DELIVERING', left: 20_000, ends: { state: 'DELIVERY_UNKNOWN', reason: 'crash' }, results: 0 },
  { what: 'unsent, its session is not in the store', state: 'ACCEPTED', left: 20_000, noSession: true, ends: crash, results: 0 },
  { what: 'unsent, late, its session is not in the store', state: 'ACCEPTED', left: 5_000, noSession: true, ends: crash, results: 0 },
  { what: 'sent, its session is not in the store', state: 'SENDING', left: 20_000, noSession: true, ends: crash, results: 0 },
  { what: 'a result, its session is not in the store', state: 'RESULT', left: 20_000, noSession: true, ends: { state: 'DELIVERED', reason: 'cp' }, results: 1 },
  { what: 'unsent, the clock was set forward since', state: 'ACCEPTED', left: -YEAR, ends: crash, results: 0 },
  { what: 'a result, the clock was set forward since', state: 'RESULT', left: -YEAR, ends: { state: 'UNDELIVERED', reason: 'expired' }, results: 0 },
  { what: 'sent, the clock was set back since', state: 'SENDING', left: YEAR, timeout: 1, ends: offline, results: 0 },
  { what: 'unsent, the clock was set back since', state: 'ACCEPTED', left: YEAR, timeout: 1, ends: notSent, results: 1 },
];

describe.each(stores)('exchanges that were open at a crash, after the next start (%s)', (kind) => {
  let world: World;
  let emsp: Emsp;
  const urlOf = (row: OpenRow) => `${new URL(emsp.versionsUrl).origin}/ocpi/emsp/2.2.1/results/${rows.indexOf(row)}`;
  const idOf = (row: OpenRow) => exchangeId(`open-${rows.indexOf(row)}`);

  beforeAll(async () => {
    world = await openWorld({ store: kind });
    emsp = await world.emsp();
    const station = await world.station('CP-16');
    const session = await world.charging(emsp, station);
    await station[Symbol.asyncDispose]();
    await world.restart(async () => {
      await using store = await openStore(world.database);
      const encryption = openEncryption(world.keyFile);
      for (const row of rows) {
        const given = { encryptedUrl: encryption.encrypt(urlOf(row)), session: row.noSession ? 'GONE' : session, id: idOf(row), now: world.clock.now() };
        for (const write of writesFor(row, given)) await store.commit([write]);
      }
    });
    await using store = await openStore(world.database);
    const clock = { ...world.clock, after: (milliseconds: number, then: () => void) => world.clock.after(Math.min(milliseconds, 15_000), then) };
    await untilAllEnded({ store, clock, nextOutcome: () => world.nextStep('outcome') });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(rows)('CP-16, CP-17, G-05: ($state) $what', async (row) => {
    await using store = await openStore(world.database);
    const stored = await store.first(exchangeById(idOf(row)));
    expect({ state: stored?.state, reason: stored?.reason }).toEqual(row.ends);
    expect(emsp.requests.filter(({ method, url }) => method === 'POST' && url === urlOf(row))).toHaveLength(row.results);
  });
});

/** The writes that an earlier run had committed when it crashed. */
function writesFor(
  row: OpenRow,
  { id, encryptedUrl, session, now }: { id: ReturnType<typeof exchangeId>; encryptedUrl: string; session: string; now: number },
): Write[] {
  const timeout = seconds(row.timeout ?? 30);
  const deadline = epochMillis(now + row.left);
  const acceptedAt = epochMillis(deadline - timeout * 1000);
  const insert = insertExchange(
    {
      id,
      side: 'carried',
      peer: peerId('NL*MSP'),
      party: partyKey('NL', 'MSP'),
      session: sessionKey('NL', 'EVK', session),
      edition: '2.2.1',
      ask: { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } },
      requestId: randomUUID(),
      correlationId: randomUUID(),
      bodyHash: 'h',
      acceptedAt,
      deadline,
      timeout,
      state: 'ACCEPTED',
      station: stationId('CP-16'),
      profileId: 7,
    },
    { encryptedUrl },
  );
  const send = (epoch: number) => claimSending(id, { messageId: messageId(randomUUID()), epoch, at: acceptedAt });
  const sent = [insert, send(1), ...(row.sends === 2 ? [send(2)] : [])];
  const result = recordResult(id, ['SENDING'], { outcome: { result: 'ACCEPTED' }, reason: 'cp', at: acceptedAt });
  const steps = { ACCEPTED: [insert], SENDING: sent, RESULT: [...sent, result], DELIVERING: [...sent, result, claimDelivery(id, acceptedAt)] };
  return steps[row.state];
}
