import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partyKey } from '../../domain/ids.ts';
import { seconds } from '../../domain/units.ts';
import { notPermitted, OPERATOR, type RequestFacts, STATION_QUEUE, unitsComparable } from './check-profile-request.ts';
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

  test('CP-09: is TOO_OFTEN above the rate limit, with its reason', () => {
    expect(decide(factsWith({ tooOften: 'more than 10 requests in a minute' }))).toEqual({
      answer: { result: 'TOO_OFTEN', message: 'more than 10 requests in a minute' },
      effects: [],
    });
  });
});

describe.each([
  ['set', decisions.set],
  ['clear', decisions.clear],
] as const)('the right to %s a profile', (_, decide) => {
  test('SEC-34: is taken from a party that the operator has halted', () => {
    expect(decide(factsWith({ halted: true }))).toEqual({
      answer: { result: 'REJECTED', message: `the operator has taken the right to steer from ${MSP}` },
      effects: [],
    });
  });

  test('CP-35: needs a contract when the session is of another party', () => {
    const { session } = factsWith();
    expect(decide(factsWith({ session: session && { ...session, mayControl: false } }))).toEqual({
      answer: { result: 'REJECTED', message: `no contract lets ${MSP} control this session` },
      effects: [],
    });
  });

  test('CP-36: is refused beside the profile of another party, also to the party that has one', () => {
    expect(decide(factsWith({ inputs: [{ by: MSP }, { by: TNM }] })).answer).toEqual({ result: 'REJECTED', message: 'this session is steered already' });
  });

  test('CP-36: is given to parties that the operator lets share, and to no third one', () => {
    const sharingWith: RequestFacts['sharingWith'] = (other) => (other === TNM ? 'strictest' : 'one');
    const inputs = [{ by: MSP }, { by: TNM }];
    expect(decide(factsWith({ inputs, sharingWith })).answer.result).toBe('ACCEPTED');
    expect(decide(factsWith({ inputs: [...inputs, { by: partyKey('BE', 'XYZ') }], sharingWith })).answer.result).toBe('REJECTED');
  });

  test('CP-36: is refused while the operator steers the session, and the message says so', () => {
    expect(decide(factsWith({ inputs: [{ by: OPERATOR }] })).answer).toEqual({ result: 'REJECTED', message: 'the operator steers this session' });
  });
});

test('CP-36: the key of the operator is the key of no party', () => {
  expect(OPERATOR).toBe('operator');
});

test('CP-07: without a session, no right is missing', () => {
  expect(notPermitted(factsWith({ session: undefined }))).toBeUndefined();
});

describe('profiles of several parties on one session', () => {
  const dc = { ...socket, powerType: 'DC' } as const;
  const beside = (inputs: RequestFacts['inputs'], evse: RequestFacts['evse'] = dc) => unitsComparable(factsWith({ inputs, evse }), 'W');

  test('CP-32: are compared on DC in one unit only', () => {
    expect(beside([{ by: TNM, unit: 'A' }])).toBe(false);
    expect(beside([{ by: TNM, unit: 'W' }])).toBe(true);
    expect(
      beside([
        { by: TNM, unit: 'W' },
        { by: partyKey('BE', 'XYZ'), unit: 'A' },
      ]),
    ).toBe(false);
  });

  test('CP-32: are compared on AC in both units, and where the EVSE is unknown', () => {
    expect(beside([{ by: TNM, unit: 'A' }], socket)).toBe(true);
    expect(unitsComparable(factsWith({ inputs: [{ by: TNM, unit: 'A' }], evse: undefined }), 'W')).toBe(true);
  });

  test('CP-68: a new profile replaces the own one, in whichever unit that was', () => {
    expect(beside([{ by: MSP, unit: 'A' }])).toBe(true);
  });

  test('CP-32: a profile without a known unit is on its way and hinders nobody', () => {
    expect(beside([{ by: TNM }])).toBe(true);
  });

  test('CP-36: a set in another unit than that of the sharing party is REJECTED on DC', () => {
    const shared = { inputs: [{ by: TNM, unit: 'A' }], evse: dc, sharingWith: () => 'strictest' as const } as const;
    expect(decideSet(factsWith(shared), inWatts(50_000))).toEqual({
      answer: { result: 'REJECTED', message: 'this session is steered already, in another unit' },
      effects: [],
    });
    expect(decideSet(factsWith({ ...shared, evse: socket }), inWatts(7_000)).answer.result).toBe('ACCEPTED');
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
