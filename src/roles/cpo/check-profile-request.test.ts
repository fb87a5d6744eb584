import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../domain/units.ts';
import { type RequestFacts, STATION_QUEUE } from './check-profile-request.ts';
import { decide as decideClear } from './clear-charging-profile.ts';
import { decide as decideGet } from './get-active-charging-profile.ts';
import { inAmperes, inWatts, knownWith, MSP, socket, TNM } from './profile-request.fixture.ts';
import { decide as decideSet } from './set-charging-profile.ts';

const asks = {
  set: (known: RequestFacts) => decideSet(known, inAmperes(10)),
  get: (known: RequestFacts) => decideGet(known, seconds(900)),
  clear: (known: RequestFacts) => decideClear(known),
};

describe.each(Object.entries(asks))('the answer at once to %s', (kind, decide) => {
  test('CP-06: is ACCEPTED with the work of carrying it to the charge point', () => {
    const { answer, effects } = decide(knownWith());
    expect(answer).toEqual({ result: 'ACCEPTED' });
    expect(effects).toContainEqual(expect.objectContaining({ do: 'carry', profileId: 7, ask: expect.objectContaining({ kind }) }));
  });

  test('CP-07: is UNKNOWN_SESSION where there is no session that this party may see', () => {
    expect(decide(knownWith({ session: undefined })).answer).toEqual({ result: 'UNKNOWN_SESSION' });
  });

  test.each(['PENDING', 'RESERVATION', 'COMPLETED', 'INVALID'])('CP-34: is REJECTED for a session that is %s', (status) => {
    const known = knownWith();
    const answer = decide({ ...known, ...(known.session && { session: { ...known.session, status } }) }).answer;
    expect(answer).toMatchObject({ result: 'REJECTED', message: expect.stringContaining(status) });
  });

  test('CP-06: is REJECTED while the charge point is away', () => {
    expect(decide(knownWith({ station: { online: false } })).answer.result).toBe('REJECTED');
  });

  test('CP-06: is REJECTED when the operator has no such EVSE any more', () => {
    expect(decide(knownWith({ evse: undefined })).answer.result).toBe('REJECTED');
  });

  test('CP-10: is NOT_SUPPORTED by a charge point without smart charging', () => {
    expect(decide(knownWith({ station: { smartCharging: false } })).answer.result).toBe('NOT_SUPPORTED');
  });

  test('CP-09: is TOO_OFTEN when the charge point has its hands full, and not before', () => {
    expect(decide(knownWith({ station: { pending: STATION_QUEUE } })).answer.result).toBe('TOO_OFTEN');
    expect(decide(knownWith({ station: { pending: STATION_QUEUE - 1 } })).answer.result).toBe('ACCEPTED');
  });
});

test('CP-11: work is promised with ACCEPTED and with nothing else, whatever is known', () => {
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
      const usual = knownWith({ station, waiting, inputs: by === undefined ? [] : [{ by }] });
      const known: RequestFacts = {
        ...usual,
        session: status === undefined || !usual.session ? undefined : { ...usual.session, status },
        evse: powerType && { ...socket, powerType },
      };
      for (const decision of [decideSet(known, profile), decideGet(known, seconds(60)), decideClear(known)])
        expect(decision.effects.some((it) => it.do === 'carry')).toBe(decision.answer.result === 'ACCEPTED');
    }),
  );
});
