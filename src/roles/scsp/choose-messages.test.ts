import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../../domain/profile/schedule.ts';
import { amperes, epochSeconds, toSeconds } from '../../domain/units.ts';
import { applyOutcome } from './apply-outcome.ts';
import { type Choice, chooseMessages } from './choose-messages.ts';
import { exchange, holding, inHours, inSeconds, keyOf, limits, now, session, upTo } from './steered-session.fixture.ts';
import { type SteeredSession, withSent } from './steered-session.ts';

interface Given {
  limit: number;
  planned: readonly ChargingProfile[];
  steered: readonly SteeredSession[];
  at?: number;
}
const choose = ({ limit, planned, steered, at = 0 }: Given): Choice =>
  chooseMessages({
    site: { location: 'LOC1', limit: { unit: 'A', value: amperes(limit) }, sessions: planned.map((_, n) => session(n + 1)) },
    plan: { profiles: new Map(planned.map((profile, n) => [keyOf(n + 1), profile])), why: new Map() },
    steered: new Map(steered.map((it) => [it.key, it])),
    now: inSeconds(at),
    until: inHours(24),
  });
/** What goes out, as [number of the session, limits]. */
const sent = (given: Given) =>
  choose(given).send.map(({ session: key, profile }) => [Number(key.split('*S')[1]), profile.periods.map(({ start, limit }) => [start, limit])]);

describe('what of a plan is sent, and in which order', () => {
  test('a newcomer gets its first profile, and who holds too much its reduction, at once', () => {
    expect(sent({ limit: 32, planned: [upTo(16), upTo(16)], steered: [holding(1, upTo(32))] })).toEqual([
      [1, [[0, 16]]],
      [2, [[0, 16]]],
    ]);
  });

  test('an increase waits until the reductions that make room for it are confirmed', () => {
    const planned = [upTo(24), upTo(8)];
    const before = [holding(1, upTo(16)), holding(2, upTo(16))];
    expect(sent({ limit: 32, planned, steered: before })).toEqual([[2, [[0, 8]]]]);
    const onItsWay = [holding(1, upTo(16)), holding(2, upTo(16), { underway: { profile: upTo(8), exchange } })];
    expect(sent({ limit: 32, planned, steered: onItsWay })).toEqual([]);
    expect(sent({ limit: 32, planned, steered: [holding(1, upTo(16)), holding(2, upTo(8))] })).toEqual([[1, [[0, 24]]]]);
  });

  test('a reduction of which nobody knows makes no room, and is asked for again', () => {
    const unsure = holding(2, upTo(16), { mayHold: [upTo(16), upTo(8)], intended: upTo(8) });
    expect(sent({ limit: 32, planned: [upTo(24), upTo(8)], steered: [holding(1, upTo(16)), unsure] })).toEqual([[2, [[0, 8]]]]);
  });

  test('two that change places give way first', () => {
    const early = limits([0, 16], [3_600, 0]);
    const late = limits([0, 0], [3_600, 16]);
    expect(sent({ limit: 16, planned: [late, early], steered: [holding(1, early), holding(2, late)] })).toEqual([
      [1, [[0, 0]]],
      [2, [[0, 0]]],
    ]);
  });

  test('nothing is sent for a difference that is none, unless the site would be over its limit', () => {
    const held = [holding(1, upTo(16)), holding(2, upTo(16))];
    expect(sent({ limit: 32, planned: [upTo(15.5), upTo(15.5)], steered: held })).toEqual([]);
    expect(sent({ limit: 31, planned: [upTo(15.5), upTo(15.5)], steered: held })).toEqual([
      [1, [[0, 15.5]]],
      [2, [[0, 15.5]]],
    ]);
  });

  test('what may not go yet is looked at again when it may, and one that is crowded is named', () => {
    const busy = holding(1, upTo(16), { sentAt: [inSeconds(-10)] });
    const crowded = holding(2, upTo(16), { sentAt: [inSeconds(-500), inSeconds(-400), inSeconds(-300)] });
    expect(choose({ limit: 32, planned: [upTo(8), upTo(8)], steered: [busy, crowded] })).toEqual({ send: [], lookAgain: inSeconds(20), crowded: [keyOf(2)] });
  });
});

describe('whatever plans follow one another', () => {
  const LIMIT = 32;
  const edges = [0, 900, 1_800, 3_600, 7_200] as const;
  const limitIn = (profile: ChargingProfile, s: number) => limitAt(scheduleOf<Limit>(profile, toSeconds(now)), epochSeconds(toSeconds(now) + s)) ?? LIMIT;
  const steps = fc.array(fc.constantFrom(0, 6, 8, 10, 16, 32), { minLength: edges.length, maxLength: edges.length });
  /** Three profiles whose sum is lawful at every edge: who comes too late gets nothing there. */
  const plans = fc.tuple(steps, steps, steps).map((wanted) => {
    const left = edges.map(() => LIMIT);
    return wanted.map((one) =>
      limits(
        ...edges.map((s, n) => {
          const limit = (one[n] ?? 0) <= (left[n] ?? 0) ? (one[n] ?? 0) : 0;
          left[n] = (left[n] ?? 0) - limit;
          return [s, limit] as const;
        }),
      ),
    );
  });
  const words = fc.array(fc.constantFrom('CONFIRMED', 'REJECTED', 'UNCERTAIN', 'silence'), { minLength: 3, maxLength: 3 });

  function settle(it: SteeredSession, word: string | undefined, turn: number): SteeredSession {
    if (word === undefined || word === 'silence' || !it.underway) return it;
    const end = { exchange: it.underway.exchange, state: word, result: word, reason: `turn ${turn}`, at: inSeconds(turn) };
    return applyOutcome(it, end)?.steered ?? it;
  }
  const mostOf = ({ mayHold, underway }: SteeredSession, s: number) =>
    Math.max(...[...mayHold, underway?.profile ?? upTo(0)].map((profile) => (profile === 'maximum' ? LIMIT : limitIn(profile, s))));

  test('what may hold never exceeds the limit once it does not, whichever results come, or never come', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ planned: plans, words }), { maxLength: 8 }), (turns) => {
        let steered = [1, 2, 3].map((n) => holding(n, upTo(10)));
        for (const [turn, { planned, words: said }] of turns.entries()) {
          const unhurried = steered.map((it) => ({ ...it, sentAt: [], quietUntil: inSeconds(0) }));
          const leaves = new Map(choose({ limit: LIMIT, planned, steered: unhurried, at: turn }).send.map((it) => [it.session, it.profile]));
          steered = steered.map((it) => {
            const profile = leaves.get(it.key);
            return profile ? withSent(it, profile, inSeconds(turn)) : it;
          });
          for (const s of edges) expect(steered.reduce((sum, it) => sum + mostOf(it, s + turn), 0)).toBeLessThanOrEqual(LIMIT);
          steered = steered.map((it, n) => settle(it, said[n], turn));
        }
      }),
      { numRuns: 300 },
    );
  });
});
