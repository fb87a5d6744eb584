import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encryptWith, fingerprint, newSecret } from './encryption.ts';

const encryption = encryptWith(randomBytes(32));

describe('the encryption of what must be used again (SEC-08)', () => {
  test.each(['a token', '', 'ünïcode €', 'x'.repeat(10_000)])('gives back what it was given: %j', (clear) => {
    expect(encryption.decrypt(encryption.encrypt(clear))).toBe(clear);
  });
  test('shows nothing of what it hides, and never looks the same twice', () => {
    const [one, two] = [encryption.encrypt('hunter2'), encryption.encrypt('hunter2')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('hunter2');
  });
  test('every byte counts: nonce, tag and body', () => {
    const encrypted = Buffer.from(encryption.encrypt('a token'), 'base64url');
    for (const place of encrypted.keys()) {
      const changed = Buffer.from(encrypted);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(() => encryption.decrypt(changed.toString('base64url')), `byte ${place}`).toThrow();
    }
  });
  test.each([0, 11, 12, 27])('what was cut to %i bytes does not open', (length) => {
    const encrypted = Buffer.from(encryption.encrypt('a token'), 'base64url');
    expect(() => encryption.decrypt(encrypted.subarray(0, length).toString('base64url'))).toThrow();
  });
  test('another key does not open it', () => {
    expect(() => encryptWith(randomBytes(32)).decrypt(encryption.encrypt('a token'))).toThrow();
  });
});

describe('secrets that we issue (SEC-08, SEC-09)', () => {
  test('each is another, of 256 bits', () => {
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
  test('a fingerprint is the same for the same secret, and another for another', () => {
    expect(fingerprint('a')).toBe(fingerprint('a'));
    expect(fingerprint('a')).not.toBe(fingerprint('b'));
  });
});
