import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { countAnswer, healthOf, type Refusals, type StationFacts } from './station-health.ts';

const well: StationFacts = { known: true, online: true, smartCharging: true, refusals: undefined };
const refusals = (count: number): Refusals => ({ count, first: epochMillis(1), answer: 'REJECTED (Rejected)' });

describe('the health of a charge point', () => {
  const cases: [string, Partial<StationFacts>, ReturnType<typeof healthOf>][] = [
    ['all is well', {}, { state: 'healthy' }],
    ['its abilities are not known yet', { smartCharging: undefined }, { state: 'healthy' }],
    ['it was never here', { known: false, online: false }, { state: 'never-connected', reason: 'it was never connected' }],
    ['it is away', { online: false, refusals: refusals(5) }, { state: 'away', reason: 'it is not connected' }],
    ['one refusal', { refusals: refusals(1) }, { state: 'healthy' }],
    [
      'each limit is refused',
      { refusals: refusals(3) },
      { state: 'refuses-limits', reason: 'it refused the last 3 limits; its last answer: REJECTED (Rejected)' },
    ],
    ['no smart charging', { smartCharging: false }, { state: 'no-smart-charging', reason: 'it takes no charging profiles' }],
  ];
  test.each(cases)('CON-D09: %s', (_, facts, expected) => expect(healthOf({ ...well, ...facts })).toEqual(expected));
});

describe('refusals in a row', () => {
  test('CON-D09: they are counted until one limit is accepted; silence says nothing', () => {
    const answers = ['REJECTED (Rejected)', 'SILENT (deadline)', 'REJECTED (NotSupported)'];
    const counted = answers.reduce<Refusals | undefined>((before, answer, n) => countAnswer(before, answer, epochMillis(n)), undefined);
    expect(counted).toEqual({ count: 2, first: 0, answer: 'REJECTED (NotSupported)' });
    expect(countAnswer(counted, 'ACCEPTED', epochMillis(9))).toBeUndefined();
  });
});
