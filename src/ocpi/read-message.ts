import { isUtf8 } from 'node:buffer';
import { fail, ok, type Result } from '../domain/result.ts';
import { type Edition, inEdition } from './editions.ts';
import { type Endpoint, isNothing, mayBeAbsent } from './endpoint.ts';
import { invalid, type Reply, unknownPath } from './envelope.ts';
import { jsonBoundsProblem } from './json-bounds.ts';
import { readLeniently } from './lenient-read.ts';
import { paramsSchema } from './path-params.ts';
import { problemWith } from './problem.ts';
import { readQuery } from './query.ts';

/** A request as received: `url` is the path and the query of the request line. */
export interface RawMessage {
  url: string;
  contentType: string | undefined;
  body: Buffer | undefined;
}

/** The parts of a request, each checked against the schemas of the endpoint. */
export interface Message {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
  /** The body exactly as received. */
  text: string;
  /** The body had known deviations from OCPI, which were corrected. */
  corrected: boolean;
}

type Part = Result<{ value: unknown; text: string; corrected: boolean }, Reply<never>>;
const absent: Part = ok({ value: undefined, text: '', corrected: false });

/** Returns a function that reads the requests of one endpoint at `path`; its failure is the reply that says what is wrong. */
export function messageReader(endpoint: Endpoint, edition: Edition, path: string): (raw: RawMessage) => Result<Message, Reply<never>> {
  const readParams = paramsReader(path);
  return (raw) => {
    const params = readParams(raw.url);
    if (!params.ok) return params;
    const query = isNothing(endpoint.query) ? absent : readQueryPart(inEdition(endpoint.query, edition), raw.url);
    if (!query.ok) return query;
    const body = isNothing(endpoint.body) ? absent : readBodyPart(inEdition(endpoint.body, edition), raw);
    if (!body.ok) return body;
    return ok({ params: params.value, query: query.value.value, body: body.value.value, text: body.value.text, corrected: body.value.corrected });
  };
}

/** Decodes path parameters exactly once, from the raw request line, so that `%2F` stays part of an id. */
function paramsReader(path: string): (url: string) => Result<Readonly<Record<string, string>>, Reply<never>> {
  const names = path.split('/').flatMap((step, at) => (step.startsWith('{') ? [{ name: step.slice(1, -1), at }] : []));
  const schema = paramsSchema(path);
  return (url) => {
    if (names.length === 0) return ok({});
    const steps = pathOf(url).split('/');
    try {
      const params = Object.fromEntries(names.map(({ name, at }) => [name, decodeURIComponent(steps[at] ?? '')]));
      if (Object.values(params).includes('')) return fail(unknownPath());
      const problem = problemWith(schema, params);
      return problem === undefined ? ok(params) : fail(invalid(problem));
    } catch {
      return fail(invalid('path: found broken percent-encoding, allowed: %XX with UTF-8 inside'));
    }
  };
}

/** A request line may contain a whole URL (RFC 9112 §3.2.2); the path begins after its host. */
const pathOf = (url: string) => (url.startsWith('/') ? url : url.replace(/^\w+:\/\/[^/?]*/, '')).split('?', 1)[0] ?? '';
const queryOf = (url: string) => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

function readQueryPart(schema: ReturnType<typeof inEdition>, url: string): Part {
  const found = readQuery(schema, queryOf(url));
  if (!found.ok) return fail(invalid(found.problem));
  const problem = problemWith(schema, found.value);
  return problem === undefined ? ok({ value: found.value, text: '', corrected: false }) : fail(invalid(problem));
}

function readBodyPart(schema: ReturnType<typeof inEdition>, { body, contentType }: RawMessage): Part {
  if ((body === undefined || body.length === 0) && mayBeAbsent(schema)) return absent;
  if (contentType !== undefined && !isJson(contentType))
    return fail({ status: 415, code: 2000, message: 'Content-Type: found another type, allowed: application/json' });
  if (body === undefined || body.length === 0) return fail(badJson('the body is empty'));
  if (!isUtf8(body)) return fail(badJson('the body is not UTF-8'));
  const text = body.toString('utf8');
  const tooLarge = jsonBoundsProblem(text);
  if (tooLarge !== undefined) return fail(badJson(`the body contains ${tooLarge}`, 2001));
  const json = parse(text);
  if (json === undefined) return fail(badJson('the body is not valid JSON'));
  const read = readLeniently(schema, json.value);
  return read.ok ? ok({ ...read.value, text }) : fail(invalid(read.problem));
}

const isJson = (contentType: string) => /^application\/(?:[\w.-]{1,100}\+)?json\s*(?:;|$)/i.test(contentType.slice(0, 200));

/** HTTP 400 for a body that is not JSON (STA-01) or beyond the bounds of JSON text. */
const badJson = (message: string, code: 2000 | 2001 = 2000): Reply<never> => ({ status: 400, code, message: `Bad request: ${message}` });

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
