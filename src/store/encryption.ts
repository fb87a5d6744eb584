import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import { type DriverId, driverId, fold } from '../domain/ids.ts';

/** Encrypts secrets that the node must read again, such as a peer's token (SEC-08): AES-256-GCM with a new nonce for each text. */
export interface Encryption {
  /** Returns nonce, tag and ciphertext in Base64url. */
  encrypt(clear: string): string;
  /** Throws when the text was changed or encrypted with another key. */
  decrypt(encrypted: string): string;
  /**
   * The pseudonym of a value: 36 hexadecimal digits, always the same within one scope, and not linkable to the pseudonyms of
   * another scope (SEC-43: HMAC-SHA-256 with one key for each scope).
   */
  pseudonym(scope: string, value: string): string;
}

const WRONG_KEY = 'an encrypted value cannot be read: it was written with another key, or changed since; restore the key file that belongs to this database';
const NONCE = 12;
const TAG = 16;

/** Nonces are generated in batches, because each call of `randomBytes` takes as long as one encryption. */
const NONCES_AT_ONCE = 256;
let nonces = Buffer.alloc(0);
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCE * NONCES_AT_ONCE);
  const nonce = nonces.subarray(0, NONCE);
  nonces = nonces.subarray(NONCE);
  return nonce;
}

/** Creates an Encryption with a key of 32 random bytes, which must be kept outside the store. */
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
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    decrypt: (encrypted) => {
      const bytes = Buffer.from(encrypted, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Error(WRONG_KEY, { cause: error });
      }
    },
  };
}

/** The id of a driver in the store: a pseudonym of the uid of the token, case-insensitive. */
export const driverIdOf = (encryption: Encryption, uid: string): DriverId => driverId(encryption.pseudonym('driver', fold(uid)));

/** The SHA-256 hash of a secret that the node issued, in Base64url. Only hashes are stored: the secrets are random, so a hash reveals nothing (SEC-08, SEC-09). */
export const fingerprint = (secret: string): string => hash('sha256', secret, 'base64url');
/** A new secret of 256 random bits in Base64url, which may be used in headers and URLs. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
