import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../bare-station.fixture.ts';
import { Turn } from './turn.ts';

type Step = { is: 'theirs' | 'ours' | 'answer-theirs' | 'answer-ours' | 'wait' | 'end' };
const steps = fc.array(fc.constantFrom<Step['is']>('theirs', 'ours', 'answer-theirs', 'answer-ours', 'wait', 'end'), { maxLength: 40 });

/** One receiver, a sender whose calls pass and who keeps the rule of one call in flight, and the node with calls of its own. */
class Wire {
  readonly clock = manualClock();
  readonly turn = new Turn<{ id: string }>(this.clock);
  readonly sent: string[] = [];
  readonly asked: string[] = [];
  inFlight: string[] = [];
  ours = 0;
  #waiting = 0;

  theirs(): void {
    if (this.asked.length > 0) return;
    const id = `t${this.sent.length}-${this.clock.now()}`;
    this.asked.push(id);
    this.turn.pass(id, { id }, () => this.#send(id));
  }

  wantOurs(): void {
    this.#waiting += 1;
    this.#tryOurs();
  }

  #tryOurs = (): void => {
    if (this.#waiting === 0 || this.inFlight.includes('ours') || !this.turn.take(this.#tryOurs)) return;
    this.#waiting -= 1;
    this.ours += 1;
    this.#send('ours');
  };

  #send(id: string): void {
    this.sent.push(id);
    this.inFlight.push(id);
  }

  answer(whose: 'theirs' | 'ours'): boolean {
    const id = this.inFlight.find((it) => (it === 'ours') === (whose === 'ours'));
    if (id === undefined) return false;
    this.inFlight = this.inFlight.filter((it) => it !== id);
    if (id === 'ours') {
      this.turn.release();
      this.#tryOurs();
    } else if (this.turn.answered(id)) this.asked.splice(this.asked.indexOf(id), 1);
    return true;
  }
}

describe('GW-A04: turns on one connection', () => {
  test('one call is in flight at a time while answers come within 10 s, nothing is lost, and each call that passes waits for one of ours at most', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const wire = new Wire();
        let ours = 0;
        for (const step of all) {
          const waits = wire.asked.length > 0 && !wire.sent.includes(wire.asked[0] ?? '');
          const before = wire.ours;
          if (step === 'theirs') wire.theirs();
          else if (step === 'ours') ours += wire.wantOurs() ?? 1;
          else if (step === 'answer-theirs') wire.answer('theirs');
          else if (step === 'answer-ours') wire.answer('ours');
          else if (step === 'wait') wire.clock.advance(5);
          expect(wire.inFlight.length).toBeLessThanOrEqual(1);
          // While a call that passes waits, no further call of ours begins.
          if (waits) expect(wire.ours).toBe(before);
        }
        while (wire.answer('ours') || wire.answer('theirs'));
        expect(wire.asked).toEqual([]);
        expect(wire.ours).toBe(ours);
      }),
      { numRuns: 500 },
    );
  });

  test('a call that passes and is never answered holds the node back for 30 s', () => {
    const wire = new Wire();
    wire.theirs();
    wire.wantOurs();
    wire.clock.advance(29_000);
    expect(wire.ours).toBe(0);
    wire.clock.advance(1_000);
    expect(wire.ours).toBe(1);
  });

  test('when the sender is gone, the node that waited for its turn has it at once', () => {
    const wire = new Wire();
    wire.theirs();
    wire.wantOurs();
    expect(wire.turn.clear()).toHaveLength(1);
    expect(wire.ours).toBe(1);
  });

  test('when the sender is gone, its calls without an answer are returned, also those that wait, and nothing of it is sent later', () => {
    const wire = new Wire();
    wire.turn.pass('a', { id: 'a' }, () => wire.sent.push('a'));
    expect(wire.turn.answered('a')).toEqual({ id: 'a' });
    expect(wire.turn.answered('a')).toBeUndefined();
    wire.wantOurs();
    wire.turn.pass('b', { id: 'b' }, () => wire.sent.push('b'));
    expect(wire.turn.clear()).toEqual([{ id: 'b' }]);
    wire.answer('ours');
    wire.clock.advance(60_000);
    expect(wire.sent).toEqual(['a', 'ours']);
  });
});
