import { describe, expect, test } from 'vitest';
import type { Effect } from '../../domain/effect.ts';
import type { Ask } from '../../domain/exchange.ts';
import { exchangeId, peerId, stationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { amperes, epochSeconds, seconds } from '../../domain/units.ts';
import { OPERATOR } from './check-profile-request.ts';
import { applyAnswer, applyLateAnswer, type DispatchedExchange, timedOut, withoutAnswer } from './process-station-answer.ts';
import { inAmperes, MSP, S1 } from './profile-request.fixture.ts';

const X1 = exchangeId('x1');
const set: Ask = { kind: 'set', profile: inAmperes(10) };
const get: Ask = { kind: 'get', duration: seconds(900) };
const clear: Ask = { kind: 'clear' };
const exchange = (ask: Ask, more: Partial<DispatchedExchange> = {}): DispatchedExchange => ({
  id: X1,
  side: 'carried',
  peer: peerId('NL*MSP'),
  party: MSP,
  session: S1,
  station: stationId('CP-1'),
  ask,
  sends: 1,
  installed: false,
  replaces: 'all',
  ...more,
});
const active: ActiveChargingProfile = {
  unit: 'A',
  start: epochSeconds(0),
  duration: seconds(900),
  periods: [{ start: seconds(0), limit: amperes(10) }],
};
const does = (effects: readonly { do: string }[]) => effects.map((it) => it.do);
const resultOf = (ask: Ask, received: StationAnswer, more: Partial<DispatchedExchange> = {}) =>
  applyAnswer(exchange(ask, more), received).effects.flatMap((it) => (it.do === 'record-result' ? [it.outcome] : []));

describe('the answer of a charge point', () => {
  test.each([
    { kind: 'set', ask: set, received: { is: 'ACCEPTED' }, result: 'ACCEPTED' },
    { kind: 'set', ask: set, received: { is: 'REJECTED', because: 'Rejected' }, result: 'REJECTED' },
    { kind: 'get', ask: get, received: { is: 'REJECTED', because: 'CALLERROR' }, result: 'REJECTED' },
    { kind: 'get', ask: get, received: { is: 'UNKNOWN' }, result: 'UNKNOWN' },
    { kind: 'clear', ask: clear, received: { is: 'ACCEPTED' }, result: 'ACCEPTED' },
    { kind: 'clear', ask: clear, received: { is: 'UNKNOWN' }, result: 'UNKNOWN' },
  ] as const)('CP-15: to a $kind, $received.is becomes the result', ({ ask, received, result }) => {
    expect(resultOf(ask, received)).toEqual([{ result }]);
  });

  test('CP-14: to a get has the profile, if there is one', () => {
    expect(resultOf(get, { is: 'ACCEPTED', activeProfile: active })).toEqual([{ result: 'ACCEPTED', profile: active }]);
  });

  test('CP-18: ACCEPTED to a set entitles the sender to updates and stores the profile', () => {
    expect(applyAnswer(exchange(set), { is: 'ACCEPTED' })).toEqual({
      answer: 'settled',
      effects: [
        { do: 'record-result', exchange: X1, outcome: { result: 'ACCEPTED' }, reason: 'cp' },
        { do: 'remember-input', session: S1, by: MSP, peer: peerId('NL*MSP'), profile: inAmperes(10), certain: true, replaces: 'all' },
        { do: 'entitle', session: S1, party: MSP, peer: peerId('NL*MSP') },
        { do: 'reread-active-profile', session: S1, stored: 'replaced' },
      ],
    });
  });

  test('CP-14: a profile that the node computed is recorded as computed', () => {
    expect(applyAnswer(exchange(get), { is: 'ACCEPTED', activeProfile: active, computed: true }).effects).toEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'ACCEPTED', profile: active, computed: true }, reason: 'computed' },
    ]);
    expect(applyAnswer(exchange(get), { is: 'ACCEPTED', activeProfile: active }).effects).toStrictEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'ACCEPTED', profile: active }, reason: 'cp' },
    ]);
  });

  test('CP-15: a refusal and an unknown profile are recorded with what the charge point said', () => {
    expect(applyAnswer(exchange(get), { is: 'REJECTED', because: 'NotSupported' }).effects).toEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'REJECTED' }, reason: 'cp: NotSupported' },
    ]);
    expect(applyAnswer(exchange(get), { is: 'UNKNOWN' }).effects).toEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'UNKNOWN' }, reason: 'cp' },
    ]);
  });

  test.each([
    [MSP, MSP],
    [OPERATOR, undefined],
  ])('CP-68: a clear of %s forgets the profile of %s; undefined: of all parties', (party, by) => {
    expect(applyAnswer(exchange(clear, { party }), { is: 'ACCEPTED' }).effects).toContainEqual({ do: 'forget-input', session: S1, by });
  });

  test.each([
    ['a set that was REJECTED', set, { is: 'REJECTED', because: 'x' }],
    ['a get', get, { is: 'ACCEPTED', activeProfile: active }],
    ['a clear', clear, { is: 'ACCEPTED' }],
    ['a set without an answer', set, { is: 'SILENT', because: 'deadline' }],
  ] as const)('CP-20: %s entitles nobody', (_, ask, received) => {
    expect(does(applyAnswer(exchange(ask), received).effects)).not.toContain('entitle');
  });

  test('CP-20: a set of the operator entitles nobody', () => {
    expect(does(applyAnswer(exchange(set, { side: 'own' }), { is: 'ACCEPTED' }).effects)).toEqual(['record-result', 'remember-input', 'reread-active-profile']);
  });

  test('CP-23: ACCEPTED or UNKNOWN to a clear makes the node read the active profile again', () => {
    for (const received of [{ is: 'ACCEPTED' }, { is: 'UNKNOWN' }] as const)
      expect(does(applyAnswer(exchange(clear), received).effects)).toEqual(['record-result', 'forget-input', 'reread-active-profile']);
  });

  test('CP-15: REJECTED to a clear keeps the stored profile', () => {
    expect(does(applyAnswer(exchange(clear), { is: 'REJECTED', because: 'x' }).effects)).toEqual(['record-result']);
  });

  test('CP-15: UNKNOWN to a repeated clear means that the first one succeeded, if a profile was stored', () => {
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 2, installed: true })).toEqual([{ result: 'ACCEPTED' }]);
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 2, installed: false })).toEqual([{ result: 'UNKNOWN' }]);
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 1, installed: true })).toEqual([{ result: 'UNKNOWN' }]);
    for (const ask of [get, set]) expect(resultOf(ask, { is: 'UNKNOWN' }, { sends: 2, installed: true })).toEqual([{ result: 'UNKNOWN' }]);
  });

  test('G-06: after REJECTED to a set that was sent twice, the profile may be installed, so the node reads the active profile', () => {
    const refusal = { is: 'REJECTED', because: 'InternalError' } as const;
    expect(does(applyAnswer(exchange(set), refusal).effects)).toEqual(['record-result']);
    const { effects } = applyAnswer(exchange(set, { sends: 2 }), refusal);
    expect(does(effects)).toEqual(['record-result', 'remember-input', 'reread-active-profile']);
    expect(effects[1]).toMatchObject({ certain: false });
  });

  test.each([
    ['get', get],
    ['clear', clear],
  ] as const)('CP-15: REJECTED to a %s that was sent twice installs nothing', (_, ask) => {
    expect(does(applyAnswer(exchange(ask, { sends: 2 }), { is: 'REJECTED', because: 'x' }).effects)).toEqual(['record-result']);
  });

  test('G-06: after a garbled answer to a set, the profile may be installed, so the node reads the active profile', () => {
    const { effects } = applyAnswer(exchange(set), { is: 'REJECTED', because: 'malformed answer', garbled: true });
    expect(does(effects)).toEqual(['record-result', 'remember-input', 'reread-active-profile']);
  });
});

