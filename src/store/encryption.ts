import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import { type DriverId, driverId, fold } from '../domain/ids.ts';

/** Keeps what must be used again, such as a peer's token, unreadable in the store (SEC-08): AES-256-GCM, one nonce each. */
export interface Encryption {
  encrypt(clear: string): string;
  decrypt(encrypted: string): string;
  /**
   * A name for a value that says nothing of it: 36 hexadecimal digits, the same each time within one scope, and not to be
   * linked with those of another scope (SEC-43: HMAC-SHA-256 with a key for each scope).
   */
  pseudonym(scope: string, value: string): string;
}

const NONCE = 12;
const TAG = 16;

/** Nonces are drawn many at a time, since each draw costs as much as the encrypting. */
const NONCES_AT_ONCE = 256;
let drawnNonces = Buffer.alloc(0);
function drawNonce(): Buffer {
  if (drawnNonces.length === 0) drawnNonces = randomBytes(NONCE * NONCES_AT_ONCE);
  const nonce = drawnNonces.subarray(0, NONCE);
  drawnNonces = drawnNonces.subarray(NONCE);
  return nonce;
}

/** `bytes` are 32 random bytes that live outside the store. */
export function encryptWith(bytes: Buffer): Encryption {
  const key = createSecretKey(bytes);
  const scopes = new Map<string, Buffer>();
  const keyOf = (scope: string) => {
    const known = scopes.get(scope) ?? createHmac('sha256', key).update(`evenkeel pseudonym ${scope}`).digest();
    scopes.set(scope, known);
    return known;
  };
  return {
    pseudonym: (scope, value) => createHmac('sha256', keyOf(scope)).update(value).digest('hex').slice(0, 36).toUpperCase(),
    encrypt: (clear) => {
      const nonce = drawNonce();
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    decrypt: (encrypted) => {
      const bytes = Buffer.from(encrypted, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
  };
}

/** What the store calls the driver who shows this token; the token itself stands nowhere beside it. */
export const driverIdOf = (encryption: Encryption, uid: string): DriverId => driverId(encryption.pseudonym('driver', fold(uid)));

/** Tokens that we issue are random; their hash alone is kept, and tells nothing (SEC-08, SEC-09). */
export const fingerprint = (secret: string): string => hash('sha256', secret, 'base64url');
/** A fresh secret of 256 random bits, fit for a header and a URL. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
