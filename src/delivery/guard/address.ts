import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The kind of an IP address: `public`, `local` (loopback and private networks), or `forbidden` (everything else). */
export type AddressKind = 'public' | 'local' | 'forbidden';

const localRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal']);

/** Classifies one address in its plain textual form; an address that is not certainly public or local is forbidden (SEC-01). */
export function addressKind(address: string): AddressKind {
  // Some parsers accept short, octal and hexadecimal IPv4 (`127.1`, `0x7f.1`) and zones (`fe80::1%eth0`).
  if (isIP(address) === 0 || address.includes('%')) return 'forbidden';
  const parsed = ipaddr.parse(address);
  const range: string = parsed.range();
  if (localRanges.has(range)) return 'local';
  return range === 'unicast' && isGlobal(parsed) ? 'public' : 'forbidden';
}

/** Whether a connection to `address` is allowed: always to a public one, to a local one only with `--insecure-http`. */
export function mayConnect(address: string, insecureHttp: boolean): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'local' && insecureHttp);
}

/** Whether two texts are the same IP address; an IPv6 address has several textual forms. */
export function isSameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  return isIP(one) !== 0 && isIP(other) !== 0 && ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();
}

// Only 2000::/3 is assigned. The library classifies unknown ranges as "unicast", also `::7f00:1`, an old IPv6 form of 127.0.0.1.
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === 'ipv4' || (address.toByteArray()[0] ?? 0) >> 5 === 1;
}
