import { fail, ok, type Result } from '../../domain/result.ts';

const token = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;
const printable = /^[\x20-\x7e]*$/;

/** Headers of framing and connection, which only the client sets: a caller could smuggle a second request with them (SEC-21). */
const reserved: ReadonlySet<string> = new Set(
  'host connection keep-alive transfer-encoding content-length expect upgrade te trailer accept-encoding user-agent proxy-authorization'.split(' '),
);

/** Headers as a flat list of names and values, after those of `first`; refused if one could break the header lines (SEC-21). The problem never quotes a value. */
export function listHeaders(headers: Readonly<Record<string, string>>, first: readonly string[]): Result<string[]> {
  const list = [...first];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (!token.test(name) || reserved.has(name.toLowerCase())) return fail(`headers: found ${JSON.stringify(name.slice(0, 64))}, which a caller must not set`);
    if (value === undefined || !printable.test(value)) return fail(`header ${name}: found a character that is not printable ASCII`);
    list.push(name, value);
  }
  return ok(list);
}
