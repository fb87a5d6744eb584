import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../../domain/units.ts';
import { base32, codeAt, otpauthUri, stepAt, stepOf } from './totp.ts';

const secret = (length: number) => Buffer.from('1234567890'.repeat(7).slice(0, length));

describe('codes of the second factor (TOTP)', () => {
  // RFC 6238, appendix B
  test.each([
    [59, '94287082', '46119246', '90693936'],
    [1_111_111_109, '07081804', '68084774', '25091201'],
    [1_111_111_111, '14050471', '67062674', '99943326'],
    [1_234_567_890, '89005924', '91819424', '93441116'],
    [2_000_000_000, '69279037', '90698825', '38618901'],
    [20_000_000_000, '65353130', '77737706', '47863826'],
  ])('SEC-36: test vectors of RFC 6238 at %d s', (at, ...codes) => {
    const step = stepAt(epochSeconds(at));
    const of = (length: number, algorithm: string) => codeAt(secret(length), step, { digits: 8, algorithm });
    expect([of(20, 'sha1'), of(32, 'sha256'), of(64, 'sha512')]).toEqual(codes);
  });

  test('SEC-36: a code is valid in its own 30 s, and in the 30 s before and after', () => {
    const now = epochSeconds(1_111_111_109);
    const step = stepAt(now);
    const code = codeAt(secret(20), step);
    for (const [later, found] of [
      [-60, undefined],
      [-30, step],
      [0, step],
      [30, step],
      [60, undefined],
    ] as const)
      expect(stepOf(code, secret(20), epochSeconds(now + later))).toBe(found);
    for (const wrong of ['', '12345', `${code}0`, ` ${code}`, '١٢٣٤٥٦']) expect(stepOf(wrong, secret(20), now)).toBeUndefined();
  });

  // RFC 4648, section 10
  test.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foobar', 'MZXW6YTBOI'],
  ])('base32 of %s', (clear, coded) => {
    expect(base32(Buffer.from(clear))).toBe(coded);
  });

  test('the key URI for authenticator apps', () => {
    expect(otpauthUri('an na', Buffer.from('foobar'))).toBe(
      'otpauth://totp/Evenkeel:an%20na?secret=MZXW6YTBOI&issuer=Evenkeel&algorithm=SHA1&digits=6&period=30',
    );
  });
});