describe('no answer', () => {
  test('CP-16: to a request that was never sent makes it REJECTED, because it is not executed', () => {
    expect(resultOf(set, { is: 'NOT_SENT', because: 'deadline' }, { sends: 0 })).toEqual([{ result: 'REJECTED' }]);
    expect(resultOf(set, { is: 'NOT_SENT', because: 'queue-full' }, { sends: 0 })).toEqual([{ result: 'REJECTED' }]);
  });

  test('CP-16: to a request that may have arrived gives no result, and the active profile is read again', () => {
    const { answer, effects } = applyAnswer(exchange(set), { is: 'SILENT', because: 'deadline' });
    expect(answer).toBe('settled');
    expect(effects).toEqual([
      { do: 'end', exchange: X1, state: 'TIMED_OUT', reason: 'cp_silent' },
      { do: 'remember-input', session: S1, by: MSP, peer: peerId('NL*MSP'), profile: inAmperes(10), certain: false, replaces: 'all' },
      { do: 'reread-active-profile', session: S1, stored: 'unknown' },
    ]);
  });

  test.each([
    ['offline before it was sent', { is: 'NOT_SENT', because: 'offline' }],
    ['disconnected after it was sent', { is: 'SILENT', because: 'disconnected' }],
  ] as const)('CP-16: with the charge point %s makes the request wait', (_, received) => {
    expect(applyAnswer(exchange(set), received)).toEqual({ answer: 'waits', effects: [] });
  });

  test('CP-16: from a charge point that does not reconnect in time gives no result after a send, and REJECTED before', () => {
    expect(withoutAnswer(exchange(get)).effects).toEqual([
      { do: 'end', exchange: X1, state: 'TIMED_OUT', reason: 'cp_offline' },
      { do: 'reread-active-profile', session: S1, stored: 'counts' },
    ]);
    expect(withoutAnswer(exchange(get, { sends: 0 })).effects).toEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'REJECTED' }, reason: 'not_sent' },
    ]);
  });

  test('CP-11: to a request that ended before it was sent gives no second result', () => {
    expect(applyAnswer(exchange(set), { is: 'NOT_SENT', because: 'unclaimed' })).toEqual({ answer: 'settled', effects: [] });
  });

  test('CP-16: to a get stores no uncertain profile', () => {
    expect(does(timedOut(exchange(get), 'crash').effects)).not.toContain('remember-input');
  });
});

