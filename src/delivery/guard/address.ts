import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where an IP address leads: to the open internet, into one's own house (loopback and private networks), or nowhere a peer may ever send us. */
export type AddressKind = 'public' | 'local' | 'forbidden';

const local: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal']);

/** Judges one address in its plain textual form; whatever is not surely public or local is forbidden (SEC-01). */
export function addressKind(address: string): AddressKind {
  // Short, octal and hexadecimal IPv4 (`127.1`, `0x7f.1`) and zones (`fe80::1%eth0`) are no addresses here, though some parsers take them.
  if (isIP(address) === 0 || address.includes('%')) return 'forbidden';
  const parsed = ipaddr.parse(address);
  const range: string = parsed.range();
  if (local.has(range)) return 'local';
  return range === 'unicast' && isGlobal(parsed) ? 'public' : 'forbidden';
}

/** Says whether a connection may go to `address`: public ones always, local ones only for a node that runs with `--insecure-http`. */
export function mayConnect(address: string, insecureHttp: boolean): boolean {
  const reach = addressKind(address);
  return reach === 'public' || (reach === 'local' && insecureHttp);
}

/** Tells whether two spellings mean the same address; IPv6 has several for each. */
export function isSameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  return isIP(one) !== 0 && isIP(other) !== 0 && ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();
}

// Only 2000::/3 is handed out. The library calls `::7f00:1`, an old way to write 127.0.0.1 in IPv6, "unicast" like all it has no name for.
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === 'ipv4' || (address.toByteArray()[0] ?? 0) >> 5 === 1;
}
