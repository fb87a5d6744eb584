import { hash, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../domain/result.ts';

/** How a station proves who it is: a password (security profiles 1 and 2), or a client certificate whose common name is its id (3). */
export type Credential =
  | { password: string }
  | { certificate: { /** SHA-256 of the one certificate that is taken, as hex; absent: any that the CA signed. */ fingerprint?: string } };

/** OCPP security profiles: 1 ws with a password, 2 TLS with a password, 3 TLS with a client certificate. */
export type SecurityProfile = 1 | 2 | 3;

/** What a socket shows of its client certificate. */
export interface ShownCertificate {
  /** Its chain leads to one of the configured authorities. */
  authorized: boolean;
  commonName: string | undefined;
  fingerprint: string | undefined;
}

/** Stands in for the password of a station that is not known, so that looking takes as long and ends the same. */
const NOBODY = { password: hash('sha256', `${process.pid} nobody ${performance.now()}`) };

/** Whether a Basic `Authorization` header proves that its sender is the station (SEC-30): user = id = the id in the URL. */
export function provesPassword(header: string | undefined, id: string, credential: Credential | undefined): boolean {
  const shown = parseBasic(header);
  const known = credential && 'password' in credential ? credential : undefined;
  const wanted = known ?? NOBODY;
  const password = shown.ok ? shown.value.password : Buffer.alloc(0);
  const spelled = sameSecret(password, Buffer.from(wanted.password, 'utf8'));
  // A 1.6 AuthorizationKey is configured as hex and sent as the bytes it stands for (security whitepaper, A00).
  const decoded = sameSecret(password, Buffer.from(hexBytes(wanted.password)));
  return (spelled || decoded) && known !== undefined && shown.ok && shown.value.user === id;
}

/** Whether a client certificate proves that its bearer is the station. */
export function provesCertificate(shown: ShownCertificate, id: string, credential: Credential | undefined): boolean {
  if (!credential || !('certificate' in credential) || !shown.authorized || shown.commonName !== id) return false;
  const { fingerprint } = credential.certificate;
  return fingerprint === undefined || plainHex(fingerprint) === plainHex(shown.fingerprint ?? '');
}

const plainHex = (text: string) => text.replaceAll(':', '').toLowerCase();

function hexBytes(password: string): Buffer | string {
  return /^(?:[0-9a-f]{2}){16,20}$/i.test(password) ? Buffer.from(password, 'hex') : password;
}

/** Compared by hash, so that neither length nor first difference shows in the time it takes (SEC-09). */
function sameSecret(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}

function parseBasic(header = ''): Result<{ user: string; password: Buffer }> {
  const [, encoded] = /^Basic +([A-Za-z0-9+/_=-]{1,1024}) *$/i.exec(header) ?? [];
  if (encoded === undefined) return fail('no Basic authorization');
  const bytes = Buffer.from(encoded, 'base64');
  // The first colon ends the user: a password may hold more of them (RFC 7617 §2).
  const colon = bytes.indexOf(':');
  return colon < 0 ? fail('no colon') : ok({ user: bytes.subarray(0, colon).toString('utf8'), password: bytes.subarray(colon + 1) });
}
