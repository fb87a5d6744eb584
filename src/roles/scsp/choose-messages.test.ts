import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../../domain/profile/schedule.ts';
import { amperes, epochSeconds, toSeconds } from '../../domain/units.ts';
import { type Choice, chooseMessages } from './choose-messages.ts';
import { after, exchange, holding, inHours, keyOf, limits, now, session, upTo } from './steered.fixture.ts';
import { newcomer, type Steered, send } from './steered.ts';
import { takeOutcome } from './take-outcome.ts';

interface Given {
  limit: number;
  planned: readonly ChargingProfile[];
  steered: readonly Steered[];
  at?: number;
}
const choose = ({ limit, planned, steered, at = 0 }: Given): Choice =>
  chooseMessages({
    site: { location: 'LOC1', limit: { unit: 'A', value: amperes(limit) }, sessions: planned.map((_, n) => session(n + 1)) },
    plan: { profiles: new Map(planned.map((profile, n) => [keyOf(n + 1), profile])), why: new Map() },
    steered: new Map(steered.map((it) => [it.key, it])),
    now: after(at),
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

  test('a reduction of which nobody knows makes no room', () => {
    const unsure = holding(2, upTo(16), { holds: [upTo(16), upTo(8)], meant: upTo(8) });
    expect(sent({ limit: 32, planned: [upTo(24), upTo(8)], steered: [holding(1, upTo(16)), unsure] })).toEqual([]);
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
    const busy = holding(1, upTo(16), { sentAt: [after(-10)] });
    const crowded = holding(2, upTo(16), { sentAt: [after(-500), after(-400), after(-300)] });
    expect(choose({ limit: 32, planned: [upTo(8), upTo(8)], steered: [busy, crowded] })).toEqual({ send: [], lookAgain: after(20), crowded: [keyOf(2)] });
  });
});

describe('whatever plans follow one another', () => {
  const profiles = fc
    .array(fc.tuple(fc.constantFrom(900, 1_800, 3_600, 7_200), fc.constantFrom(0, 6, 8, 10, 16, 32)), { maxLength: 3 })
    .map((rest) => limits([0, rest.length === 0 ? 10 : 6], ...[...new Map(rest)].toSorted(([a], [b]) => a - b)));
  /** Brings a plan below the limit as a planner would: who comes too late gets nothing. */
  const lawful = (plan: readonly ChargingProfile[], limit: number) => {
    const at = (profile: ChargingProfile, s: number) => limitAt(scheduleOf<Limit>(profile, toSeconds(now)), epochSeconds(toSeconds(now) + s)) ?? 0;
    const edges = [0, 900, 1_800, 3_600, 7_200];
    return plan.map((profile, n) =>
      limits(
        ...edges.map((s) => {
          const before = plan.slice(0, n).reduce((sum, it) => sum + at(it, s), 0);
          return [s, before + at(profile, s) <= limit ? at(profile, s) : 0] as const;
        }),
      ),
    );
  };
  const words = fc.constantFrom('CONFIRMED', 'REJECTED', 'UNCERTAIN', 'silence');

  test('what may hold never exceeds the limit once it does not, whichever results come, late or never', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ plan: fc.tuple(profiles, profiles, profiles), words: fc.array(words, { minLength: 3, maxLength: 3 }) }), { maxLength: 8 }),
        (turns) => {
          const limit = 32;
          let steered = new Map<SessionKey, Steered>([1, 2, 3].map((n) => [keyOf(n), { ...newcomer(keyOf(n)), holds: [upTo(10)], meant: upTo(10) }]));
          const settle = (it: Steered, word: string | undefined): Steered =>
            word === undefined || word === 'silence' || !it.underway
              ? it
              : (takeOutcome(it, { exchange: it.underway.exchange, state: word, result: word, reason: String(Math.random()) })?.steered ?? it);
          for (const [n, turn] of turns.entries()) {
            const given = { limit, planned: lawful(turn.plan, limit), steered: [...steered.values()].map((it) => ({ ...it, sentAt: [] })), at: n };
            for (const { session: key, profile } of choose(given).send) steered.set(key, send(steered.get(key) ?? newcomer(key), profile, after(n)));
            for (const s of [0, 900, 1_800, 3_600, 7_200]) {
              const most = (it: Steered) =>
                Math.max(
                  ...[...it.holds, it.underway?.profile].map((profile) =>
                    profile === undefined
                      ? 0
                      : profile === 'maximum'
                        ? 32
                        : (limitAt(scheduleOf<Limit>(profile, toSeconds(now)), epochSeconds(toSeconds(now) + s + n)) ?? 32),
                  ),
                );
              expect([...steered.values()].reduce((sum, it) => sum + most(it), 0)).toBeLessThanOrEqual(limit);
            }
            steered = new Map([...steered].map(([key, it], place) => [key, settle(it, turn.words[place])]));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
