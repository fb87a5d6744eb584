import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** A TCP port; 0: any free one. */
export const Port = (normal: number | undefined) => Type.Integer({ minimum: 0, maximum: 65_535, ...(normal === undefined ? {} : { default: normal }) });

const TlsFiles = Type.Object({ cert: Type.String(), key: Type.String(), ca: Type.Optional(Type.String()) }, strict);

/** Where an HTTP server listens, whom it trusts as a proxy, and how many connections it takes. */
const listener = (port: number) => ({
  host: Type.String({ default: '127.0.0.1' }),
  port: Port(port),
  tls: Type.Optional(TlsFiles),
  trusted_proxies: Type.Array(Type.String({ maxLength: 64 }), {
    default: [],
    description: 'addresses or ranges of reverse proxies, such as 10.0.0.0/8; the client address is then read from X-Forwarded-For',
  }),
  connections: Type.Object(
    {
      total: Type.Integer({
        minimum: 10,
        maximum: 100_000,
        default: 2_000,
        description: 'open connections at most; fewer when the process may open fewer files',
      }),
      per_address: Type.Integer({ minimum: 5, maximum: 100_000, default: 200, description: 'open connections of one client address at most' }),
    },
    { ...strict, default: {}, description: 'bounds on HTTP connections; one more is closed at once. A trusted proxy has only the total' },
  ),
});

/** The address for peers. */
export const Listen = Type.Object(listener(8080), {
  ...strict,
  default: {},
  description: 'the address where the node serves OCPI, and without listen_operator also the operator API, the console, /health and /metrics',
});

/** The address for operators. */
export const ListenOperator = Type.Object(
  {
    ...listener(8081),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#]*[^\\s?#/]$',
        description: 'the URL by which operators reach it, without a slash at the end; default: host and port',
      }),
    ),
  },
  {
    ...strict,
    description: 'a second address, which serves the operator API, the console, /health and /metrics in place of listen; keep it in the network of operators',
  },
);
