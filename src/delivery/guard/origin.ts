import { isIP } from 'node:net';
import { fail, ok, type Result } from '../../domain/result.ts';
import { mayConnect } from './address.ts';

/** Where one request goes: to whom, and what its first line says, taken from the given URL byte for byte (CP-12). */
export interface Target {
  /** Scheme, host and port in WHATWG form, without a default port: `https://cpo.example:8443`. */
  readonly origin: string;
  /** Path and query as they were given; `/` where the URL has neither. */
  readonly path: string;
}

/** What may be asked of a peer. */
export interface OriginPolicy {
  /** The origins registered for that one peer, each as `originOf` gives it. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Lets `http` and private addresses pass, for a laboratory; the origin must be registered all the same. */
  readonly insecureHttp: boolean;
  /** Characters that the URL may have; 255 by default, the length of OCPI's URL (TYP-09). URLs that we build from one, with ids and a query, may be longer. */
  readonly maxLength?: number;
}

const printable = /^[\x21-\x7e]*$/;
const authority = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?(?=[/?]|$)/i;
const longest = 255;

/** Takes a URL that a peer gave apart, if it leads to an origin registered for that peer; the problem is worded for OCPI status 2001 (SEC-01, SEC-06). */
export function parseTarget(url: string, policy: OriginPolicy): Result<Target> {
  const target = readUrl(url, policy);
  if (!target.ok || policy.allowedOrigins.has(target.value.origin)) return target;
  return fail(`${target.value.origin} is not an origin registered for you: use one from your credentials or version details, or ask the operator to add it`);
}

/** The origin of a URL under which a peer wants to become known, in the form that `parseTarget` compares (SEC-02). */
export function originOf(url: string, policy: Pick<OriginPolicy, 'insecureHttp' | 'maxLength'>): Result<string> {
  const target = readUrl(url, policy);
  return target.ok ? ok(target.value.origin) : target;
}

function readUrl(url: string, { insecureHttp, maxLength = longest }: Pick<OriginPolicy, 'insecureHttp' | 'maxLength'>): Result<Target> {
  const problem = lookOver(url, maxLength);
  if (problem) return fail(problem);
  const parts = authority.exec(url);
  if (!parts) return fail('a URL must be absolute: https://host[:port]/path, the host in plain letters and digits, without user name');
  const [head, scheme = '', host = ''] = parts;
  if (scheme.toLowerCase() !== 'https' && !insecureHttp)
    return fail('a URL must begin with https://; this node speaks http only when started with --insecure-http');
  const parsed = URL.parse(head);
  if (!parsed) return fail('a URL must hold a host name or address that exists and a port up to 65535');
  const strange = lookAtHost(host, parsed.hostname, insecureHttp);
  return strange ? fail(strange) : ok({ origin: parsed.origin, path: pathAfter(url, head) });
}

/** A URL that cannot be sent as it stands is refused, never mended: the peer would not get back what it gave (CP-12). */
function lookOver(url: string, maxLength: number): string | undefined {
  if (url.length > maxLength) return `a URL may have ${maxLength} characters, this one has ${url.length}`;
  if (!printable.test(url)) return 'a URL may hold printable ASCII only: percent-encode spaces, control and other characters';
  if (url.includes('\\')) return 'a URL may not hold a backslash: write / or %5C';
  if (url.includes('#')) return 'a URL to be requested may not hold a fragment (#)';
  return undefined;
}

/** Other spellings of a host (`127.1`, `0x7f000001`, `[::0001]`, `host.`) are how one address passes for another: only the plain one is taken. */
function lookAtHost(written: string, meant: string, insecureHttp: boolean): string | undefined {
  if (written.toLowerCase() !== meant) return `the host of a URL must be written plainly: ${meant}`;
  if (meant.startsWith('.') || meant.endsWith('.') || meant.includes('..')) return 'the host of a URL may have no empty part: leave the extra dot out';
  const address = meant.startsWith('[') ? meant.slice(1, -1) : meant;
  if (isIP(address) !== 0 && !mayConnect(address, insecureHttp)) return `${address} is not a public address`;
  return undefined;
}

function pathAfter(url: string, head: string): string {
  const rest = url.slice(head.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
