import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../domain/units.ts';
import { type RequestFacts, STATION_QUEUE } from './check-profile-request.ts';
import { decide as decideClear } from './clear-charging-profile.ts';
import { decide as decideGet } from './get-active-charging-profile.ts';
import { factsWith, inAmperes, inWatts, MSP, socket, TNM } from './profile-request.fixture.ts';
import { decide as decideSet } from './set-charging-profile.ts';

const decisions = {
  set: (facts: RequestFacts) => decideSet(facts, inAmperes(10)),
  get: (facts: RequestFacts) => decideGet(facts, seconds(900)),
  clear: (facts: RequestFacts) => decideClear(facts),
};

describe.each(Object.entries(decisions))('the immediate answer to a %s', (kind, decide) => {
  test('CP-06: is ACCEPTED together with its dispatch to the charge point', () => {
    const { answer, effects } = decide(factsWith());
    expect(answer).toEqual({ result: 'ACCEPTED' });
    expect(effects).toContainEqual(expect.objectContaining({ do: 'dispatch', profileId: 7, ask: expect.objectContaining({ kind }) }));
  });

  test('CP-07: is UNKNOWN_SESSION for a session that this party may not see', () => {
    expect(decide(factsWith({ session: undefined })).answer).toEqual({ result: 'UNKNOWN_SESSION' });
  });

  test.each(['PENDING', 'RESERVATION', 'COMPLETED', 'INVALID'])('CP-34: is REJECTED for a session that is %s', (status) => {
    const facts = factsWith();
    const answer = decide({ ...facts, ...(facts.session && { session: { ...facts.session, status } }) }).answer;
    expect(answer).toMatchObject({ result: 'REJECTED', message: expect.stringContaining(status) });
  });

  test('CP-06: is REJECTED while the charge point is offline', () => {
    expect(decide(factsWith({ station: { online: false } })).answer.result).toBe('REJECTED');
  });

  test('CP-06: is REJECTED when the EVSE is no longer configured', () => {
    expect(decide(factsWith({ evse: undefined })).answer.result).toBe('REJECTED');
  });

  test('CP-10: is NOT_SUPPORTED for a charge point without smart charging', () => {
    expect(decide(factsWith({ station: { smartCharging: false } })).answer.result).toBe('NOT_SUPPORTED');
  });

  test('CP-09: is TOO_OFTEN when the queue of the charge point is full, and not before', () => {
    expect(decide(factsWith({ station: { pending: STATION_QUEUE } })).answer.result).toBe('TOO_OFTEN');
    expect(decide(factsWith({ station: { pending: STATION_QUEUE - 1 } })).answer.result).toBe('ACCEPTED');
  });
});

test('CP-11: a request is dispatched if and only if the answer is ACCEPTED', () => {
  const anything = fc.record({
    session: fc.option(fc.constantFrom('ACTIVE', 'PENDING', 'COMPLETED', 'INVALID', 'RESERVATION'), { nil: undefined }),
    online: fc.boolean(),
    smartCharging: fc.boolean(),
    units: fc.constantFrom(['A'] as const, ['W'] as const, ['A', 'W'] as const, [] as const),
    pending: fc.nat(10),
    powerType: fc.constantFrom('AC_3_PHASE', 'DC', undefined),
    waiting: fc.subarray(['set', 'get', 'clear']),
    by: fc.constantFrom(undefined, MSP, TNM),
    profile: fc.constantFrom(inAmperes(10), inWatts(2_000)),
  });
  fc.assert(
    fc.property(anything, ({ session: status, powerType, profile, waiting, by, ...station }) => {
      const usual = factsWith({ station, waiting, inputs: by === undefined ? [] : [{ by }] });
      const facts: RequestFacts = {
        ...usual,
        session: status === undefined || !usual.session ? undefined : { ...usual.session, status },
        evse: powerType && { ...socket, powerType },
      };
      for (const decision of [decideSet(facts, profile), decideGet(facts, seconds(60)), decideClear(facts)])
        expect(decision.effects.some((it) => it.do === 'dispatch')).toBe(decision.answer.result === 'ACCEPTED');
    }),
  );
});
