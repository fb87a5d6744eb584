import type { TSchema } from 'typebox';
import { fail, ok, type Result } from '../domain/result.ts';

type Values = Record<string, string | number>;

/** Reads the parameters of a schema from a raw query string; integers become numbers, unknown parameters are ignored (TRN-43). */
export function readQuery(schema: TSchema, raw: string): Result<Values> {
  const known = propertiesOf(schema);
  const { plain, url } = splitResponseUrl(raw, [...known.keys()]);
  const values: Values = Object.create(null);
  if (url !== undefined) values.response_url = url;
  for (const part of plain.split('&')) {
    const [name, text] = decodePair(part);
    const property = known.get(name);
    if (property === undefined) continue;
    if (text === undefined) return fail(`${name}: found broken percent-encoding, allowed: %XX with UTF-8 inside`);
    if (values[name] !== undefined) return fail(`${name}: found twice, allowed: once`);
    values[name] = property.type === 'integer' && /^-?\d{1,16}$/.test(text) ? Number(text) : text;
  }
  return ok({ ...values });
}

function propertiesOf(schema: TSchema): ReadonlyMap<string, { type?: unknown }> {
  const properties: unknown = Reflect.get(schema, 'properties');
  return new Map<string, { type?: unknown }>(typeof properties === 'object' && properties !== null ? Object.entries(properties) : []);
}

/** Decodes once. A plus stays a plus: no parameter of OCPI contains a space. */
function decodePair(part: string): [string, string | undefined] {
  const at = part.indexOf('=');
  const name = at < 0 ? part : part.slice(0, at);
  try {
    return [name, at < 0 ? '' : decodeURIComponent(part.slice(at + 1))];
  } catch {
    return [name, undefined];
  }
}

const parameter = 'response_url=';

/**
 * Some peers, like the specification's own example, write `response_url` without percent-encoding, so that its query string mixes with
 * the query of the request. Then the URL is everything after `response_url=`, byte for byte, up to a known parameter that did not
 * come before. An encoded `response_url` is read like any other parameter.
 */
function splitResponseUrl(raw: string, known: readonly string[]): { plain: string; url: string | undefined } {
  const at = raw.startsWith(parameter) ? 0 : raw.indexOf(`&${parameter}`) + 1;
  if (at === 0 && !raw.startsWith(parameter)) return { plain: raw, url: undefined };
  const before = raw.slice(0, at);
  const rest = raw.slice(at + parameter.length);
  if (!/^[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\//.test(rest) || !known.includes('response_url')) return { plain: raw, url: undefined };
  const unseen = known.filter((name) => name !== 'response_url' && !`&${before}`.includes(`&${name}=`));
  const end = Math.min(rest.length, ...unseen.map((name) => rest.lastIndexOf(`&${name}=`)).filter((it) => it >= 0));
  return { plain: before + rest.slice(end + 1), url: rest.slice(0, end) };
}
