import { describe, expect, test } from 'vitest';
import { asSessionKey, partyKey, peerId } from '../../../domain/ids.ts';
import { amperes, epochMicros, epochMillis, epochSeconds, seconds } from '../../../domain/units.ts';
import { wireSession } from '../../../ocpi/sessions/wire-session.fixture.ts';
import type { Input } from '../../../store/sql/input.ts';
import { sessionKnowledge } from './session-knowledge.ts';
import { type AnySession, viewSession } from './view-session.ts';

const START = 1_000_000;
const NOBODY: ReadonlyMap<string, string> = new Map();
const session = (more: Partial<AnySession> = {}): AnySession => ({
  seq: 1,
  key: asSessionKey('NL*EVK*S1'),
  peer: undefined,
  tokenParty: undefined,
  status: 'ACTIVE',
  lastUpdated: epochMicros(0),
  body: wireSession({ party_id: 'EVK', start_date_time: new Date(START * 1000).toISOString() }),
  driver: undefined,
  receiver: undefined,
  locationId: 'LOC1',
  station: undefined,
  evseUid: 'E1',
  transactionId: 'T1',
  profileId: 1,
  progress: undefined,
  activeProfile: undefined,
  lastActiveProfile: undefined,
  limitUnknownSince: undefined,
  stale: false,
  ...more,
});
const steps = [
  { start: seconds(0), limit: amperes(8) },
  { start: seconds(600), limit: amperes(16) },
];
const VIEWING = { issuers: [], heardOf: () => undefined };
const limitAt = (it: AnySession, after: number, inputs: readonly Input[] = []) =>
  viewSession(it, inputs, { ...VIEWING, known: sessionKnowledge(it, { now: epochMillis((START + after) * 1000), profiles: inputs, names: NOBODY }) }).limit;
const view = (it: AnySession) => viewSession(it, [], { ...VIEWING, known: sessionKnowledge(it, { now: epochMillis(0), profiles: [], names: NOBODY }) });

describe('the limit of a session now', () => {
  test('is the limit of the active profile that the EVSE reported', () => {
    const it = session({ activeProfile: { unit: 'A', start: epochSeconds(START + 100), duration: seconds(900), periods: steps } });
    expect([limitAt(it, 100), limitAt(it, 699), limitAt(it, 700)]).toMatchObject([
      { limit: 8, unit: 'A' },
      { limit: 8, unit: 'A' },
      { limit: 16, unit: 'A' },
    ]);
    expect([limitAt(it, 99), limitAt(it, 1_000)]).toEqual([undefined, undefined]);
  });

  test('is the lowest limit of the installed profiles, counted from the start of charging, when the EVSE reported no active profile', () => {
    const it = session();
    const input: Input = { by: partyKey('NL', 'MSP'), peer: peerId('NL*MSP'), state: 'installed', profile: { unit: 'A', periods: steps } };
    expect([limitAt(it, 0, [input]), limitAt(it, 86_400, [input])]).toMatchObject([
      { limit: 8, unit: 'A' },
      { limit: 16, unit: 'A' },
    ]);
    const lower: Input = { ...input, by: partyKey('NL', 'SCS'), profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } };
    expect([limitAt(it, 0, [input, lower]), limitAt(it, 86_400, [input, lower])]).toMatchObject([
      { limit: 8, unit: 'A' },
      { limit: 10, unit: 'A' },
    ]);
    expect(limitAt({ ...it, body: { ...it.body, status: 'COMPLETED' } }, 0, [input])).toBeUndefined();
  });
});

describe('what an operator sees of a session besides its fields', () => {
  const viewWith = (progress: object) => view(session({ progress: { period: { since: epochMillis(0) }, ...progress } }));

  test.each([
    [{ because: 'next-start' }, 'another transaction began at the EVSE; no register after the start'],
    [{ because: 'available', energyAt: epochMillis(0) }, 'the connector is available; energy of the register at 1970-01-01T00:00:00.000Z'],
    [{ because: 'available', later: 2.5 }, 'the connector is available; no register after the start; the end came later, with 2.5 kWh'],
  ])('F-03: why it was closed without its end, and how its energy is known: %j', (closed, says) => {
    expect(viewWith({ closed }).closed_without_end).toBe(says);
  });

  test('F-33: that it charges with a refused token, while it has no owner', () => {
    const { cdr_token: _, ...body } = session().body;
    const progress = { period: { since: epochMillis(0) }, refused: true as const };
    expect(view(session({ progress, body })).unauthorised).toBe(true);
    expect(view(session({ progress }))).not.toHaveProperty('unauthorised');
  });
});
