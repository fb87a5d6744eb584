import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../domain/result.ts';

/** What scrypt costs (RFC 7914 §2): its N is 2^log2N. */
export interface PasswordCost {
  log2N: number;
  r: number;
  p: number;
}
/** 32 MB and about a quarter of a second; as strong as OWASP asks for. */
export const USUAL_COST: PasswordCost = { log2N: 15, r: 8, p: 3 };
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
export async function hashPassword(password: string, cost: PasswordCost = USUAL_COST): Promise<string> {
  const salt = randomBytes(SALT);
  return printHash(cost, salt, await derive(password, salt, cost));
}
const printHash = ({ log2N, r, p }: PasswordCost, salt: Buffer, key: Buffer) =>
  ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');

/** Compares in constant time; without a hash as much work is done, so that time does not tell which names are known. */
export async function fitsPassword(password: string, hash: string | undefined, cost: PasswordCost = USUAL_COST): Promise<boolean> {
  const [, log2N, r, p, salt = '', key = ''] = (hash ?? printHash(cost, randomBytes(SALT), randomBytes(LENGTH))).split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { log2N: Number(log2N), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== undefined;
}

/** One after another: guessing must not fill the memory. */
let last: Promise<unknown> = Promise.resolve();
function derive(password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> {
  const work = () =>
    new Promise<Buffer>((done, failed) =>
      // Two ways to type one letter are one password.
      scrypt(password.normalize('NFKC'), salt, LENGTH, { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r }, (error, key) =>
        error ? failed(error) : done(key),
      ),
    );
  const turn = last.then(work, work);
  last = turn;
  return turn;
}
