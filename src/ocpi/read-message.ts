import { isUtf8 } from 'node:buffer';
import { fail, ok, type Result } from '../domain/result.ts';
import { type Edition, inEdition } from './editions.ts';
import { type Endpoint, isNothing, mayBeAbsent } from './endpoint.ts';
import { invalid, notFound, type Reply } from './envelope.ts';
import { jsonBoundsProblem } from './json-bounds.ts';
import { readLeniently } from './lenient-read.ts';
import { paramsSchema } from './path-params.ts';
import { problemWith } from './problem.ts';
import { readQuery } from './query.ts';

/** A request as it came in: `url` is path and query as they stood in the request line. */
export interface RawMessage {
  url: string;
  contentType: string | undefined;
  body: Buffer | undefined;
}

/** What a request holds, by its endpoint. */
export interface Message {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
  /** The body as it came. */
  text: string;
  /** Patience was needed to read it. */
  corrected: boolean;
}

type Part = Result<{ value: unknown; text: string; mended: boolean }, Reply<never>>;
const absent: Part = ok({ value: undefined, text: '', mended: false });

/** Reads requests of one endpoint that came in at `path`; the failure is the reply that says what is wrong. */
export function messageReader(endpoint: Endpoint, edition: Edition, path: string): (raw: RawMessage) => Result<Message, Reply<never>> {
  const readParams = paramsReader(path);
  return (raw) => {
    const params = readParams(raw.url);
    if (!params.ok) return params;
    const query = isNothing(endpoint.query) ? absent : readQueryPart(inEdition(endpoint.query, edition), raw.url);
    if (!query.ok) return query;
    const body = isNothing(endpoint.body) ? absent : readBodyPart(inEdition(endpoint.body, edition), raw);
    if (!body.ok) return body;
    return ok({ params: params.value, query: query.value.value, body: body.value.value, text: body.value.text, mended: body.value.mended });
  };
}

/** Path names are decoded here, exactly once and from the raw line, so that `%2F` in an id stays part of it. */
function paramsReader(path: string): (url: string) => Result<Readonly<Record<string, string>>, Reply<never>> {
  const places = path.split('/').flatMap((step, at) => (step.startsWith('{') ? [{ name: step.slice(1, -1), at }] : []));
  const schema = paramsSchema(path);
  return (url) => {
    if (places.length === 0) return ok({});
    const steps = pathOf(url).split('/');
    try {
      const params = Object.fromEntries(places.map(({ name, at }) => [name, decodeURIComponent(steps[at] ?? '')]));
      if (Object.values(params).includes('')) return fail(notFound('No such address'));
      const problem = problemWith(schema, params);
      return problem === undefined ? ok(params) : fail(invalid(problem));
    } catch {
      return fail(invalid('path: found broken percent-encoding, allowed: %XX with UTF-8 inside'));
    }
  };
}

/** A request line may hold a whole URL (RFC 9112 §3.2.2); the path begins behind its host. */
const pathOf = (url: string) => (url.startsWith('/') ? url : url.replace(/^\w+:\/\/[^/?]*/, '')).split('?', 1)[0] ?? '';
const queryOf = (url: string) => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

function readQueryPart(schema: ReturnType<typeof inEdition>, url: string): Part {
  const found = readQuery(schema, queryOf(url));
  if (!found.ok) return fail(invalid(found.problem));
  const problem = problemWith(schema, found.value);
  return problem === undefined ? ok({ value: found.value, text: '', mended: false }) : fail(invalid(problem));
}

function readBodyPart(schema: ReturnType<typeof inEdition>, { body, contentType }: RawMessage): Part {
  if ((body === undefined || body.length === 0) && mayBeAbsent(schema)) return absent;
  if (contentType !== undefined && !isJson(contentType)) return fail({ status: 415, code: 2000, message: 'Content-Type: allowed is application/json' });
  if (body === undefined || body.length === 0) return fail(badJson('the body is empty'));
  if (!isUtf8(body)) return fail(badJson('the body is not UTF-8'));
  const text = body.toString('utf8');
  const beyond = jsonBoundsProblem(text);
  if (beyond !== undefined) return fail(badJson(`the body holds ${beyond}`, 2001));
  const json = parse(text);
  if (json === undefined) return fail(badJson('the body is not valid JSON'));
  const read = readLeniently(schema, json.value);
  return read.ok ? ok({ ...read.value, text }) : fail(invalid(read.problem));
}

const isJson = (contentType: string) => /^application\/(?:[\w.-]{1,100}\+)?json\s*(?:;|$)/i.test(contentType.slice(0, 200));

/** What is no JSON gets HTTP 400 (STA-01); so does what is too much of it. */
const badJson = (message: string, code: 2000 | 2001 = 2000): Reply<never> => ({ status: 400, code, message: `Bad request: ${message}` });

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
