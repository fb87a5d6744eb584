import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encryptWith, fingerprint, newSecret } from './encryption.ts';

const encryption = encryptWith(randomBytes(32));

describe('encryption of secrets (SEC-08)', () => {
  test.each(['a token', '', 'ünïcode €', 'x'.repeat(10_000)])('%j is decrypted unchanged', (clear) => {
    expect(encryption.decrypt(encryption.encrypt(clear))).toBe(clear);
  });
  test('the encrypted text does not contain the clear text and is different each time', () => {
    const [one, two] = [encryption.encrypt('hunter2'), encryption.encrypt('hunter2')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('hunter2');
  });
  test('a change of any byte of nonce, tag or ciphertext is detected', () => {
    const encrypted = Buffer.from(encryption.encrypt('a token'), 'base64url');
    for (const at of encrypted.keys()) {
      const changed = Buffer.from(encrypted);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => encryption.decrypt(changed.toString('base64url')), `byte ${at}`).toThrow();
    }
  });
  test.each([0, 11, 12, 27])('a text that is cut to %i bytes is not decrypted', (length) => {
    const encrypted = Buffer.from(encryption.encrypt('a token'), 'base64url');
    expect(() => encryption.decrypt(encrypted.subarray(0, length).toString('base64url'))).toThrow();
  });
  test('F-76: another key does not decrypt it, and the error says what to do', () => {
    expect(() => encryptWith(randomBytes(32)).decrypt(encryption.encrypt('a token'))).toThrow(
      'written with another key, or changed since; restore the key file',
    );
  });
});

describe('secrets that the node issues (SEC-08, SEC-09)', () => {
  test('each new secret is different and has 256 bits', () => {
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
  test('equal secrets have equal fingerprints, different ones different fingerprints', () => {
    expect(fingerprint('a')).toBe(fingerprint('a'));
    expect(fingerprint('a')).not.toBe(fingerprint('b'));
  });
});
