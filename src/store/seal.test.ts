import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { drawSecret, fingerprint, sealWith } from './seal.ts';

const seal = sealWith(randomBytes(32));

describe('the seal of what must be used again (SEC-08)', () => {
  test.each(['a token', '', 'ünïcode €', 'x'.repeat(10_000)])('gives back what it was given: %j', (clear) => {
    expect(seal.open(seal.seal(clear))).toBe(clear);
  });
  test('shows nothing of what it hides, and never looks the same twice', () => {
    const [one, two] = [seal.seal('hunter2'), seal.seal('hunter2')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('hunter2');
  });
  test('every byte counts: nonce, tag and body', () => {
    const sealed = Buffer.from(seal.seal('a token'), 'base64url');
    for (const place of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(() => seal.open(changed.toString('base64url')), `byte ${place}`).toThrow();
    }
  });
  test.each([0, 11, 12, 27])('what was cut to %i bytes does not open', (length) => {
    const sealed = Buffer.from(seal.seal('a token'), 'base64url');
    expect(() => seal.open(sealed.subarray(0, length).toString('base64url'))).toThrow();
  });
  test('another key does not open it', () => {
    expect(() => sealWith(randomBytes(32)).open(seal.seal('a token'))).toThrow();
  });
});

describe('secrets that we issue (SEC-08, SEC-09)', () => {
  test('each is another, of 256 bits', () => {
    expect(Buffer.from(drawSecret(), 'base64url')).toHaveLength(32);
    expect(drawSecret()).not.toBe(drawSecret());
  });
  test('a fingerprint is the same for the same secret, and another for another', () => {
    expect(fingerprint('a')).toBe(fingerprint('a'));
    expect(fingerprint('a')).not.toBe(fingerprint('b'));
  });
});
