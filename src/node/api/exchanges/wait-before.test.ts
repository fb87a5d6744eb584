import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../../domain/units.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { KeptFrame } from '../../core/station-messages.ts';
import type { StationState } from '../../core/station-states.ts';
import type { Draft } from './kept-of-exchange.ts';
import { waitBefore } from './wait-before.ts';

type Step = Draft['step'];
const draft = (step: Step, at: number): Draft => {
  const [from, to] = step === 'station-call' ? ['node', 'OAK-1'] : step === 'station-answer' ? ['OAK-1', 'node'] : ['NL*CPO', 'node'];
  return { step, at: epochMillis(at), from, to, protocol: 'OCPP', name: '' };
};
const frame = (at: number, direction: KeptFrame['direction'], ...parts: unknown[]): KeptFrame => {
  const text = JSON.stringify(parts);
  return { at: epochMillis(at), seq: at, direction, text, size: text.length };
};
const carried = { side: 'carried', peer: 'NL*MSP', station: 'OAK-1' } as StoredExchange;
const sent = { side: 'sent', peer: 'NL*CPO' } as StoredExchange;
const away = (from: number, to: number): StationState[] => [
  { from: epochMillis(0), is: 'connected' },
  { from: epochMillis(from), is: 'away' },
  { from: epochMillis(to), is: 'connected' },
];

interface Case {
  exchange?: StoredExchange;
  frames?: KeptFrame[];
  states?: StationState[];
  before: [Step, number][];
  message: [Step, number];
}
const says = ({ exchange = carried, frames = [], states = [], before, message }: Case) =>
  waitBefore(draft(...message), { before: before.map((it) => draft(...it)), exchange, kept: { frames, states } })?.says;

describe('CON-F04: a wait of a second or more is explained', () => {
  const call = frame(1_500, 'sent', 2, '1', 'GetCompositeSchedule', {});
  test.each<[string, Case, string | undefined]>([
    ['a short wait needs none', { before: [['answer', 2_000]], message: ['station-call', 2_999] }, undefined],
    [
      'an earlier call that was answered meanwhile',
      { frames: [call, frame(9_900, 'received', 3, '1', {})], before: [['answer', 2_000]], message: ['station-call', 10_000] },
      "waited 8 s for OAK-1's earlier call (GetCompositeSchedule)",
    ],
    [
      'an earlier call that was never answered',
      { frames: [call], before: [['answer', 2_000]], message: ['station-call', 22_000] },
      "waited 20 s for OAK-1's earlier call (GetCompositeSchedule)",
    ],
    [
      'an earlier call that had been answered is no reason',
      { frames: [call, frame(1_900, 'received', 3, '1', {})], before: [['answer', 2_000]], message: ['station-call', 4_000] },
      'waited 2 s in this node',
    ],
    [
      'a charge point that was away',
      { states: away(1_000, 6_000), before: [['answer', 2_000]], message: ['station-call', 6_200] },
      'waited 4.2 s for OAK-1 to come back',
    ],
    [
      'a charge point that stayed away',
      { states: away(1_000, 99_000), before: [['answer', 2_000]], message: ['end', 32_000] },
      'waited 30 s for OAK-1 to come back',
    ],
    ['a slow charge point', { before: [['station-call', 2_000]], message: ['station-answer', 5_100] }, 'waited 3.1 s for the answer of OAK-1'],
    ['a charge point without an answer', { before: [['station-call', 2_000]], message: ['end', 32_000] }, 'waited 30 s for the answer of OAK-1'],
    ['a slow peer', { exchange: sent, before: [['request', 2_000]], message: ['answer', 4_000] }, 'waited 2 s for the answer of NL*CPO'],
    ['a result that came late', { exchange: sent, before: [['answer', 2_000]], message: ['result', 14_000] }, 'waited 12 s for the result of NL*CPO'],
    ['a result that never came', { exchange: sent, before: [['answer', 2_000]], message: ['end', 32_000] }, 'waited 30 s for the result of NL*CPO'],
  ])('%s', (_what, it, expected) => expect(says(it)).toBe(expected));
});
