import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether a text is an IP address or a range of addresses in CIDR form, such as `10.0.0.0/8` or `::1`. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || ipaddr.isValidCIDR(text));
}

/**
 * The address of a client: the address of the connection, or, when that is a trusted proxy, the last address in X-Forwarded-For
 * that is not a trusted proxy. What a client itself writes into the header stands before that and is not read.
 */
export function clientAddress(connection: string, forwardedFor: string | string[] | undefined, isProxy: (address: string) => boolean): string {
  if (!isProxy(connection)) return connection;
  const hops = [forwardedFor ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops.findLast((hop) => !isProxy(hop)) ?? connection;
}

/** Whether an address lies in one of these ranges. An IPv4 address that arrives in IPv6 form (`::ffff:10.0.0.1`) counts as IPv4. */
export function addressIn(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges
    .filter(isAddressRange)
    .map((range) => (range.includes('/') ? ipaddr.parseCIDR(range) : ipaddr.parseCIDR(`${range}/${isIP(range) === 4 ? 32 : 128}`)));
  return (address) => {
    if (parsed.length === 0 || isIP(address) === 0) return false;
    const plain = ipaddr.process(address);
    return parsed.some(([network, bits]) => network.kind() === plain.kind() && plain.match(network, bits));
  };
}
