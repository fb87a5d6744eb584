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
/** The sent messages, as [number of the session, periods]. */
const sent = (given: Given) =>
  choose(given).send.map(({ session: key, profile }) => [Number(key.split('*S')[1]), profile.periods.map(({ start, limit }) => [start, limit])]);

describe('which messages of a plan are sent, and in which order', () => {
  test('a new session gets its first profile, and a session with a too high profile its reduction, at once', () => {
    expect(sent({ limit: 32, planned: [upTo(16), upTo(16)], steered: [holding(1, upTo(32))] })).toEqual([
      [1, [[0, 16]]],
      [2, [[0, 16]]],
    ]);
  });

  test('an increase waits until the reductions that it needs are confirmed', () => {
    const planned = [upTo(24), upTo(8)];
    const before = [holding(1, upTo(16)), holding(2, upTo(16))];
    expect(sent({ limit: 32, planned, steered: before })).toEqual([[2, [[0, 8]]]]);
    const onItsWay = [holding(1, upTo(16)), holding(2, upTo(16), { underway: { profile: upTo(8), exchange } })];
    expect(sent({ limit: 32, planned, steered: onItsWay })).toEqual([]);
    expect(sent({ limit: 32, planned, steered: [holding(1, upTo(16)), holding(2, upTo(8))] })).toEqual([[1, [[0, 24]]]]);
  });

  test('an uncertain reduction frees no capacity, and is sent again', () => {
    const unsure = holding(2, upTo(16), { mayHold: [upTo(16), upTo(8)], intended: upTo(8) });
    expect(sent({ limit: 32, planned: [upTo(24), upTo(8)], steered: [holding(1, upTo(16)), unsure] })).toEqual([[2, [[0, 8]]]]);
  });

  test('two sessions that swap their limits are both reduced first', () => {
    const early = limits([0, 16], [3_600, 0]);
    const late = limits([0, 0], [3_600, 16]);
    expect(sent({ limit: 16, planned: [late, early], steered: [holding(1, early), holding(2, late)] })).toEqual([
      [1, [[0, 0]]],
      [2, [[0, 0]]],
    ]);
  });

  test('nothing is sent for a small difference, unless the site would exceed its limit', () => {
    const held = [holding(1, upTo(16)), holding(2, upTo(16))];
    expect(sent({ limit: 32, planned: [upTo(15.5), upTo(15.5)], steered: held })).toEqual([]);
    expect(sent({ limit: 31, planned: [upTo(15.5), upTo(15.5)], steered: held })).toEqual([
      [1, [[0, 15.5]]],
      [2, [[0, 15.5]]],
    ]);
  });

  test('a small reduction is sent when the site would exceed its limit for a part of the time', () => {
    const later = limits([0, 8], [7_200, 15.5]);
    const held = [holding(1, upTo(15.5)), holding(2, limits([0, 8], [7_200, 16]))];
    expect(sent({ limit: 31, planned: [upTo(15.5), later], steered: held })).toEqual([
      [
        2,
        [
          [0, 8],
          [7_200, 15.5],
        ],
      ],
    ]);
  });

  test('an increase waits only for capacity at its own time', () => {
    const more = limits([0, 10], [600, 16]);
    const crowded = [holding(1, upTo(10)), holding(2, limits([0, 26], [600, 10]))];
    expect(sent({ limit: 32, planned: [more, limits([0, 26], [600, 10])], steered: crowded })).toEqual([
      [
        1,
        [
          [0, 10],
          [600, 16],
        ],
      ],
    ]);
  });

  test('the messages are in the order of the session keys', () => {
    const [one, two] = [session(1), session(2)];
    const order = [
      [one, two],
      [two, one],
    ].map((sessions) =>
      chooseMessages({
        site: { location: 'LOC1', limit: { unit: 'A', value: amperes(32) }, sessions },
        plan: { profiles: new Map([one, two].map(({ key }) => [key, upTo(16)])), why: new Map() },
        steered: new Map([1, 2].map((n) => [keyOf(n), holding(n, upTo(32))])),
        now,
        until: inHours(24),
      }).send.map((it) => it.session),
    );
    expect(order).toEqual([
      [keyOf(1), keyOf(2)],
      [keyOf(1), keyOf(2)],
    ]);
  });

  test('a session without a profile in the plan gets no message, and counts with the maximum of its EVSE', () => {
    const given = (planned: number) =>
      chooseMessages({
        site: { location: 'LOC1', limit: { unit: 'A', value: amperes(40) }, sessions: [session(1), session(2)] },
        plan: { profiles: new Map([[keyOf(2), upTo(planned)]]), why: new Map() },
        steered: new Map([[keyOf(2), holding(2, upTo(0))]]),
        now,
        until: inHours(24),
      });
    expect(given(8)).toEqual({ send: [{ session: keyOf(2), profile: upTo(8) }], lookAgain: undefined, messageLimitReached: [] });
    expect(given(9).send).toEqual([]);
  });

  test('CP-44: a message is sent as soon as the gap since the last one is over', () => {
    const at = (s: number) => choose({ limit: 32, planned: [upTo(8)], steered: [holding(1, upTo(16), { sentAt: [inSeconds(-s)] })] });
    expect(at(30).send).toHaveLength(1);
    expect(at(29)).toMatchObject({ send: [], lookAgain: inSeconds(1) });
  });

  test('a delayed message is chosen again when it may be sent, and a session with too many messages is reported', () => {
    const busy = holding(1, upTo(16), { sentAt: [inSeconds(-10)] });
    const exhausted = holding(2, upTo(16), { sentAt: [inSeconds(-500), inSeconds(-400), inSeconds(-300)] });
    expect(choose({ limit: 32, planned: [upTo(8), upTo(8)], steered: [busy, exhausted] })).toEqual({
      send: [],
      lookAgain: inSeconds(20),
      messageLimitReached: [keyOf(2)],
    });
  });
});

