import { describe, expect, test } from 'vitest';
import { exchangeId } from '../../domain/ids.ts';
import { seconds } from '../../domain/units.ts';
import { applyOutcome } from './apply-outcome.ts';
import { exchange, holding, inSeconds, underway, upTo } from './steered-session.fixture.ts';

const end = (state: string, result?: string, reason?: string) => ({ exchange, state, result, reason, at: inSeconds(60) });
const sent = underway(upTo(16), { mayHold: [upTo(32)] });

describe('the end of a set, to an SCSP', () => {
  test('CP-44: CONFIRMED leaves the new profile and nothing else, and forgives what was refused', () => {
    expect(applyOutcome({ ...sent, gap: seconds(240), refusal: 'REJECTED', overloadReported: true }, end('CONFIRMED', 'ACCEPTED'))).toMatchObject({
      steered: { holds: [upTo(16)], underway: undefined, meant: upTo(16), gap: 30, refusal: undefined, alarmed: false },
      next: 'plan',
    });
  });

  test('CP-44: UNCERTAIN leaves the old and the new and nothing that is meant, and waits a little for what the CPO says holds', () => {
    expect(applyOutcome(sent, end('UNCERTAIN'))).toMatchObject({
      steered: { holds: [upTo(32), upTo(16)], doubted: { profile: upTo(16), exchange }, meant: undefined, underway: undefined, quietUntil: inSeconds(90) },
      next: 'plan',
    });
  });

  test('CP-47: a late ACCEPTED settles the doubt', () => {
    const doubted = applyOutcome(sent, end('UNCERTAIN'))?.steered ?? sent;
    expect(applyOutcome(doubted, end('CONFIRMED', 'ACCEPTED'))?.steered).toMatchObject({ holds: [upTo(16)], doubted: undefined, meant: upTo(16) });
    expect(applyOutcome(doubted, end('REJECTED', 'REJECTED'))).toBeUndefined();
  });

  test('CP-11: the same refusal twice is the last; another one counts anew; the old profile goes on', () => {
    const once = applyOutcome(sent, end('REJECTED', 'REJECTED', 'result'))?.steered;
    expect(once).toMatchObject({ standing: 'steered', holds: [upTo(32)], meant: undefined, refusal: 'REJECTED (result)' });
    const again = { ...sent, refusal: once?.refusal };
    expect(applyOutcome(again, end('REJECTED', 'REJECTED', 'result'))).toMatchObject({ steered: { standing: 'stopped' }, next: 'raise' });
    expect(applyOutcome(again, end('REFUSED', 'REJECTED', 'the charge point is not connected'))).toMatchObject({
      steered: { standing: 'steered' },
      next: 'plan',
    });
  });

  test('CP-11: TOO_OFTEN doubles the gap up to a quarter of an hour', () => {
    const gaps = [30, 60, 480, 900].map((gap) => applyOutcome({ ...sent, gap: seconds(gap) }, end('REFUSED', 'TOO_OFTEN'))?.steered.gap);
    expect(gaps).toEqual([60, 120, 900, 900]);
  });

  test('CP-11: a message that did not arrive is not a refusal: the CPO gets time', () => {
    expect(applyOutcome(sent, end('REFUSED', undefined, 'refused'))).toMatchObject({ steered: { standing: 'steered', gap: 60, refusal: undefined } });
  });

  test('CP-11: NOT_SUPPORTED is for the whole session, UNKNOWN_SESSION makes us ask for it', () => {
    expect(applyOutcome(sent, end('REFUSED', 'NOT_SUPPORTED'))).toMatchObject({ steered: { standing: 'uncontrollable' }, next: 'plan' });
    expect(applyOutcome(sent, end('REFUSED', 'UNKNOWN_SESSION'))).toMatchObject({ steered: { standing: 'dropped' }, next: 'pull' });
  });

  test('the end of what somebody else sent is nothing to it', () => {
    expect(applyOutcome(sent, { ...end('CONFIRMED', 'ACCEPTED'), exchange: exchangeId('x2') })).toBeUndefined();
    expect(applyOutcome(holding(1, upTo(16)), end('CONFIRMED', 'ACCEPTED'))).toBeUndefined();
  });
});
