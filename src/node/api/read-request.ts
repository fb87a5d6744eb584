import { isUtf8 } from 'node:buffer';
import type { TSchema } from 'typebox';
import { ok, type Result } from '../../domain/result.ts';
import { isNothing } from '../../ocpi/endpoint.ts';
import { jsonBoundsProblem } from '../../ocpi/json-bounds.ts';
import { firstProblem } from '../../ocpi/problem.ts';
import { readQuery } from '../../ocpi/query.ts';
import { invalid, type Refusal, refuse } from './refusal.ts';
import { API, type Asked, type Route } from './route.ts';

/** A request as it came in: `url` is path and query as they stood in the request line. */
export interface RawRequest {
  url: string;
  contentType: string | undefined;
  body: Buffer | undefined;
}

/** Checks a request against its route; the failure says which part of it is wrong, and what is allowed. */
export function readRequest(route: Route, raw: RawRequest): Result<Asked<Route>, Refusal> {
  const params = readParams(route, raw.url);
  if (!params.ok) return params;
  const query = readQueryOf(route, raw.url);
  if (!query.ok) return query;
  const body = isNothing(route.body) ? ok(undefined) : readBody(route.body, raw);
  return body.ok ? ok({ params: params.value, query: query.value, body: body.value }) : body;
}

const MOST_CHARACTERS = 200;

/** Decoded once, from the line as it came, so that `%2F` in an id stays part of it. */
function readParams({ path }: Route, url: string): Result<Readonly<Record<string, string>>, Refusal> {
  const steps = splitUrl(url)
    .path.slice(API.length + 1)
    .split('/');
  const params: [string, string][] = [];
  for (const [at, step] of path.split('/').entries()) {
    if (!step.startsWith('{')) continue;
    const name = step.slice(1, -1);
    const text = decoded(steps[at] ?? '');
    if (text === undefined || text === '' || text.length > MOST_CHARACTERS || /\p{Cc}/u.test(text))
      return invalid(name, `${name}: found what no ${name} is called`, `1 to ${MOST_CHARACTERS} printable characters, percent-encoded`);
    params.push([name, text]);
  }
  return ok(Object.fromEntries(params));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function readQueryOf({ query: schema }: Route, url: string): Result<unknown, Refusal> {
  const raw = splitUrl(url).query;
  const known = isNothing(schema) ? [] : Object.keys(Object(Reflect.get(schema, 'properties')));
  const unknown = [...new URLSearchParams(raw).keys()].find((name) => !known.includes(name));
  const allowed = known.length > 0 ? known.join(', ') : 'no parameter';
  if (unknown !== undefined) return invalid(unknown.slice(0, 64), `${unknown.slice(0, 64)}: not known here, allowed: ${allowed}`, allowed);
  if (isNothing(schema)) return ok(undefined);
  const read = readQuery(schema, raw);
  if (!read.ok) return invalid(read.problem.split(':')[0] ?? 'query', read.problem);
  return checked(schema, read.value);
}

function readBody(schema: TSchema, { body, contentType }: RawRequest): Result<unknown, Refusal> {
  if (body === undefined || body.length === 0) return invalid('body', 'the body is empty', 'a JSON object');
  if (contentType === undefined || !isJson(contentType))
    return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type: found ${contentType?.slice(0, 64) ?? 'none'}, allowed: application/json`);
  if (!isUtf8(body)) return invalid('body', 'the body is not UTF-8', 'JSON in UTF-8');
  const text = body.toString('utf8');
  const beyond = jsonBoundsProblem(text);
  if (beyond !== undefined) return invalid('body', `the body holds ${beyond}`);
  const json = parse(text);
  return json === undefined ? invalid('body', 'the body is not valid JSON', 'a JSON object') : checked(closest(schema, json.value), json.value);
}

const isJson = (contentType: string) => /^application\/(?:[\w.-]{1,100}\+)?json\s*(?:;|$)/i.test(contentType.slice(0, 200));

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Of alternatives, the one that shares most keys with what came: what is wrong with it is what is worth saying. */
function closest(schema: TSchema, value: unknown): TSchema {
  const alternatives: unknown = Reflect.get(schema, 'anyOf');
  if (!Array.isArray(alternatives)) return schema;
  const has = Object.keys(Object(value));
  const shared = (one: TSchema) => has.filter((name) => Object.hasOwn(Object(Reflect.get(one, 'properties')), name)).length;
  return alternatives.reduce<TSchema>((best, one) => (shared(one) > shared(best) ? one : best), alternatives[0]);
}

function checked(schema: TSchema, value: unknown): Result<unknown, Refusal> {
  const flaw = firstProblem(schema, value);
  return flaw ? invalid(flaw.field || 'body', flaw.says, flaw.allowed) : ok(value);
}

function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}
