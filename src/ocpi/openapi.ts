import { type TSchema, Type } from 'typebox';
import { type Edition, inEdition } from './editions.ts';
import { type Endpoint, isFunctional, isNothing, mayBeAbsent } from './endpoint.ts';
import { PageQuery } from './paging.ts';
import { paramNames, pathParamSchemas } from './path-params.ts';
import { messagePath } from './routes.ts';

type Json = Record<string, unknown>;

/** Builds an OpenAPI 3.1 document of the endpoints that a server answers in one edition. */
export function openApi(edition: Edition, endpoints: readonly Endpoint[], publicUrl: string): Json {
  const paths = Map.groupBy(endpoints, (it) => messagePath(it, edition));
  return {
    openapi: '3.1.1',
    info: {
      title: `OCPI ${edition}`,
      version: edition,
      description: 'The OCPI messages that this node answers, generated from the values that define its routes.',
    },
    servers: [{ url: publicUrl }],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map((it) => it.module))].map((name) => ({ name })),
    paths: Object.fromEntries(
      [...paths].map(([path, here]) => [path, Object.fromEntries(here.map((it) => [it.method.toLowerCase(), operation(edition, it)]))]),
    ),
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`Token`, one space, and the credentials token in Base64 (OCPI 2.2.1 §4.1.2)',
        },
      },
      responses: {
        Refused: {
          description: 'Refused: `status_code` is 2000 or more, and `status_message` says what was found and what is allowed.',
          content: json(envelope(undefined)),
        },
      },
    },
  };
}

function operation(edition: Edition, endpoint: Endpoint): Json {
  return {
    operationId: endpoint.name,
    summary: sentenceOf(endpoint.name),
    tags: [endpoint.module],
    'x-ocpi-anchor': endpoint.spec,
    'x-ocpi-interface': endpoint.interface,
    parameters: [...paramNames(endpoint.path).map(pathParameter), ...queryParameters(endpoint, edition), ...headerParameters(endpoint)],
    ...(!isNothing(endpoint.body) && {
      requestBody: { required: !mayBeAbsent(inEdition(endpoint.body, edition)), content: json(inEdition(endpoint.body, edition)) },
    }),
    responses: responses(endpoint, edition),
    ...(!isNothing(endpoint.result) && { callbacks: { result: { [responseUrl(endpoint)]: { post: resultPost(inEdition(endpoint.result, edition)) } } } }),
  };
}

const sentenceOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
const json = (schema: TSchema): Json => ({ 'application/json': { schema } });

const pathParameter = (name: string): Json => ({ name, in: 'path', required: true, schema: pathParamSchemas.get(name) ?? {} });

function queryParameters(endpoint: Endpoint, edition: Edition): Json[] {
  if (isNothing(endpoint.query)) return [];
  const { properties = {}, required = [] }: { properties?: Json; required?: readonly string[] } = inEdition(endpoint.query, edition);
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}

const routingHeaders = ['OCPI-to-country-code', 'OCPI-to-party-id', 'OCPI-from-country-code', 'OCPI-from-party-id'];
function headerParameters(endpoint: Endpoint): Json[] {
  const names = ['X-Request-ID', 'X-Correlation-ID', ...(isFunctional(endpoint.module) ? routingHeaders : [])];
  return names.map((name) => ({ name, in: 'header', schema: { type: 'string', maxLength: 64 } }));
}

/** The schema of an answer's envelope; `data` is left out when undefined (OCPI 2.2.1 §4.1.7). */
const envelope = (data: TSchema | undefined): TSchema =>
  Type.Object({
    ...(data !== undefined && { data }),
    status_code: Type.Integer({ minimum: 1000, maximum: 4999 }),
    status_message: Type.Optional(Type.String({ maxLength: 255 })),
    timestamp: Type.String({ maxLength: 25 }),
  });

function responses(endpoint: Endpoint, edition: Edition): Json {
  const refused = { $ref: '#/components/responses/Refused' };
  const done = {
    description: 'Done, or refused with a status_code of 2000 or more.',
    content: json(isNothing(endpoint.answer) ? envelope(undefined) : envelope(Type.Optional(inEdition(endpoint.answer, edition)))),
  };
  const paged = endpoint.query === PageQuery && { headers: { Link: text, 'X-Total-Count': count, 'X-Limit': count } };
  return {
    200: { ...done, ...paged },
    ...(endpoint.method === 'PUT' && { 201: { ...done, description: 'Done; the object did not exist before.' } }),
    ...Object.fromEntries([400, 401, 404, 405, 413, 415, 429].map((status) => [status, refused])),
  };
}
const text = { schema: { type: 'string' } };
const count = { schema: { type: 'integer' } };

/** The OpenAPI expression for the `response_url` of a request: in its body, or in its query when it has no body. */
const responseUrl = (endpoint: Endpoint) => (isNothing(endpoint.body) ? '{$request.query.response_url}' : '{$request.body#/response_url}');
const resultPost = (result: TSchema): Json => ({
  summary: 'The result: posted once, before `timeout` is over',
  requestBody: { required: true, content: json(result) },
  responses: { 200: { description: 'Received.', content: json(envelope(undefined)) } },
});
