import { describe, expect, test } from 'vitest';
import { asSessionKey, partyKey, peerId } from '../../../domain/ids.ts';
import { amperes, epochMicros, epochMillis, epochSeconds, seconds } from '../../../domain/units.ts';
import type { Input } from '../../../store/sql/input.ts';
import { type AnySession, maskUid, maskUrl, viewEvent, viewSession } from './view-session.ts';

const START = 1_000_000;
const session = (more: Partial<AnySession> = {}): AnySession => ({
  seq: 1,
  key: asSessionKey('NL*EVK*S1'),
  peer: undefined,
  tokenParty: undefined,
  status: 'ACTIVE',
  lastUpdated: epochMicros(0),
  body: {
    country_code: 'NL',
    party_id: 'EVK',
    id: 'S1',
    start_date_time: new Date(START * 1000).toISOString(),
    kwh: 0,
    auth_method: 'WHITELIST',
    location_id: 'LOC1',
    evse_uid: 'E1',
    connector_id: '1',
    currency: 'EUR',
    status: 'ACTIVE',
    last_updated: new Date(START * 1000).toISOString(),
  },
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
const limitAt = (it: AnySession, after: number, inputs: readonly Input[] = []) => viewSession(it, inputs, epochMillis((START + after) * 1000)).limit;

describe('what may be seen', () => {
  test.each([
    ['DEADBEEF', '****BEEF'],
    ['A1B2C3D4E5F60001', '****0001'],
    ['C0FFEE', '****FEE'],
    ['1234', '****34'],
    ['', '****'],
  ])('SEC-25: the card %j is shown as %s, and never whole', (uid, shown) => expect(maskUid(uid)).toBe(shown));

  test.each([
    ['https://msp.example/results/abc?key=1', 'https://msp.example/***'],
    ['https://user:secret@msp.example:8443/x', 'https://msp.example:8443/***'],
    ['no address', '***'],
  ])('SEC-25: %s leads to %s', (url, shown) => expect(maskUrl(url)).toBe(shown));

  test('the limit of now is what the EVSE told of this moment', () => {
    const it = session({ activeProfile: { unit: 'A', start: epochSeconds(START + 100), duration: seconds(900), periods: steps } });
    expect([limitAt(it, 100), limitAt(it, 699), limitAt(it, 700)]).toEqual([
      { limit: 8, unit: 'A' },
      { limit: 8, unit: 'A' },
      { limit: 16, unit: 'A' },
    ]);
    expect([limitAt(it, 99), limitAt(it, 1_000)]).toEqual([undefined, undefined]);
  });

  test('or what is installed, counted from the start of charging, when the EVSE told nothing of this moment', () => {
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

  test('an event of a kind that is not told is nothing', () => {
    expect(viewEvent({ seq: 1, at: 0, kind: 'secret', session: undefined, exchange: undefined, body: '{}' })).toBeUndefined();
  });
});
