import { expect, test } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';

test('SEC-36: a password is stored as a salted hash, and only the same password matches', async () => {
  const hash = await hashPassword('correct horse é');
  expect(hash).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await verifyPassword('correct horse é', hash)).toBe(true);
  expect(await verifyPassword('correct horse é', hash)).toBe(true); // the same letter, typed as two characters
  expect(await verifyPassword('correct horse e', hash)).toBe(false);
  expect(await verifyPassword('correct horse é', undefined)).toBe(false);
});

test.each([
  ['short', '12 to 128 characters, this one has 5'],
  ['x'.repeat(129), '12 to 128'],
  ['abababababab', 'different characters'],
  ['my name is ANNA', 'must not contain'],
  ['evenkeel-2026', 'must not contain'],
])('SEC-36: %s is refused as a password', (password, why) => {
  expect(checkPassword(password, 'Anna')).toMatchObject({ ok: false, problem: expect.stringContaining(why) });
});

test('a password of four words is allowed', () => {
  expect(checkPassword('four words of mine', 'Anna').ok).toBe(true);
});
