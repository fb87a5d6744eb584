import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The kind of an IP address: `public`, `local` (loopback and private networks), or `forbidden` (everything else). */
export type AddressKind = 'public' | 'local' | 'forbidden';

const localRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal']);

/** Which addresses that are not public may be connected to. */
export interface Reach {
  /** Allows `http`, private networks and this machine, for tests and demos. */
  readonly insecureHttp: boolean;
  /** Ranges of private networks, and single addresses, that the operator lets through. */
  readonly reachable?: readonly string[];
}

/** Classifies one address in its plain textual form; an address that is not certainly public or local is forbidden (SEC-01). */
export function addressKind(address: string): AddressKind {
  // Some parsers accept short, octal and hexadecimal IPv4 (`127.1`, `0x7f.1`) and zones (`fe80::1%eth0`).
  if (isIP(address) === 0 || address.includes('%')) return 'forbidden';
  const parsed = ipaddr.parse(address);
  const range: string = parsed.range();
  if (localRanges.has(range)) return 'local';
  return range === 'unicast' && isGlobal(parsed) ? 'public' : 'forbidden';
}

/** Whether a connection to `address` is allowed: always to a public one, to a local one with `insecureHttp`, and to one that is let through. */
export function mayConnect(address: string, { insecureHttp, reachable = [] }: Reach): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'local' && insecureHttp) || (reachable.length > 0 && isLetThrough(address, reachable));
}

/** Why a connection to `address` is refused, and the setting that allows it if one does; undefined when it is allowed. */
export function refusalOf(address: string, reach: Reach): string | undefined {
  if (mayConnect(address, reach)) return undefined;
  const mends: Readonly<Record<Listing, string>> = {
    'by range': ': to allow it, list it or its range under reachable in the configuration',
    'by address': ': to allow it, list this very address under reachable in the configuration',
    never: '',
  };
  return `${address}, which is not public${mends[listingOf(address)]}`;
}

/** What an entry of `reachable` may not be; undefined when it lets something through. */
export function rangeProblem(range: string): string | undefined {
  const parsed = parseRange(range);
  if (parsed?.isSingle && (listingOf(parsed.first) !== 'never' || addressKind(parsed.first) === 'public')) return undefined;
  if (parsed && [parsed.first, parsed.last].every((address) => privateRanges.has(rangeOf(address)))) return undefined;
  return 'allowed are ranges of private networks, such as 10.0.0.0/8, and single addresses, such as 127.0.0.1: addresses of this machine and of the link are listed one by one';
}

/** How an address that is not public can be listed. */
type Listing = 'by range' | 'by address' | 'never';

const privateRanges: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);
const singleRanges: ReadonlySet<string> = new Set(['loopback', 'linkLocal']);
/** Private addresses where clouds serve the credentials of their machines; those of the link (169.254.169.254) need no row. */
const METADATA = ['100.100.100.200/32', 'fd00:ec2::/32', 'fd20:ce::/32'];

/** A range of private networks may cover an address of them. This machine, the link and metadata services must be named one by one: a wide range never means them. */
function listingOf(address: string): Listing {
  if (isIP(address) === 0 || address.includes('%')) return 'never';
  const range = rangeOf(address);
  if (singleRanges.has(range) || METADATA.some((it) => isWithin(address, it))) return 'by address';
  return privateRanges.has(range) ? 'by range' : 'never';
}

function isLetThrough(address: string, reachable: readonly string[]): boolean {
  const listing = listingOf(address);
  return listing !== 'never' && reachable.some((range) => isWithin(address, range) && (listing === 'by range' || parseRange(range)?.isSingle));
}

const rangeOf = (address: string): string => ipaddr.parse(address).range();

/** The first and last address of a range in CIDR form, or of a single address; undefined when it is neither. */
function parseRange(text: string): { first: string; last: string; bits: number; isSingle: boolean } | undefined {
  const [address = '', written] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || (written !== undefined && !ipaddr.isValidCIDR(text))) return undefined;
  const kind = isIP(address) === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  const most = isIP(address) === 4 ? 32 : 128;
  const cidr = `${address}/${written ?? most}`;
  const bits = Number(written ?? most);
  return {
    first: kind.networkAddressFromCIDR(cidr).toString(),
    last: kind.broadcastAddressFromCIDR(cidr).toString(),
    bits,
    isSingle: bits === most,
  };
}

function isWithin(address: string, range: string): boolean {
  const parsed = parseRange(range);
  return parsed !== undefined && isIP(parsed.first) === isIP(address) && ipaddr.parse(address).match(ipaddr.parse(parsed.first), parsed.bits);
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
