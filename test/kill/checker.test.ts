import { describe, expect, test } from 'vitest';
import { exchangeId, messageId, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { findViolations } from './checker.ts';
import type { History, ReceivedResult, SentRequest, StationRecord, StoredRequest } from './history.ts';

const T = 1_800_000_000_000;
const at = (second: number) => epochMillis(T + second * 1_000);
const url = (n: number) => `http://emsp/results/${n}`;

/** The n-th request: a set to n amperes that was accepted, sent, answered and told, all within a second. */
const kept = (n: number, more: Partial<StoredRequest> = {}): StoredRequest => ({
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
const asked = (n: number, more: Partial<SentRequest> = {}): SentRequest => ({
  kind: 'set',
  session: 's1',
  responseUrl: url(n),
  at: at(n),
  answer: 'ACCEPTED',
  answeredAt: at(n + 0.05),
  ...more,
});
const heard = (n: number, more: Partial<ReceivedResult> = {}): ReceivedResult => ({ responseUrl: url(n), at: at(n + 0.8), result: 'ACCEPTED', ...more });
const called = (n: number, second = n + 0.2, id = `m${n}`) => ({ at: at(second), from: 'node' as const, frame: [2, id, 'SetChargingProfile', {}] });
const answered = (n: number, second = n + 0.5) => ({ at: at(second), from: 'station' as const, frame: [3, `m${n}`, { status: 'Accepted' }] });
const seen = (limit: number | undefined, frames: StationRecord['frames']): StationRecord => ({
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
const sound: History = {
  sent: [asked(1), asked(2)],
  received: [heard(1), heard(2)],
  pushed: [{ session: 's1', at: at(3) }],
  stations: [seen(2, twoSets)],
  stored: [kept(1), kept(2)],
};

describe('the checker of histories', () => {
  test('finds nothing in a sound run', () => {
    expect(findViolations(sound)).toEqual([]);
  });

  test.each<[string, Partial<History>]>([
    ['I1: set to http://emsp/results/2 was ACCEPTED and is nowhere', { stored: [kept(1)], received: [heard(1)], stations: [] }],
    ['I1: set was answered 3000, and yet stands in the store', { sent: [asked(1), asked(2, { answer: '3000' })], received: [heard(1)] }],
    ['I1: set #2 (DELIVERED, cp) was kept 1950 ms after its answer', { stored: [kept(1), kept(2, { acceptedAt: at(4) })] }],
    ['I2: http://emsp/results/2 heard 2 results', { received: [heard(1), heard(2), heard(2)] }],
    ['I3: a result came to http://emsp/results/9', { received: [...sound.received, heard(9)] }],
    ['I3: set #2 (DELIVERED, cp) was answered REJECTED, and a result came', { sent: [asked(1), asked(2, { answer: 'REJECTED' })] }],
    ['I3: set #2 (DELIVERED, cp) is kept as ACCEPTED, and REJECTED was told', { received: [heard(1), heard(2, { result: 'REJECTED' })] }],
    ['I4: the result of set #2 (DELIVERED, cp) came 1000 ms after its deadline', { received: [heard(1), heard(2, { at: at(33) })] }],
    ['I5: set #2 (SENDING, cp) never ended', { stored: [kept(1), kept(2, { state: 'SENDING' })] }],
    ['I5: set #2 (DELIVERED, cp) ended 1000 ms too late', { stored: [kept(1), kept(2, { endedAt: at(38) })] }],
    ['I5: set #2 (DELIVERED) has no reason', { stored: [kept(1), kept(2, { reason: undefined })] }],
    ['I5: nothing was heard of set #2 (DELIVERED, cp)', { received: [heard(1)] }],
    ['I5: a result was heard of set #2 (TIMED_OUT, cp_silent)', { stored: [kept(1), kept(2, { state: 'TIMED_OUT', reason: 'cp_silent' })] }],
    ['I6: the active profile of s1 was pushed before', { pushed: [{ session: 's1', at: at(0.5) }] }],
    ['I7: CP holds [1] after set #2 (DELIVERED, cp) of [2]', { stations: [seen(1, twoSets)] }],
    ['I7: CP holds [2] after clear #2 (DELIVERED, cp) of []', { stored: [kept(1), kept(2, { ask: { kind: 'clear' } })] }],
    ['I10: CP got set #1 (DELIVERED, cp) after set #2 (DELIVERED, cp)', { stations: [seen(2, [called(2), answered(2), called(1, 3), answered(1, 4)])] }],
    ['I10: CP got set #2 (DELIVERED, cp) 3 times', { stations: [seen(2, [called(1), answered(1), called(2), answered(2), called(2, 5), called(2, 6)])] }],
    [
      'I10: CP got set #2 (DELIVERED, cp) while set #1 (DELIVERED, cp) was in flight',
      { stations: [seen(2, [called(1), called(2), answered(1, 4), answered(2, 5)])] },
    ],
  ])('%s', (says, change) => {
    expect(findViolations({ ...sound, ...change })).toContainEqual(expect.stringContaining(says));
  });

  test.each<[string, Partial<History>]>([
    ['a lost answer promises nothing, and a result may come all the same', { sent: [asked(1), asked(2, { answer: 'lost' })] }],
    [
      'a new connection may bring the same call again',
      { stations: [{ ...seen(2, [...twoSets.slice(0, 3), called(2, 5), answered(2, 6)]), connections: [{ at: at(4), event: 'connected' }] }] },
    ],
    [
      'nor what a set left behind that was refused when it was sent again',
      {
        stations: [seen(2, twoSets)],
        stored: [kept(1), kept(2, { result: 'REJECTED', reason: 'cp: InternalError', earlierMessageId: messageId('m2-before') })],
        received: [heard(1), heard(2, { result: 'REJECTED' })],
      },
    ],
    [
      'what a set that was never answered left behind is not known',
      { stations: [seen(2, twoSets)], stored: [kept(1), kept(2, { state: 'TIMED_OUT', reason: 'cp_silent', result: undefined })], received: [heard(1)] },
    ],
  ])('%s', (_what, change) => {
    expect(findViolations({ ...sound, ...change })).toEqual([]);
  });
});
