import { hash, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../domain/result.ts';

/** What a station authenticates with: a password (security profiles 1 and 2), or a client certificate whose common name is the station id (profile 3). */
export type Credential =
  | { password: string }
  | { certificate: { /** SHA-256 of the only accepted certificate, as hex; absent: any certificate that the CA signed. */ fingerprint?: string } };

/** OCPP security profiles: 1 password without TLS, 2 password over TLS, 3 client certificate over TLS. */
export type SecurityProfile = 1 | 2 | 3;

/** The client certificate of a TLS socket. */
export interface ClientCertificate {
  /** One of the configured authorities signed it. */
  authorized: boolean;
  commonName: string | undefined;
  fingerprint: string | undefined;
}

/** Compared when the station is unknown, so that the check takes as long as for a known one. */
const UNKNOWN_STATION = { password: hash('sha256', `${process.pid} unknown station ${performance.now()}`) };

/** Whether a Basic `Authorization` header has the station's id (the one in the URL) as user, and its password (SEC-30). */
export function passwordMatches(header: string | undefined, id: string, credential: Credential | undefined): boolean {
  const shown = parseBasic(header);
  const known = credential && 'password' in credential ? credential : undefined;
  const wanted = known ?? UNKNOWN_STATION;
  const password = shown.ok ? shown.value.password : Buffer.alloc(0);
  const asText = sameSecret(password, Buffer.from(wanted.password, 'utf8'));
  // An OCPP 1.6 AuthorizationKey may be configured as hex and sent as bytes (security whitepaper, A00).
  const asBytes = sameSecret(password, Buffer.from(hexBytes(wanted.password)));
  return (asText || asBytes) && known !== undefined && shown.ok && shown.value.user === id;
}

/** Whether a client certificate is valid, carries the station's id as common name, and has the configured fingerprint, if there is one. */
export function certificateMatches(shown: ClientCertificate, id: string, credential: Credential | undefined): boolean {
  if (!credential || !('certificate' in credential) || !shown.authorized || shown.commonName !== id) return false;
  const { fingerprint } = credential.certificate;
  return fingerprint === undefined || plainHex(fingerprint) === plainHex(shown.fingerprint ?? '');
}

const plainHex = (text: string) => text.replaceAll(':', '').toLowerCase();

function hexBytes(password: string): Buffer | string {
  return /^(?:[0-9a-f]{2}){16,20}$/i.test(password) ? Buffer.from(password, 'hex') : password;
}

/** Compares hashes in constant time, so that timing reveals neither length nor content (SEC-09). */
function sameSecret(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}

function parseBasic(header = ''): Result<{ user: string; password: Buffer }> {
  const [, encoded] = /^Basic +([A-Za-z0-9+/_=-]{1,1024}) *$/i.exec(header) ?? [];
  if (encoded === undefined) return fail('no Basic authorization');
  const bytes = Buffer.from(encoded, 'base64');
  // The first colon ends the user name; a password may contain colons (RFC 7617 §2).
  const colon = bytes.indexOf(':');
  return colon < 0 ? fail('no colon') : ok({ user: bytes.subarray(0, colon).toString('utf8'), password: bytes.subarray(colon + 1) });
}
