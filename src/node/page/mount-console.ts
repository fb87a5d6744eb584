import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { operatorUrl } from '../config/operator-url.ts';
import { defaultFolder, type Page, type PageFile, readPage } from './read-page.ts';

/** Path of the page below the public URL. */
const CONSOLE_PATH = '/console';

const YEAR_S = 31_536_000;
/** The page may load only its own files, connect only to this node, and never turn text into script (SEC-38). */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/** The answer while the page is not built. */
const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Evenkeel</title></head>
<body><h1>The console is not built yet</h1><p>In the checkout run <code>npm run build</code>, then load this page again.</p></body></html>
`;

/** Serves the built page at `/console`. Paths without a file get index.html, because the page has routes of its own. */
export function mountConsole(app: FastifyInstance, config: Config): void {
  const folder = config.console?.files ?? defaultFolder();
  let page: Page | undefined;
  app.register(
    async (scope) => {
      scope.addHook('onSend', async (_request, reply) => {
        reply.headers(HEADERS);
        if (operatorUrl(config).startsWith('https:')) reply.header('Strict-Transport-Security', `max-age=${YEAR_S}`);
      });
      scope.get('', async (_request, reply) => reply.redirect(`${CONSOLE_PATH}/`, 308));
      scope.get('/*', async (request, reply) => {
        page ??= readPage(folder);
        const path = pathOf(request);
        const file = page?.get(path) ?? (path.split('/').at(-1)?.includes('.') ? undefined : page?.get('index.html'));
        if (!page) return reply.code(503).type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(NOT_BUILT);
        return file ? sendFile(file, { request, reply }) : reply.code(404).type('text/plain; charset=utf-8').send('the console has no file with this name\n');
      });
    },
    { prefix: CONSOLE_PATH },
  );
}

/** The path below /console/. It is only a key in the map of files, so it cannot reach other files of the machine. */
function pathOf(request: FastifyRequest): string {
  const path: unknown = Reflect.get(Object(request.params), '*');
  return typeof path === 'string' && path !== '' ? path : 'index.html';
}

function sendFile(file: PageFile, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  reply.header('ETag', file.etag).header('Vary', 'Accept-Encoding');
  reply.header('Cache-Control', file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const accepted = String(request.headers['accept-encoding'] ?? '').split(/[\s,]+/);
  const compressed = [...file.compressed].find(([encoding]) => accepted.includes(encoding));
  if (compressed) reply.header('Content-Encoding', compressed[0]);
  return reply.type(file.type).send(compressed?.[1] ?? file.bytes);
}
