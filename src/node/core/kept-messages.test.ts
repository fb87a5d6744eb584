import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { KeptMessages } from './kept-messages.ts';

const message = (at: number, size = 0) => ({ at: epochMillis(at), size });
const NONE = 256; // bytes of a message without text
const open = (more: Partial<ConstructorParameters<typeof KeptMessages>[0]> = {}) =>
  new KeptMessages<string, ReturnType<typeof message>>({ age: 1_000, bytes: 100 * NONE, bytesOfOne: 10 * NONE, ...more });
const times = (kept: ReturnType<typeof open>, sender: string, now = 0) => kept.of(sender, epochMillis(now)).map(({ at }) => at);

describe('CON-F01: messages are kept for a bounded time and within a bounded size', () => {
  test('the oldest messages of a sender make room for its newest', () => {
    const kept = open({ bytesOfOne: 3 * NONE });
    for (const at of [1, 2, 3, 4]) kept.add('A', message(at));
    expect(times(kept, 'A')).toEqual([2, 3, 4]);
    kept.add('A', message(5, NONE)); // 3 times the bytes of the others
    expect([times(kept, 'A'), kept.bytes]).toEqual([[5], 3 * NONE]);
  });

  test('a message that alone needs more than its sender may is not kept', () => {
    const kept = open({ bytesOfOne: 2 * NONE });
    kept.add('A', message(1, NONE));
    expect([times(kept, 'A'), kept.bytes]).toEqual([[], 0]);
  });

  test('a sender of many messages removes its own, and all together stay within the bound', () => {
    const kept = open({ bytes: 20 * NONE, bytesOfOne: 10 * NONE });
    for (const at of [1, 2, 3]) kept.add('quiet', message(at));
    for (let at = 0; at < 500; at += 1) for (const flood of ['B', 'C', 'D']) kept.add(flood, message(at));
    expect(times(kept, 'quiet')).toEqual([1, 2, 3]);
    expect(kept.bytes).toBeLessThanOrEqual(20 * NONE);
    expect(times(kept, 'B').length).toBe(5);
  });

  test('an old message is neither read nor kept', () => {
    const kept = open();
    kept.add('A', message(0));
    kept.add('A', message(900));
    expect([times(kept, 'A', 1_000), times(kept, 'A', 1_001), times(kept, 'A', 2_000)]).toEqual([[0, 900], [900], []]);
    kept.forgetOld(epochMillis(1_001));
    expect([kept.senders, kept.bytes]).toEqual([1, NONE]);
    kept.forgetOld(epochMillis(2_000));
    expect([kept.senders, kept.bytes]).toEqual([0, 0]);
  });
});
