import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../domain/result.ts';

/** What scrypt costs: 32 MB and about a quarter of a second; as strong as OWASP asks for (N = 2^15, r = 8, p = 3). */
const COST = { log2N: 15, r: 8, p: 3 } as const;
const SALT = 16;
const LENGTH = 32;
const LEAST = 12;
const MOST = 128;
/** Fewer different characters than this are a pattern, not a password. */
const LEAST_DIFFERENT = 5;

/** Whether a password may be set; the problem says what is allowed. Any characters count, none is demanded. */
export function fitPassword(password: string, name: string): Result<string> {
  const length = [...password].length;
  if (length < LEAST || length > MOST) return fail(`a password has ${LEAST} to ${MOST} characters, this one has ${length}`);
  const folded = password.toLowerCase();
  if (folded.includes(name.toLowerCase()) || folded.includes('evenkeel')) return fail('a password must not hold the name of its user, nor of this program');
  if (new Set(folded).size < LEAST_DIFFERENT) return fail(`a password has at least ${LEAST_DIFFERENT} different characters`);
  return ok(password);
}

/** What is kept instead of a password: cost, salt and key, so that a later release may cost more. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Compares in constant time; without a hash as much work is done, so that time does not tell which names are known. */
export async function fitsPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, log2N, r, p, salt = '', key = ''] = (hash ?? NOBODY).split('$');
  const wanted = Buffer.from(key, 'base64url');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { log2N: Number(log2N), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, wanted) && hash !== undefined;
}
const NOBODY = ['scrypt', COST.log2N, COST.r, COST.p, randomBytes(SALT).toString('base64url'), randomBytes(LENGTH).toString('base64url')].join('$');

/** One after another: guessing must not fill the memory. */
let last: Promise<unknown> = Promise.resolve();
function derive(password: string, salt: Buffer, { log2N, r, p }: { log2N: number; r: number; p: number }): Promise<Buffer> {
  const work = () =>
    new Promise<Buffer>((done, failed) =>
      // Two ways to type one letter are one password.
      scrypt(password.normalize('NFKC'), salt, LENGTH, { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r }, (error, key) => (error ? failed(error) : done(key))),
    );
  const turn = last.then(work, work);
  last = turn;
  return turn;
}
