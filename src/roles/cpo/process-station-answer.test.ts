import { describe, expect, test } from 'vitest';
import type { Ask } from '../../domain/exchange.ts';
import { exchangeId, peerId, stationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { amperes, epochSeconds, seconds } from '../../domain/units.ts';
import { applyAnswer, applyLateAnswer, type DispatchedExchange, timedOut, withoutAnswer } from './process-station-answer.ts';
import { inAmperes, MSP, S1 } from './profile-request.fixture.ts';

const X1 = exchangeId('x1');
const set: Ask = { kind: 'set', profile: inAmperes(10) };
const get: Ask = { kind: 'get', duration: seconds(900) };
const clear: Ask = { kind: 'clear' };
const carried = (ask: Ask, more: Partial<DispatchedExchange> = {}): DispatchedExchange => ({
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
const resultOf = (ask: Ask, heard: StationAnswer, more: Partial<DispatchedExchange> = {}) =>
  applyAnswer(carried(ask, more), heard).effects.flatMap((it) => (it.do === 'record-result' ? [it.outcome] : []));

describe('the word of a charge point', () => {
  test.each([
    { kind: 'set', ask: set, heard: { is: 'ACCEPTED' }, result: 'ACCEPTED' },
    { kind: 'set', ask: set, heard: { is: 'REJECTED', because: 'Rejected' }, result: 'REJECTED' },
    { kind: 'get', ask: get, heard: { is: 'REJECTED', because: 'CALLERROR' }, result: 'REJECTED' },
    { kind: 'get', ask: get, heard: { is: 'UNKNOWN' }, result: 'UNKNOWN' },
    { kind: 'clear', ask: clear, heard: { is: 'ACCEPTED' }, result: 'ACCEPTED' },
    { kind: 'clear', ask: clear, heard: { is: 'UNKNOWN' }, result: 'UNKNOWN' },
  ] as const)('CP-15: on a $kind, $heard.is is told as it was said', ({ ask, heard, result }) => {
    expect(resultOf(ask, heard)).toEqual([{ result }]);
  });

  test('CP-14: on a get brings the profile with it, when there is one', () => {
    expect(resultOf(get, { is: 'ACCEPTED', activeProfile: active })).toEqual([{ result: 'ACCEPTED', profile: active }]);
  });

  test('CP-18: that it took a set entitles the sender to news, and remembers what is installed', () => {
    const { effects } = applyAnswer(carried(set), { is: 'ACCEPTED' });
    expect(does(effects)).toEqual(['record-result', 'remember-input', 'entitle', 'reread-active-profile']);
  });

  test.each([
    ['a set that was REJECTED', set, { is: 'REJECTED', because: 'x' }],
    ['a get', get, { is: 'ACCEPTED', activeProfile: active }],
    ['a clear', clear, { is: 'ACCEPTED' }],
    ['a set without a word', set, { is: 'SILENT', because: 'deadline' }],
  ] as const)('CP-20: %s entitles nobody', (_, ask, heard) => {
    expect(does(applyAnswer(carried(ask), heard).effects)).not.toContain('entitle');
  });

  test('CP-20: a set of the operator entitles nobody', () => {
    expect(does(applyAnswer(carried(set, { side: 'own' }), { is: 'ACCEPTED' }).effects)).not.toContain('entitle');
  });

  test('CP-23: that a profile is gone, or never was, leads to a look at what holds now', () => {
    for (const heard of [{ is: 'ACCEPTED' }, { is: 'UNKNOWN' }] as const)
      expect(does(applyAnswer(carried(clear), heard).effects)).toEqual(['record-result', 'forget-input', 'reread-active-profile']);
  });

  test('CP-15: that it will not clear leaves our record as it is', () => {
    expect(does(applyAnswer(carried(clear), { is: 'REJECTED', because: 'x' }).effects)).toEqual(['record-result']);
  });

  test('CP-15: UNKNOWN to a clear that is repeated means that the first one worked, if our record knew of a profile', () => {
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 2, installed: true })).toEqual([{ result: 'ACCEPTED' }]);
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 2, installed: false })).toEqual([{ result: 'UNKNOWN' }]);
    expect(resultOf(clear, { is: 'UNKNOWN' }, { sends: 1, installed: true })).toEqual([{ result: 'UNKNOWN' }]);
  });

  test('G-06: a No to a set that was sent twice says nothing of the first time: the charge point may hold it, and is asked', () => {
    const no = { is: 'REJECTED', because: 'InternalError' } as const;
    expect(does(applyAnswer(carried(set), no).effects)).toEqual(['record-result']);
    const { effects } = applyAnswer(carried(set, { sends: 2 }), no);
    expect(does(effects)).toEqual(['record-result', 'remember-input', 'reread-active-profile']);
    expect(effects[1]).toMatchObject({ certain: false });
  });

  test('G-06: an answer that is none says nothing of a set: the charge point may hold it, and is asked', () => {
    const { effects } = applyAnswer(carried(set), { is: 'REJECTED', because: 'malformed answer', garbled: true });
    expect(does(effects)).toEqual(['record-result', 'remember-input', 'reread-active-profile']);
  });
});

