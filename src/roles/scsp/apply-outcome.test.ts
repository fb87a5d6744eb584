import { describe, expect, test } from 'vitest';
import { exchangeId } from '../../domain/ids.ts';
import { seconds } from '../../domain/units.ts';
import { applyOutcome } from './apply-outcome.ts';
import { exchange, holding, inSeconds, underway, upTo } from './steered-session.fixture.ts';

const end = (state: string, result?: string, reason?: string) => ({ exchange, state, result, reason, at: inSeconds(60) });
const sent = underway(upTo(16), { mayHold: [upTo(32)] });

describe('the end of a set at an SCSP', () => {
  test('CP-44: after CONFIRMED only the new profile is in force, and the last refusal is cleared', () => {
    expect(applyOutcome({ ...sent, gap: seconds(240), refusal: 'REJECTED', overloadReported: true }, end('CONFIRMED', 'ACCEPTED'))).toMatchObject({
      steered: { mayHold: [upTo(16)], underway: undefined, intended: upTo(16), gap: 30, refusal: undefined, overloadReported: false },
      next: 'plan',
    });
  });

  test('CP-44: after UNCERTAIN the old or the new profile is in force, none is intended, and the next message waits for the active profile', () => {
    expect(applyOutcome(sent, end('UNCERTAIN'))).toMatchObject({
      steered: {
        mayHold: [upTo(32), upTo(16)],
        uncertain: { profile: upTo(16), exchange },
        intended: undefined,
        underway: undefined,
        quietUntil: inSeconds(90),
      },
      next: 'plan',
    });
  });

  test('CP-44: after 20 sets without a result, the maximum of the EVSE may be in force', () => {
    const holdAfter = (count: number) => applyOutcome({ ...sent, mayHold: Array(count).fill(upTo(32)) }, end('UNCERTAIN'))?.steered.mayHold;
    expect(holdAfter(19)).toHaveLength(20);
    expect(holdAfter(20)).toEqual(['maximum']);
  });

  test('CP-47: a late ACCEPTED confirms the uncertain profile', () => {
    const uncertain = applyOutcome(sent, end('UNCERTAIN'))?.steered ?? sent;
    expect(applyOutcome(uncertain, end('CONFIRMED', 'ACCEPTED'))).toMatchObject({
      steered: { mayHold: [upTo(16)], uncertain: undefined, intended: upTo(16) },
      next: 'plan',
    });
    expect(applyOutcome(uncertain, { ...end('CONFIRMED', 'ACCEPTED'), exchange: exchangeId('x2') })).toBeUndefined();
    expect(applyOutcome(uncertain, end('REJECTED', 'REJECTED'))).toBeUndefined();
  });

  test('CP-11: the same refusal twice stops the steering, a different one does not; the old profile stays in force', () => {
    const once = applyOutcome(sent, end('REJECTED', 'REJECTED', 'result'))?.steered;
    expect(once).toMatchObject({ state: 'steered', mayHold: [upTo(32)], intended: undefined, refusal: 'REJECTED (result)' });
    const again = { ...sent, refusal: once?.refusal };
    expect(applyOutcome(again, end('REJECTED', 'REJECTED', 'result'))).toMatchObject({ steered: { state: 'stopped' }, next: 'alert' });
    expect(applyOutcome(again, end('REFUSED', 'REJECTED', 'the charge point is not connected'))).toMatchObject({
      steered: { state: 'steered' },
      next: 'plan',
    });
  });

  test('F-71: a refusal has the reason of the CPO, and is the same one when only numbers in the reason differ', () => {
    const refusalOf = (reason?: string) => applyOutcome(sent, end('REFUSED', 'REJECTED', reason))?.steered.refusal;
    expect(refusalOf('locked until 10:05')).toBe('REJECTED (locked until 10:05)');
    expect([refusalOf('REJECTED'), refusalOf()]).toEqual(['REJECTED', 'REJECTED']);
    const again = { ...sent, refusal: refusalOf('locked until 10:05') };
    expect(applyOutcome(again, end('REFUSED', 'REJECTED', 'locked until 10:20'))).toMatchObject({ steered: { state: 'stopped' }, next: 'alert' });
  });

  test('CP-11: TOO_OFTEN doubles the gap up to a quarter of an hour', () => {
    const ends = [30, 60, 480, 900].map((gap) => applyOutcome({ ...sent, gap: seconds(gap) }, end('REFUSED', 'TOO_OFTEN')));
    expect(ends.map((it) => it?.steered.gap)).toEqual([60, 120, 900, 900]);
    expect(new Set(ends.map((it) => it?.next))).toEqual(new Set(['plan']));
  });

  test('CP-11: a message that did not arrive is no refusal, and doubles the gap', () => {
    expect(applyOutcome(sent, end('REFUSED', undefined, 'refused'))).toMatchObject({ steered: { state: 'steered', gap: 60, refusal: undefined } });
  });

  test('CP-11: NOT_SUPPORTED ends the steering of the session, UNKNOWN_SESSION pulls the sessions', () => {
    expect(applyOutcome(sent, end('REFUSED', 'NOT_SUPPORTED'))).toMatchObject({ steered: { state: 'uncontrollable' }, next: 'plan' });
    expect(applyOutcome(sent, end('REFUSED', 'UNKNOWN_SESSION'))).toMatchObject({ steered: { state: 'dropped' }, next: 'pull' });
  });

  test('the end of another exchange changes nothing', () => {
    expect(applyOutcome(sent, { ...end('CONFIRMED', 'ACCEPTED'), exchange: exchangeId('x2') })).toBeUndefined();
    expect(applyOutcome(holding(1, upTo(16)), end('CONFIRMED', 'ACCEPTED'))).toBeUndefined();
  });
});
