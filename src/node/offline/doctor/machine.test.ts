import { describe, expect, test } from 'vitest';
import { checkMachine } from './machine.ts';

const failures = (version: string, moment: string) => checkMachine(version, Date.parse(moment)).filter((it) => !it.ok);

describe('the checks of the machine', () => {
  test('pass with Node 24 and a plausible clock', () => {
    expect(failures('24.0.0', '2026-06-01T00:00:00Z')).toEqual([]);
  });

  test('fail with a Node before 24', () => {
    expect(failures('22.12.0', '2026-06-01T00:00:00Z')).toEqual([{ check: 'node', ok: false, message: 'Node 22.12.0 is too old: install Node 24 or later' }]);
  });

  test.each(['1970-01-01T00:05:00Z', '2106-02-07T00:00:00Z'])('fail when the clock shows %s', (moment) => {
    expect(failures('24.0.0', moment).map((it) => it.check)).toEqual(['clock']);
  });
});
