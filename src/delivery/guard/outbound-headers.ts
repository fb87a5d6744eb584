import { fail, ok, type Result } from '../../domain/result.ts';

const token = /^[a-z0-9!#$%&'*+.^_`|~-]+$/i;
const printable = /^[\x20-\x7e]*$/;

/** Framing and connection belong to the client: set from outside they are how one request is smuggled inside another (SEC-21). */
const ours: ReadonlySet<string> = new Set(
  'host connection keep-alive transfer-encoding content-length expect upgrade te trailer accept-encoding user-agent proxy-authorization'.split(' '),
);

/** Headers as the wire takes them, name and value in turn, after `first`; refused if any could end its line early (SEC-21). The problem never quotes a value. */
export function listHeaders(headers: Readonly<Record<string, string>>, first: readonly string[]): Result<string[]> {
  const list = [...first];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (!token.test(name) || ours.has(name.toLowerCase())) return fail(`a header named ${JSON.stringify(name.slice(0, 64))} may not be set on a request`);
    if (value === undefined || !printable.test(value)) return fail(`header ${name} may hold printable ASCII only`);
    list.push(name, value);
  }
  return ok(list);
}
