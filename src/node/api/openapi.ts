import { type TSchema, Type } from 'typebox';
import { isNothing } from '../../ocpi/endpoint.ts';
import { paramNames } from '../../ocpi/path-params.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { REFUSALS } from './refusal.ts';
import { API, type Route } from './route.ts';
import { EventView, ExchangeView, PeerView, SessionView, StationView } from './sessions/schemas.ts';

type Json = Record<string, unknown>;

/** What every refusal looks like. */
const ErrorShape = Type.Object({
  error: Type.Object({
    code: oneOf(...REFUSALS),
    message: Type.String({ description: 'what was found, where, and what is allowed' }),
    field: Type.Optional(Type.String()),
    allowed: Type.Optional(Type.String()),
  }),
});

const named: readonly (readonly [string, TSchema])[] = [
  ['Session', SessionView],
  ['Exchange', ExchangeView],
  ['Peer', PeerView],
  ['Station', StationView],
  ['Event', EventView],
  ['Error', ErrorShape],
];

/** The OpenAPI 3.1 document of the door for the operator's own systems, made of the routes that are served. */
export function apiDocument(routes: readonly Route[], publicUrl: string): Json {
  const paths = Map.groupBy(routes, (it) => `/${it.path}`);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Evenkeel for its operator',
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
          description: 'set by log-in; what acts by it says X-Evenkeel: 1 and comes from the public origin',
        },
      },
      schemas: Object.fromEntries(named.map(([name, schema]) => [name, schema])),
      responses: { Refused: { description: 'Refused; nothing was changed.', content: json(ref('Error')) } },
    },
  };
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown): Json => ({ 'application/json': { schema } });
/** A schema, or a reference to it where it has a name. */
const schemaOf = (schema: TSchema): unknown => {
  const known = named.find(([, it]) => it === schema);
  return known ? ref(known[0]) : schema;
};

function operation(route: Route): Json {
  return {
    operationId: route.name,
    summary: route.says,
    security: route.scope === 'anyone' ? [] : [{ key: [route.scope] }, { cookie: [route.scope] }],
    parameters: [...paramNames(route.path).map(pathParameter), ...queryParameters(route), ...(route.replies === 'stream' ? [lastEventId] : [])],
    ...(!isNothing(route.body) && { requestBody: { required: true, content: json(route.body) } }),
    responses: { ...success(route), ...refusals(route) },
  };
}

const pathParameter = (name: string): Json => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 200 } });
const lastEventId: Json = { name: 'Last-Event-ID', in: 'header', schema: { type: 'integer' }, description: 'stands over ?after' };

function queryParameters({ query }: Route): Json[] {
  if (isNothing(query)) return [];
  const properties: Json = Object(Reflect.get(query, 'properties'));
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function success({ replies, answer }: Route): Json {
  switch (replies) {
    case 'at once':
      return { 200: { description: 'Done.', content: json(schemaOf(answer)) } };
    case 'later':
      return {
        200: { description: 'The exchange and its outcome.', content: json(schemaOf(answer)) },
        202: { description: 'The exchange, which is still open.', content: json(schemaOf(answer)) },
      };
    case 'stream':
      return {
        200: {
          description: 'Events without end: `id` is the number, `event` the kind, `data` the Event as JSON; `gap` stands for what was forgotten.',
          content: { 'text/event-stream': { schema: schemaOf(answer) } },
        },
      };
    case 'redirect':
      return { 302: { description: 'Onwards.' } };
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
    ...(path.includes('{session}') ? [409] : []),
    ...(isNothing(body) ? [] : [413, 415]),
    ...(replies === 'stream' || (scope === 'anyone' && !isNothing(body)) ? [429] : []),
  ];
  return Object.fromEntries(statuses.map((status) => [status, { $ref: '#/components/responses/Refused' }]));
}
