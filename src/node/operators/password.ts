import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../domain/result.ts';

/** The cost of scrypt (RFC 7914 §2): N is 2^log2N. */
export interface PasswordCost {
  log2N: number;
  r: number;
  p: number;
}
/** 32 MB of memory and about 0.25 s, as OWASP recommends. */
export const USUAL_COST: PasswordCost = { log2N: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const SHORTEST = 12;
const LONGEST = 128;
const LEAST_DIFFERENT = 5;

/** Whether a password may be set; the problem says what is allowed. All characters are allowed and none is required. */
export function checkPassword(password: string, name: string): Result<string> {
  const length = [...password].length;
  if (length < SHORTEST || length > LONGEST) return fail(`a password has ${SHORTEST} to ${LONGEST} characters, this one has ${length}`);
  const folded = password.toLowerCase();
  if (folded.includes(name.toLowerCase()) || folded.includes('evenkeel')) return fail('a password must not contain the name of its user or evenkeel');
  if (new Set(folded).size < LEAST_DIFFERENT) return fail(`a password has at least ${LEAST_DIFFERENT} different characters`);
  return ok(password);
}

/** The stored form of a password: cost, salt and key. It holds its cost, so that a later release can raise it. */
export async function hashPassword(password: string, cost: PasswordCost = USUAL_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return printHash(cost, salt, await derive(password, salt, cost));
}
const printHash = ({ log2N, r, p }: PasswordCost, salt: Buffer, key: Buffer) =>
  ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');

/** Whether a password has this hash. Without a hash the same work is done, so that the duration does not tell which names exist. */
export async function verifyPassword(password: string, hash: string | undefined, cost: PasswordCost = USUAL_COST): Promise<boolean> {
  const [, log2N, r, p, salt = '', key = ''] = (hash ?? printHash(cost, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES))).split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { log2N: Number(log2N), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== undefined;
}

/** The last derivation. They run one after another, so that password guessing cannot fill the memory. */
let last: Promise<unknown> = Promise.resolve();
function derive(password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> {
  const work = () =>
    new Promise<Buffer>((done, failed) =>
      // NFKC: different encodings of one letter are the same password.
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r }, (error, key) =>
        error ? failed(error) : done(key),
      ),
    );
  const turn = last.then(work, work);
  last = turn;
  return turn;
}
