import { describe, expect, test } from 'vitest';
import type { ExchangeView } from './api-types.ts';
import { describeExchange, outcomeText } from './request-text.ts';
import { minuteTime, secondsOf } from './time-format.ts';

const START = '2026-01-31T09:30:00Z';
const until = minuteTime(secondsOf(START) + 900);
const exchange = (more: Partial<ExchangeView>): ExchangeView => ({
  id: 'E1',
  seq: 1,
  kind: 'set',
  side: 'own',
  session: 'NL*EVK*S1',
  station: 'P1',
  state: 'DELIVERED',
  open: false,
  charging_profile: { charging_rate_unit: 'A', start_date_time: START, duration: 900, charging_profile_period: [{ start_period: 0, limit: 8 }] },
  accepted_at: START,
  deadline: START,
  request_id: 'R1',
  correlation_id: 'C1',
  ...more,
});
const clear = { kind: 'clear' } as const;
const get = { kind: 'get', duration: 3600 } as const;
const without = ({ charging_profile: _, ...rest }: ExchangeView): ExchangeView => rest;

describe('a request in a few words', () => {
  test.each([
    [exchange({}), 'set 8 A · operator'],
    [exchange({ side: 'carried', peer: 'NL*MSP' }), 'set 8 A · NL*MSP'],
    [exchange({ side: 'sent', peer: 'NL*EVK' }), 'set 8 A · to NL*EVK'],
    [without(exchange({ ...get })), 'get, next 1 h 00 min · operator'],
    [without(exchange({ ...clear })), 'clear · operator'],
  ] as const)('%#', (request, text) => expect(describeExchange(request)).toBe(text));

  test('more periods are counted', () => {
    const charging_profile_period = [0, 60].map((start_period) => ({ start_period, limit: 4000 }));
    expect(describeExchange(exchange({ charging_profile: { charging_rate_unit: 'W', charging_profile_period } }))).toBe('set 4 kW, 2 periods · operator');
  });
});

describe('the outcome as a sentence says no more than is known', () => {
  test.each([
    [exchange({ open: true, state: 'SENDING' }), 'P1 has not answered yet.'],
    [exchange({ outcome: 'ACCEPTED', reason: 'cp' }), `P1 accepted 8 A until ${until}.`],
    [
      exchange({ outcome: 'ACCEPTED', charging_profile: { charging_rate_unit: 'W', charging_profile_period: [{ start_period: 0, limit: 4000 }] } }),
      'P1 accepted 4 kW until the session ends.',
    ],
    [exchange({ state: 'TIMED_OUT', outcome: 'UNCERTAIN', reason: 'cp_silent' }), 'P1 did not answer; we do not know whether 8 A holds.'],
    [
      exchange({ state: 'TIMED_OUT', outcome: 'UNCERTAIN', reason: 'crash' }),
      'There is no answer from P1; we do not know whether 8 A holds. Reason: the node restarted before it knew the result.',
    ],
    [exchange({ outcome: 'REJECTED', reason: 'cp: Rejected' }), 'P1 rejected the request. Reason: the station answered Rejected.'],
    [exchange({ outcome: 'REJECTED', reason: 'superseded' }), 'The request was rejected. Reason: a newer request replaced this one.'],
    [exchange({ state: 'REFUSED', outcome: 'TOO_OFTEN' }), 'The request failed: too many requests.'],
    [without(exchange({ ...clear, outcome: 'ACCEPTED' })), 'P1 cleared the profile.'],
    [without(exchange({ ...clear, outcome: 'UNKNOWN' })), 'P1 has no profile to clear.'],
    [without(exchange({ ...get, outcome: 'ACCEPTED' })), 'P1 reports these limits:'],
    [without(exchange({ ...get, outcome: 'ACCEPTED', computed: true })), 'P1 cannot report its limits; the node computed them:'],
  ] as const)('%#', (ended, text) => expect(outcomeText(ended)).toBe(text));
});
