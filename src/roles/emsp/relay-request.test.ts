import { describe, expect, test } from 'vitest';
import { partyKey } from '../../domain/ids.ts';
import { type RelayFacts, refusal } from './relay-request.ts';

const SCSP = partyKey('NL', 'SCS');
const OTHER = partyKey('NL', 'TNM');
const THIRD = partyKey('BE', 'XYZ');

/** The facts of a request that is forwarded; `more` has what differs. */
const factsWith = (more: Partial<RelayFacts> = {}): RelayFacts => ({
  status: 'ACTIVE',
  mayControl: true,
  inputs: [],
  setByUs: false,
  asker: SCSP,
  sharingWith: () => 'one',
  halted: false,
  tooOften: undefined,
  ...more,
});
const shared: Partial<RelayFacts> = { sharingWith: () => 'strictest' };

describe.each(['set', 'clear'] as const)('a %s of an SCSP', (kind) => {
  test('CP-60: is forwarded when nothing speaks against it', () => {
    expect(refusal(factsWith(), kind)).toBeUndefined();
  });

  test('SEC-34: is REJECTED while the operator has halted the SCSP', () => {
    expect(refusal(factsWith({ halted: true }), kind)).toEqual({ result: 'REJECTED', message: `the operator has taken the right to steer from ${SCSP}` });
  });

  test('CP-35: is REJECTED without a contract to control the session', () => {
    expect(refusal(factsWith({ mayControl: false }), kind)).toEqual({ result: 'REJECTED', message: `no contract lets ${SCSP} control this session` });
  });

  test('CP-36: is REJECTED while the eMSP itself steers the session', () => {
    expect(refusal(factsWith({ setByUs: true }), kind)).toEqual({ result: 'REJECTED', message: 'the operator steers this session' });
  });

  test('CP-36: is REJECTED while another party steers the session and the operator has not configured that they share', () => {
    const refused = { result: 'REJECTED', message: 'another party steers this session' };
    expect(refusal(factsWith({ inputs: [OTHER] }), kind)).toEqual(refused);
    expect(refusal(factsWith({ inputs: [SCSP, OTHER] }), kind)).toEqual(refused);
  });

  test('CP-36: is REJECTED when the SCSP shares with one of the steering parties but not with the other', () => {
    const sharingWith: RelayFacts['sharingWith'] = (party) => (party === OTHER ? 'replace' : 'one');
    expect(refusal(factsWith({ inputs: [SCSP, OTHER, THIRD], sharingWith }), kind)?.result).toBe('REJECTED');
    expect(refusal(factsWith({ inputs: [SCSP, OTHER], sharingWith }), kind)).toBeUndefined();
  });

  test('CP-36: is forwarded while only its own profile is set', () => {
    expect(refusal(factsWith({ inputs: [SCSP] }), kind)).toBeUndefined();
  });

  test('CP-09: is TOO_OFTEN above the rate limit, with its reason', () => {
    expect(refusal(factsWith({ tooOften: 'more than 10 requests in a minute' }), kind)).toEqual({
      result: 'TOO_OFTEN',
      message: 'more than 10 requests in a minute',
    });
  });

  test('CP-08: of a party without the right is REJECTED, also above the rate limit', () => {
    expect(refusal(factsWith({ mayControl: false, tooOften: 'too many' }), kind)?.result).toBe('REJECTED');
  });
});

describe.each(['set', 'get', 'clear'] as const)('a %s about a session', (kind) => {
  test.each(['COMPLETED', 'INVALID'])('CP-34: that is %s is REJECTED without the CPO', (status) => {
    const message = `the session is ${status}, only one that has not ended takes charging profiles`;
    expect(refusal(factsWith({ status }), kind)).toEqual({ result: 'REJECTED', message });
  });

  test.each(['PENDING', 'RESERVATION'])('CP-60: that is %s is forwarded: the CPO decides, which may know a newer status', (status) => {
    expect(refusal(factsWith({ status }), kind)).toBeUndefined();
  });
});

describe('parties that share a session', () => {
  test('CP-36: the second one may set its profile', () => {
    expect(refusal(factsWith({ inputs: [OTHER], ...shared }), 'set')).toBeUndefined();
  });

  test('CP-68: nobody clears the profile of another party', () => {
    expect(refusal(factsWith({ inputs: [OTHER], ...shared }), 'clear')).toEqual({ result: 'REJECTED', message: 'another party steers this session' });
  });

  test('CP-68: each may clear its own profile', () => {
    expect(refusal(factsWith({ inputs: [OTHER, SCSP], ...shared }), 'clear')).toBeUndefined();
  });
});

describe('a get of an SCSP', () => {
  test('CP-35: needs no right to control: each party that may see the session may read its profile', () => {
    expect(refusal(factsWith({ mayControl: false, halted: true, setByUs: true, inputs: [OTHER] }), 'get')).toBeUndefined();
  });

  test('CP-09: is TOO_OFTEN above the rate limit', () => {
    expect(refusal(factsWith({ tooOften: 'too many' }), 'get')).toEqual({ result: 'TOO_OFTEN', message: 'too many' });
  });
});
