import { isIP } from 'node:net';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type Reach, refusalOf } from './address.ts';

/** The target of one request, taken from the given URL byte for byte (CP-12). */
export interface Target {
  /** Scheme, host and port in WHATWG form, without a default port, such as `https://cpo.example:8443`. */
  readonly origin: string;
  /** Path and query exactly as given; `/` when the URL has neither. */
  readonly path: string;
}

/** Which URLs of one peer may be requested. With `insecureHttp` or `reachable`, too, the origin must be registered. */
export interface OriginPolicy extends Reach {
  /** The origins that are registered for the peer, each as `originOf` returns it. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Characters of the URL at most; 255 by default, the length of OCPI's URL (TYP-09). URLs that the node builds may be longer. */
  readonly maxLength?: number;
}

const printable = /^[\x21-\x7e]*$/;
const authority = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?(?=[/?]|$)/i;
const defaultMaxLength = 255;

/** Parses a URL of a peer and checks that its origin is registered for that peer; the problem is a status_message for OCPI 2001 (SEC-01, SEC-06). */
export function parseTarget(url: string, policy: OriginPolicy): Result<Target> {
  const target = readUrl(url, policy);
  if (!target.ok || policy.allowedOrigins.has(target.value.origin)) return target;
  return fail(
    `found the origin ${target.value.origin}, which is not registered for you: use one from your credentials or version details, or ask the operator to add it`,
  );
}

/** The origin of a URL that a peer wants to register, in the form that `parseTarget` compares (SEC-02). */
export function originOf(url: string, policy: Omit<OriginPolicy, 'allowedOrigins'>): Result<string> {
  const target = readUrl(url, policy);
  return target.ok ? ok(target.value.origin) : target;
}

function readUrl(url: string, policy: Omit<OriginPolicy, 'allowedOrigins'>): Result<Target> {
  const { insecureHttp, maxLength = defaultMaxLength } = policy;
  const problem = textProblem(url, maxLength);
  if (problem) return fail(problem);
  const parts = authority.exec(url);
  if (!parts)
    return fail(
      'found a URL that is relative or has a user name; it must be absolute: https://host[:port]/path, the host of letters, digits, dots and hyphens',
    );
  const [head, scheme = '', host = ''] = parts;
  if (scheme.toLowerCase() !== 'https' && !insecureHttp) return fail('found http://, allowed: https:// (http only when the node runs with --insecure-http)');
  const parsed = URL.parse(head);
  if (!parsed) return fail('found an invalid host or port, allowed: a host name or IP address, and a port up to 65535');
  const wrongHost = hostProblem(host, parsed.hostname, policy);
  return wrongHost ? fail(wrongHost) : ok({ origin: parsed.origin, path: pathAfter(url, head) });
}

/** A URL that cannot be sent unchanged is refused, never corrected: the peer must receive exactly the URL that it gave (CP-12). */
function textProblem(url: string, maxLength: number): string | undefined {
  if (url.length > maxLength) return `found ${url.length} characters, allowed: at most ${maxLength}`;
  if (!printable.test(url)) return 'found a character that is not printable ASCII: percent-encode spaces, control characters and others';
  if (url.includes('\\')) return 'found a backslash: write / or %5C';
  if (url.includes('#')) return 'found a fragment (#): leave it out';
  return undefined;
}

/** Refuses other forms of a host (`127.1`, `0x7f000001`, `[::0001]`, `host.`), which can disguise an address; only the normalised form is accepted. */
function hostProblem(written: string, normalised: string, reach: Reach): string | undefined {
  if (written.toLowerCase() !== normalised) return `found a host that is not in its normal form: write ${normalised}`;
  if (normalised.startsWith('.') || normalised.endsWith('.') || normalised.includes('..')) return 'found a host with an empty part: leave the extra dot out';
  const address = normalised.startsWith('[') ? normalised.slice(1, -1) : normalised;
  const refusal = isIP(address) === 0 ? undefined : refusalOf(address, reach);
  return refusal && `found the address ${refusal}`;
}

function pathAfter(url: string, head: string): string {
  const rest = url.slice(head.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
