import { expect, test } from 'vitest';
import { fitPassword, fitsPassword, hashPassword } from './password.ts';

test('SEC-36: a password is kept as a salted hash, and only it fits', async () => {
  const hash = await hashPassword('correct horse é');
  expect(hash).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await fitsPassword('correct horse é', hash)).toBe(true);
  expect(await fitsPassword('correct horse é', hash)).toBe(true); // the same letter, typed as two characters
  expect(await fitsPassword('correct horse e', hash)).toBe(false);
  expect(await fitsPassword('correct horse é', undefined)).toBe(false);
});

test.each([
  ['short', '12 to 128 characters, this one has 5'],
  ['x'.repeat(129), '12 to 128'],
  ['abababababab', 'different characters'],
  ['my name is ANNA', 'must not hold'],
  ['evenkeel-2026', 'must not hold'],
])('SEC-36: %s is no password', (password, why) => {
  expect(fitPassword(password, 'Anna')).toMatchObject({ ok: false, problem: expect.stringContaining(why) });
});

test('a password of words is one', () => {
  expect(fitPassword('four words of mine', 'Anna').ok).toBe(true);
});
