import { expect, test } from 'vitest';
import { type AuditedAct, audited } from './audit.ts';

/** An audit chain that writes into the same list as the act. */
function recorded(note: () => Promise<number> = async () => 1) {
  const calls: unknown[] = [];
  const audit = {
    note: (by: object, act: AuditedAct) => {
      calls.push({ by, ...act });
      return note();
    },
  };
  const perform = async (name: string, limit: number) => {
    calls.push(name);
    return limit;
  };
  return {
    calls,
    act: audited({ audit, by: { kind: 'command' } }, perform, async (name, limit) => ({ act: 'impose-limit', subject: name, says: `${limit} A` })),
  };
}

test('an audited act is recorded with its arguments, then performed', async () => {
  const { calls, act } = recorded();
  expect(await act('garage', 16)).toBe(16);
  expect(calls).toEqual([{ by: { kind: 'command' }, act: 'impose-limit', subject: 'garage', says: '16 A' }, 'garage']);
});

test('an act that cannot be recorded is not performed', async () => {
  const { calls, act } = recorded(() => Promise.reject(new Error('disk full')));
  await expect(act('garage', 16)).rejects.toThrow('disk full');
  expect(calls).toHaveLength(1);
});
