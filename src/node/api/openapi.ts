import type { TSchema } from 'typebox';
import { isNothing } from '../../ocpi/endpoint.ts';
import { paramNames } from '../../ocpi/path-params.ts';
import { exampleOf } from './openapi-example.ts';
import { componentSchemas, ErrorShape, plain, schemaOf } from './openapi-schemas.ts';
import { API, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the operator API. */
export function apiDocument(routes: readonly Route[], publicUrl: string): Json {
  const paths = Map.groupBy(routes, (it) => `/${it.path}`);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Evenkeel operator API',
      version: '1',
      description: "Sessions, charging profiles and their outcomes, for the operator's own systems.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl + API }],
    security: [{ key: [] }, { cookie: [] }],
    paths: Object.fromEntries(
      [...paths].map(([path, here]) => [path, Object.fromEntries(here.map((route) => [route.method.toLowerCase(), operation(route)]))]),
    ),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'a key made by evenkeel keys add' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'evenkeel',
          description: 'set by log-in; a request that acts also needs the public origin and X-Evenkeel: 1',
        },
      },
      schemas: componentSchemas(),
      responses: {
        Refused: { description: 'Refused; nothing was changed.', content: json(ErrorShape) },
        TooOften: {
          description: 'Refused: too many requests.',
          headers: { 'Retry-After': { description: 's until the next request', schema: { type: 'integer', minimum: 1 } } },
          content: json(ErrorShape),
        },
      },
    },
  };
}

/** A schema with an example of all its fields. */
const content = (type: string, schema: TSchema): Json => ({ [type]: { schema: schemaOf(schema), example: exampleOf(plain(schema)) } });
const json = (schema: TSchema): Json => content('application/json', schema);

function operation(route: Route): Json {
  return {
    operationId: route.name,
    summary: route.summary,
    security: route.scope === 'anyone' ? [] : [{ key: [route.scope] }, { cookie: [route.scope] }],
    parameters: [...paramNames(route.path).map(pathParameter), ...queryParameters(route), ...(route.replies === 'stream' ? [lastEventId] : [])],
    ...(!isNothing(route.body) && { requestBody: { required: true, content: json(route.body) } }),
    responses: { ...success(route), ...refusals(route) },
  };
}

const pathParameter = (name: string): Json => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 200 } });
const lastEventId: Json = { name: 'Last-Event-ID', in: 'header', schema: { type: 'integer' }, description: 'takes precedence over ?after' };

function queryParameters({ query }: Route): Json[] {
  if (isNothing(query)) return [];
  const properties: Json = Object(Reflect.get(query, 'properties'));
  const required: unknown = Reflect.get(query, 'required');
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: isRequired(name), schema: plain(Object(schema)) }));
}

function success({ replies, answer }: Route): Json {
  switch (replies) {
    case 'at once':
      return { 200: { description: 'Done.', content: json(answer) } };
    case 'later':
      return {
        200: {
          description: 'The exchange and its outcome: ACCEPTED, UNKNOWN or UNCERTAIN. A refusal in time has its own status, with the exchange.',
          content: json(answer),
        },
        202: { description: 'The exchange, which is still open.', content: json(answer) },
      };
    case 'stream':
      return {
        200: {
          description: 'Events without end: `id` is the number, `event` the kind, `data` the Event as JSON; `gap` stands for deleted events.',
          content: content('text/event-stream', answer),
        },
      };
    case 'csv':
      return { 200: { description: 'A CSV file (RFC 4180) in UTF-8, with a head.', content: content('text/csv', answer) } };
    case 'redirect':
      return { 302: { description: 'Redirect.' } };
    default:
      return replies satisfies never;
  }
}

function refusals({ path, body, replies, scope }: Route): Json {
  const statuses = [
    400,
    ...(scope === 'anyone' && isNothing(body) ? [] : [401]),
    403,
    ...(path.includes('{') ? [404] : []),
    405,
    ...(path.includes('{') || replies === 'later' ? [409] : []),
    ...(isNothing(body) ? [] : [413, 415]),
    ...(replies === 'stream' || replies === 'later' || (scope === 'anyone' && !isNothing(body)) ? [429] : []),
  ];
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status === 429 ? 'TooOften' : 'Refused'}` }]));
}
