import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Keeps what must be used again, such as a peer's token, unreadable in the store (SEC-08): AES-256-GCM, one nonce each. */
export interface Seal {
  seal(clear: string): string;
  open(sealed: string): string;
}

const NONCE = 12;
const TAG = 16;

/** `key` is 32 random bytes that live outside the store. */
export function sealWith(key: Buffer): Seal {
  return {
    seal: (clear) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
  };
}

/** Tokens that we issue are random; their hash alone is kept, and tells nothing (SEC-08, SEC-09). */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
/** A fresh secret of 256 random bits, fit for a header and a URL. */
export const drawSecret = (): string => randomBytes(32).toString('base64url');