describe('for every sequence of plans', () => {
  const LIMIT = 32;
  const edges = [0, 900, 1_800, 3_600, 7_200] as const;
  const limitIn = (profile: ChargingProfile, s: number) => limitAt(scheduleOf<Limit>(profile, toSeconds(now)), epochSeconds(toSeconds(now) + s)) ?? LIMIT;
  const steps = fc.array(fc.constantFrom(0, 6, 8, 10, 16, 32), { minLength: edges.length, maxLength: edges.length });
  /** Three profiles whose sum is within the limit at every edge: a later session gets 0 where the limit is used up. */
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
  const results = fc.array(fc.constantFrom('CONFIRMED', 'REJECTED', 'UNCERTAIN', 'silence'), { minLength: 3, maxLength: 3 });

  function settle(it: SteeredSession, result: string | undefined, turn: number): SteeredSession {
    if (result === undefined || result === 'silence' || !it.underway) return it;
    const end = { exchange: it.underway.exchange, state: result, result, reason: `turn ${turn}`, at: inSeconds(turn) };
    return applyOutcome(it, end)?.steered ?? it;
  }
  const mostOf = ({ mayHold, underway }: SteeredSession, s: number) =>
    Math.max(...[...mayHold, underway?.profile ?? upTo(0)].map((profile) => (profile === 'maximum' ? LIMIT : limitIn(profile, s))));

  test('the sum of the highest possible draws never exceeds the limit, for every sequence of results and missing results', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ planned: plans, results }), { maxLength: 8 }), (turns) => {
        let steered = [1, 2, 3].map((n) => holding(n, upTo(10)));
        for (const [turn, { planned, results: received }] of turns.entries()) {
          const undelayed = steered.map((it) => ({ ...it, sentAt: [], quietUntil: inSeconds(0) }));
          const sentNow = new Map(choose({ limit: LIMIT, planned, steered: undelayed, at: turn }).send.map((it) => [it.session, it.profile]));
          steered = steered.map((it) => {
            const profile = sentNow.get(it.key);
            return profile ? withSent(it, profile, inSeconds(turn)) : it;
          });
          for (const s of edges) expect(steered.reduce((sum, it) => sum + mostOf(it, s + turn), 0)).toBeLessThanOrEqual(LIMIT);
          steered = steered.map((it, n) => settle(it, received[n], turn));
        }
      }),
      { numRuns: 300 },
    );
  });
});
