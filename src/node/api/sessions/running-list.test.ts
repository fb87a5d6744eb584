import { describe, expect, test } from 'vitest';
import { asSessionKey } from '../../../domain/ids.ts';
import {
  isLimitedBy,
  matchesFacts,
  type Position,
  pageAfter,
  printPosition,
  type RunningFilter,
  readPosition,
  type SessionFacts,
  sortableName,
} from './running-list.ts';

const facts: SessionFacts = {
  key: asSessionKey('NL*EVK*S1'),
  seq: 1,
  status: 'ACTIVE',
  name: sortableName('P2'),
  searched: 'NL*EVK*S1\nP2\nGARAGE\n****BEEF',
  parties: ['NL*MSP', 'NL*SCS'],
  sites: ['LOC1', 'GARAGE'],
  station: 'OAK-1',
  deviates: false,
  power: 7_360,
  energy: 3,
  start: 0,
};

const filters: [title: string, filter: RunningFilter, taken: boolean][] = [
  ['no filter takes all', {}, true],
  ['the party of the customer', { party: 'nl*msp' }, true],
  ['a party with a profile on it', { party: 'NL*SCS' }, true],
  ['another party', { party: 'NL*SC' }, false],
  ['its location', { site: 'loc1' }, true],
  ['the site of its EVSE', { site: 'garage' }, true],
  ['another site', { site: 'gar' }, false],
  ['its charge point', { station: 'oak-1' }, true],
  ['another status', { status: 'PENDING' }, false],
  ['deviating sessions only', { deviates: 'yes' }, false],
  ['a part of its card', { q: 'beef' }, true],
  ['a text that it does not have', { q: 'oak-2' }, false],
];

describe('CON-E01: a list of running sessions takes', () => {
  test.each(filters)('%s', (_, filter, taken) => expect(matchesFacts(filter)(facts)).toBe(taken));

  test('what a cause or its name limits', () => {
    const limited = { limit: 1, cause: 'site-share', causeName: 'GARAGE/NORTH' };
    expect(['site-share', 'garage/north', 'garage', 'car-full'].map((it) => isLimitedBy(it)(limited))).toEqual([true, true, false, false]);
  });
});

describe('CON-E02: pages of a sorted list', () => {
  const all: readonly Position[] = [
    { seq: 1, value: 10 },
    { seq: 2, value: undefined },
    { seq: 3, value: 30 },
    { seq: 4, value: 10 },
    { seq: 5, value: 20 },
  ];
  const walk = (order: 'asc' | 'desc') => {
    const seen: number[] = [];
    for (let after: Position | undefined; ; ) {
      const { items, more } = pageAfter(all, { order, after, limit: 2 });
      seen.push(...items.map(({ seq }) => seq));
      after = items.at(-1);
      if (!more || !after) return seen;
    }
  };
  test('have each session once, the newest of equal ones first and those without a value last', () => {
    expect(walk('desc')).toEqual([3, 5, 4, 1, 2]);
    expect(walk('asc')).toEqual([4, 1, 5, 3, 2]);
  });

  test('go on at the same place when sessions before it come, go or change', () => {
    const after = { seq: 5, value: 20 };
    const changed = [{ seq: 6, value: 25 }, { seq: 3, value: 40 }, ...all.filter(({ seq }) => seq === 1 || seq === 4)];
    expect(pageAfter(changed, { order: 'desc', after, limit: 9 }).items.map(({ seq }) => seq)).toEqual([4, 1]);
  });

  test('names with numbers sort by them, whatever their case', () => {
    expect(['P10', 'p2', 'a3'].toSorted((a, b) => (sortableName(a) < sortableName(b) ? -1 : 1))).toEqual(['a3', 'p2', 'P10']);
  });

  test('a position holds for its own order only', () => {
    const text = printPosition('power', 'desc', { seq: 5, value: 20 });
    expect(readPosition(text, 'power', 'desc')).toEqual({ seq: 5, value: 20 });
    expect(readPosition(printPosition('limit', 'asc', { seq: 5, value: undefined }), 'limit', 'asc')).toEqual({ seq: 5, value: undefined });
    for (const wrong of [readPosition(text, 'power', 'asc'), readPosition(text, 'energy', 'desc'), readPosition('nonsense', 'power', 'desc')])
      expect(wrong).toBeUndefined();
  });
});
