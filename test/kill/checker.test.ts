import { describe, expect, test } from 'vitest';
import { exchangeId, messageId, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { findViolations } from './checker.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';

const T = 1_800_000_000_000;
const at = (second: number) => epochMillis(T + second * 1_000);
const url = (n: number) => `http://emsp/results/${n}`;

/** The n-th request: a set to n amperes that was accepted, dispatched, answered and delivered within a second. */
const stored = (n: number, more: Partial<StoredRequest> = {}): StoredRequest => ({
  seq: n,
  id: exchangeId(`x${n}`),
  side: 'carried',
  peer: peerId('NL*MSP'),
  party: partyKey('NL', 'MSP'),
  upstream: undefined,
  message: undefined,
  relayedOutcome: undefined,
  session: sessionKey('NL', 'EVK', 's1'),
  edition: '2.2.1',
  ask: { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(n) }] } },
  requestId: `r${n}`,
  correlationId: 'c',
  bodyHash: 'h',
  encryptedUrl: '…',
  responseUrl: url(n),
  acceptedAt: at(n),
  deadline: at(n + 30),
  timeout: seconds(30),
  state: 'DELIVERED',
  reason: 'cp',
  result: 'ACCEPTED',
  outcome: { result: 'ACCEPTED' },
  station: stationId('CP'),
  profileId: 7,
  messageId: messageId(`m${n}`),
  earlierMessageId: undefined,
  sentAt: at(n + 0.1),
  endedAt: at(n + 0.9),
  ...more,
});
const sent = (n: number, more: Partial<SentRequest> = {}): SentRequest => ({
  kind: 'set',
  session: 's1',
  responseUrl: url(n),
  at: at(n),
  answer: 'ACCEPTED',
  answeredAt: at(n + 0.05),
  ...more,
});
const received = (n: number, more: Partial<ReceivedResult> = {}): ReceivedResult => ({ responseUrl: url(n), at: at(n + 0.8), result: 'ACCEPTED', ...more });
const called = (n: number, second = n + 0.2, id = `m${n}`) => ({ at: at(second), from: 'node' as const, frame: [2, id, 'SetChargingProfile', {}] });
const answered = (n: number, second = n + 0.5) => ({ at: at(second), from: 'station' as const, frame: [3, `m${n}`, { status: 'Accepted' }] });
const record = (limit: number | undefined, frames: StationRecord['frames']): StationRecord => ({
  id: 'CP',
  frames,
  connections: [{ at: at(0), event: 'connected' }],
  installed:
    limit === undefined
      ? []
      : [
          {
            evseId: 1,
            id: 7,
            stackLevel: 1,
            purpose: 'tx',
            kind: 'Absolute',
            source: 'CSO',
            schedule: { unit: 'A', periods: [{ start: seconds(0), limit }] },
            wire: {},
          },
        ],
});
const twoSets = [called(1), answered(1), called(2), answered(2)];
const valid: History = {
  sent: [sent(1), sent(2)],
  received: [received(1), received(2)],
  pushed: [{ session: 's1', at: at(3) }],
  stations: [record(2, twoSets)],
  stored: [stored(1), stored(2)],
};

describe('the checker of recorded histories', () => {
  test('finds nothing in a valid run', () => {
    expect(findViolations(valid)).toEqual([]);
  });

  test.each<[string, Partial<History>]>([
    ['I1: set to http://emsp/results/2 was ACCEPTED, but is not in the store', { stored: [stored(1)], received: [received(1)], stations: [] }],
    ['I1: set was answered 3000, but is in the store', { sent: [sent(1), sent(2, { answer: '3000' })], received: [received(1)] }],
    ['I1: set #2 (DELIVERED, cp) was stored 1950 ms after its answer', { stored: [stored(1), stored(2, { acceptedAt: at(4) })] }],
    ['I2: http://emsp/results/2 received 2 results', { received: [received(1), received(2), received(2)] }],
    ['I3: a result was posted to http://emsp/results/9', { received: [...valid.received, received(9)] }],
    ['I3: set #2 (DELIVERED, cp) was answered REJECTED, but a result was posted', { sent: [sent(1), sent(2, { answer: 'REJECTED' })] }],
    ['I3: set #2 (DELIVERED, cp) is ACCEPTED in the store, but REJECTED was posted', { received: [received(1), received(2, { result: 'REJECTED' })] }],
    ['I4: the result of set #2 (DELIVERED, cp) was posted 1000 ms after its deadline', { received: [received(1), received(2, { at: at(33) })] }],
    ['I5: set #2 (SENDING, cp) has not ended', { stored: [stored(1), stored(2, { state: 'SENDING' })] }],
    ['I5: set #2 (DELIVERED, cp) ended 1000 ms too late', { stored: [stored(1), stored(2, { endedAt: at(38) })] }],
    ['I5: set #2 (DELIVERED) has no reason', { stored: [stored(1), stored(2, { reason: undefined })] }],
    ['I5: no result of set #2 (DELIVERED, cp) was posted', { received: [received(1)] }],
    ['I5: a result of set #2 (TIMED_OUT, cp_silent) was posted', { stored: [stored(1), stored(2, { state: 'TIMED_OUT', reason: 'cp_silent' })] }],
    ['I6: the active profile of s1 was pushed before a set was accepted', { pushed: [{ session: 's1', at: at(0.5) }] }],
    ['I7: CP has [1] installed, but set #2 (DELIVERED, cp) sets [2]', { stations: [record(1, twoSets)] }],
    ['I7: CP has [2] installed, but clear #2 (DELIVERED, cp) sets []', { stored: [stored(1), stored(2, { ask: { kind: 'clear' } })] }],
    ['I10: CP got set #1 (DELIVERED, cp) after set #2 (DELIVERED, cp)', { stations: [record(2, [called(2), answered(2), called(1, 3), answered(1, 4)])] }],
    ['I10: CP got set #2 (DELIVERED, cp) 3 times', { stations: [record(2, [called(1), answered(1), called(2), answered(2), called(2, 5), called(2, 6)])] }],
    [
      'I10: CP got set #2 (DELIVERED, cp) while set #1 (DELIVERED, cp) was in flight',
      { stations: [record(2, [called(1), called(2), answered(1, 4), answered(2, 5)])] },
    ],
  ])('finds: %s', (sentence, change) => {
    expect(findViolations({ ...valid, ...change })).toContainEqual(expect.stringContaining(sentence));
  });

  test.each<[string, Partial<History>]>([
    ['a result for a request whose answer was lost', { sent: [sent(1), sent(2, { answer: 'lost' })] }],
    [
      'the same call again on a new connection',
      { stations: [{ ...record(2, [...twoSets.slice(0, 3), called(2, 5), answered(2, 6)]), connections: [{ at: at(4), event: 'connected' }] }] },
    ],
    [
      'an installed profile whose set was REJECTED when it was sent again',
      {
        stations: [record(2, twoSets)],
        stored: [stored(1), stored(2, { result: 'REJECTED', reason: 'cp: InternalError', earlierMessageId: messageId('m2-before') })],
        received: [received(1), received(2, { result: 'REJECTED' })],
      },
    ],
    [
      'an installed profile whose set was never answered',
      {
        stations: [record(2, twoSets)],
        stored: [stored(1), stored(2, { state: 'TIMED_OUT', reason: 'cp_silent', result: undefined })],
        received: [received(1)],
      },
    ],
  ])('accepts %s', (_what, change) => {
    expect(findViolations({ ...valid, ...change })).toEqual([]);
  });
});