test('CP-18: a late ACCEPTED has the effects of a successful set, without a result', () => {
  expect(does(applyLateAnswer(exchange(set), 'ACCEPTED'))).toEqual(['remember-input', 'entitle', 'reread-active-profile']);
  expect(applyLateAnswer(exchange(set), 'REJECTED')).toEqual([]);
});

describe('CON-X01: whether the active profile that was read last still counts', () => {
  const storedAfter = (effects: readonly Effect[]) => effects.flatMap((it) => (it.do === 'reread-active-profile' ? [it.stored] : []));

  test.each([
    ['a set that was confirmed', applyAnswer(exchange(set), { is: 'ACCEPTED' }).effects, ['replaced']],
    ['a clear', applyAnswer(exchange(clear), { is: 'ACCEPTED' }).effects, ['unknown']],
    ['a clear that found nothing', applyAnswer(exchange(clear), { is: 'UNKNOWN' }).effects, ['unknown']],
    ['a clear that was refused', applyAnswer(exchange(clear), { is: 'REJECTED', because: 'busy' }).effects, []],
    ['a set without an answer', timedOut(exchange(set), 'cp_silent').effects, ['unknown']],
    ['a clear without an answer', timedOut(exchange(clear), 'cp_silent').effects, ['unknown']],
    ['a get without an answer', timedOut(exchange(get), 'cp_silent').effects, ['counts']],
  ])('after %s', (_, effects, stored) => {
    expect(storedAfter(effects)).toEqual(stored);
  });

  test('the profiles that a clear without an answer may have removed are uncertain', () => {
    const doubted = (of: Partial<DispatchedExchange>) => timedOut(exchange(clear, of), 'cp_silent').effects.filter((it) => it.do === 'doubt-input');
    expect(doubted({})).toEqual([{ do: 'doubt-input', session: S1, by: MSP }]);
    expect(doubted({ party: OPERATOR })).toEqual([{ do: 'doubt-input', session: S1, by: undefined }]);
  });
});
