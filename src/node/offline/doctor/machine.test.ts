import { describe, expect, test } from 'vitest';
import { checkMachine } from './machine.ts';

const failing = (version: string, moment: string) => checkMachine(version, Date.parse(moment)).filter((it) => !it.ok);

describe('the machine that a node is to run on', () => {
  test('is in order with Node 24 and a clock of these years', () => {
    expect(failing('24.0.0', '2026-06-01T00:00:00Z')).toEqual([]);
  });

  test('has too old a Node before 24', () => {
    expect(failing('22.12.0', '2026-06-01T00:00:00Z')).toEqual([{ check: 'node', ok: false, says: 'Node 22.12.0 is too old: install Node 24 or later' }]);
  });

  test.each(['1970-01-01T00:05:00Z', '2106-02-07T00:00:00Z'])('has a clock that cannot be right at %s', (moment) => {
    expect(failing('24.0.0', moment).map((it) => it.check)).toEqual(['clock']);
  });
});
