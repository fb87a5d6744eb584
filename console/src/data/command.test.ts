import { describe, expect, test } from 'vitest';
import { queryOf, readCommand, verbsFor } from './command.ts';

describe('CON-E06: the palette reads the words of the command line', () => {
  test.each([
    ['set OAK-1 8A for 15m', { is: 'set', target: 'OAK-1', limit: { value: '8', unit: 'A' }, minutes: 15 }],
    [' Set  oak-1  7,4 kW ', { is: 'set', target: 'oak-1', limit: { value: '7400', unit: 'W' } }],
    ['set OAK-1 --limit 1840W --for 2h', { is: 'set', target: 'OAK-1', limit: { value: '1840', unit: 'W' }, minutes: 120 }],
    ['set OAK-1 8', { is: 'set', target: 'OAK-1' }],
    ['set', { is: 'set', target: '' }],
    ['why OAK-1', { is: 'why', target: 'OAK-1' }],
    ['halt NL*SCS', { is: 'halt', target: 'NL*SCS' }],
    ['go to stations', { is: 'go', target: 'stations' }],
    ['OAK', { is: 'go', target: 'OAK' }],
    ['settings', { is: 'go', target: 'settings' }],
  ])('%s', (text, command) => expect(readCommand(text)).toEqual(command));

  test('a beginning completes to the verbs that it may be', () => {
    expect(verbsFor('')).toEqual(['set', 'why', 'get', 'clear', 'halt', 'resume']);
    expect(verbsFor('s')).toEqual(['set']);
    expect([verbsFor('set'), verbsFor('set OAK')]).toEqual([[], []]);
  });

  test('an act opens its form filled in, and why opens the page alone', () => {
    expect(queryOf(readCommand('set OAK-1 8A for 15m'))).toEqual({ act: 'set', limit: '8', unit: 'A', minutes: '15' });
    expect(queryOf(readCommand('clear OAK-1'))).toEqual({ act: 'clear' });
    expect(queryOf(readCommand('why OAK-1'))).toEqual({});
  });
});
