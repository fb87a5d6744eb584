import { describe, expect, test } from 'vitest';
import { asSessionKey, partyKey, peerId } from '../../../domain/ids.ts';
import { amperes, epochMicros, epochMillis, epochSeconds, seconds } from '../../../domain/units.ts';
import { wireSession } from '../../../ocpi/sessions/wire-session.fixture.ts';
import type { Input } from '../../../store/sql/input.ts';
import { type AnySession, viewSession } from './view-session.ts';

const START = 1_000_000;
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
  stale: false,
  ...more,
});
const steps = [
  { start: seconds(0), limit: amperes(8) },
  { start: seconds(600), limit: amperes(16) },
];
const limitAt = (it: AnySession, after: number, inputs: readonly Input[] = []) =>
  viewSession(it, inputs, { now: epochMillis((START + after) * 1000), issuers: [] }).limit;

describe('the limit of a session now', () => {
  test('is the limit of the active profile that the EVSE reported', () => {
    const it = session({ activeProfile: { unit: 'A', start: epochSeconds(START + 100), duration: seconds(900), periods: steps } });
    expect([limitAt(it, 100), limitAt(it, 699), limitAt(it, 700)]).toEqual([
      { limit: 8, unit: 'A' },
      { limit: 8, unit: 'A' },
      { limit: 16, unit: 'A' },
    ]);
    expect([limitAt(it, 99), limitAt(it, 1_000)]).toEqual([undefined, undefined]);
  });

  test('is the lowest limit of the installed profiles, counted from the start of charging, when the EVSE reported no active profile', () => {
    const it = session();
    const input: Input = { by: partyKey('NL', 'MSP'), peer: peerId('NL*MSP'), state: 'installed', profile: { unit: 'A', periods: steps } };
    expect([limitAt(it, 0, [input]), limitAt(it, 86_400, [input])]).toEqual([
      { limit: 8, unit: 'A' },
      { limit: 16, unit: 'A' },
    ]);
    const lower: Input = { ...input, by: partyKey('NL', 'SCS'), profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } };
    expect([limitAt(it, 0, [input, lower]), limitAt(it, 86_400, [input, lower])]).toEqual([
      { limit: 8, unit: 'A' },
      { limit: 10, unit: 'A' },
    ]);
    expect(limitAt({ ...it, body: { ...it.body, status: 'COMPLETED' } }, 0, [input])).toBeUndefined();
  });
});
