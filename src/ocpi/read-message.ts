import { isUtf8 } from 'node:buffer';
import { fail, ok, type Result } from '../domain/result.ts';
import { showValue } from '../domain/show-value.ts';
import { type Edition, inEdition } from './editions.ts';
import { type Endpoint, isNothing, mayBeAbsent } from './endpoint.ts';
import { invalid, type Reply, unknownPath } from './envelope.ts';
import { jsonBoundsProblem } from './json-bounds.ts';
import { parseJson } from './parse-json.ts';
import { paramsSchema } from './path-params.ts';
import type { Deviation } from './patience/kinds.ts';
import { type Leniency, readLeniently } from './patience/read-leniently.ts';
import { problemWith } from './problem.ts';
import { readQuery } from './query.ts';

/** A request as received: `url` is the path and the query of the request line. */
export interface RawMessage {
  url: string;
  contentType: string | undefined;
  body: Buffer | undefined;
  /** How much patience the sender gets, and when the message was received. */
  leniency?: Omit<Leniency, 'url'>;
}

/** The parts of a request, each checked against the schemas of the endpoint. */
export interface Message {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
  /** The body exactly as received. */
  text: string;
  /** What was read with patience. */
  deviations: readonly Deviation[];
}

type Schema = ReturnType<typeof inEdition>;
interface ReadPart {
  value: unknown;
  text: string;
  deviations: readonly Deviation[];
}
type Part = Result<ReadPart, Reply<never>>;
const absent = ok<ReadPart>({ value: undefined, text: '', deviations: [] });

/** Returns a function that reads the requests of one endpoint at `path`; its failure is the reply that says what is wrong. */
export function messageReader(endpoint: Endpoint, edition: Edition, path: string): (raw: RawMessage) => Result<Message, Reply<never>> {
  const readParams = paramsReader(path);
  return (raw) => {
    const params = readParams(raw.url);
    if (!params.ok) return params;
    const query = isNothing(endpoint.query) ? absent : readQueryPart(inEdition(endpoint.query, edition), raw);
    if (!query.ok) return query;
    const url = { ...params.value, ...(typeof query.value.value === 'object' && query.value.value) };
    const body = isNothing(endpoint.body) ? absent : readBodyPart(inEdition(endpoint.body, edition), raw, url);
    if (!body.ok) return body;
    const deviations = [...query.value.deviations, ...body.value.deviations];
    return ok({ params: params.value, query: query.value.value, body: body.value.value, text: body.value.text, deviations });
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

function readQueryPart(schema: Schema, { url, leniency }: RawMessage): Part {
  const found = readQuery(schema, queryOf(url));
  if (!found.ok) return fail(invalid(found.problem));
  const read = readLeniently(schema, found.value, leniency);
  return read.ok ? ok({ ...read.value, text: '' }) : fail(invalid(read.problem));
}

function readBodyPart(schema: Schema, { body, contentType, leniency = {} }: RawMessage, url: Leniency['url'] = {}): Part {
  if ((body === undefined || body.length === 0) && mayBeAbsent(schema)) return absent;
  const otherType = contentType !== undefined && !isJson(contentType);
  if (otherType && leniency.strict) return fail(wrongType);
  if (body === undefined || body.length === 0) return fail(badJson('the body is empty'));
  if (!isUtf8(body)) return fail(badJson('the body is not UTF-8'));
  const text = body.toString('utf8');
  const tooLarge = jsonBoundsProblem(text);
  if (tooLarge !== undefined) return fail(badJson(`the body contains ${tooLarge}`, 2001));
  const json = parseJson(text);
  if (json === undefined || (json.afterMark && leniency.strict)) return fail(otherType ? wrongType : badJson('the body is not valid JSON'));
  const read = readLeniently(schema, json.value, { ...leniency, url });
  if (!read.ok) return fail(invalid(read.problem));
  const around: Deviation[] = [
    ...(otherType ? [{ kind: 'content-type', field: 'body', found: showValue(contentType) } as const] : []),
    ...(json.afterMark ? [{ kind: 'byte-order-mark', field: 'body', found: 'U+FEFF' } as const] : []),
  ];
  return ok({ value: read.value.value, deviations: [...around, ...read.value.deviations], text });
}

const wrongType: Reply<never> = { status: 415, code: 2000, message: 'Content-Type: found another type, allowed: application/json' };

const isJson = (contentType: string) => /^application\/(?:[\w.-]{1,100}\+)?json\s*(?:;|$)/i.test(contentType.slice(0, 200));

/** HTTP 400 for a body that is not JSON (STA-01) or beyond the bounds of JSON text. */
const badJson = (message: string, code: 2000 | 2001 = 2000): Reply<never> => ({ status: 400, code, message: `Bad request: ${message}` });