describe('no word', () => {
  test('CP-16: on what never left is REJECTED, since it cannot be running', () => {
    expect(resultOf(set, { is: 'NOT_SENT', because: 'deadline' }, { sends: 0 })).toEqual([{ result: 'REJECTED' }]);
    expect(resultOf(set, { is: 'NOT_SENT', because: 'queue-full' }, { sends: 0 })).toEqual([{ result: 'REJECTED' }]);
  });

  test('CP-16: on what may have arrived is no result at all, and the state is read again', () => {
    const { answer, effects } = applyAnswer(carried(set), { is: 'SILENT', because: 'deadline' });
    expect(answer).toBe('settled');
    expect(effects).toEqual([
      { do: 'end', exchange: X1, state: 'TIMED_OUT', reason: 'cp_silent' },
      { do: 'remember-input', session: S1, by: MSP, peer: peerId('NL*MSP'), profile: inAmperes(10), certain: false, replaces: 'all' },
      { do: 'reread-active-profile', session: S1 },
    ]);
  });

  test.each([
    ['away before it was sent', { is: 'NOT_SENT', because: 'offline' }],
    ['gone after it was sent', { is: 'SILENT', because: 'disconnected' }],
  ] as const)('CP-16: because the charge point is %s lets the request wait', (_, heard) => {
    expect(applyAnswer(carried(set), heard)).toEqual({ answer: 'waits', effects: [] });
  });

  test('CP-16: of a charge point that did not come back in time is silence once it was sent, and REJECTED before', () => {
    expect(does(withoutAnswer(carried(get)).effects)).toEqual(['end', 'reread-active-profile']);
    expect(withoutAnswer(carried(get, { sends: 0 })).effects).toEqual([
      { do: 'record-result', exchange: X1, outcome: { result: 'REJECTED' }, reason: 'not_sent' },
    ]);
  });

  test('CP-11: on what was given up meanwhile is not for us to tell again', () => {
    expect(applyAnswer(carried(set), { is: 'NOT_SENT', because: 'unclaimed' })).toEqual({ answer: 'settled', effects: [] });
  });

  test('CP-16: on a question leaves no doubt about profiles', () => {
    expect(does(timedOut(carried(get), 'crash').effects)).not.toContain('remember-input');
  });
});

test('CP-18: a late ACCEPTED counts as a successful set, and tells nobody of a result', () => {
  expect(does(applyLateAnswer(carried(set), 'ACCEPTED'))).toEqual(['remember-input', 'entitle', 'reread-active-profile']);
  expect(applyLateAnswer(carried(set), 'REJECTED')).toEqual([]);
});
