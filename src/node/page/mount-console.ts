import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { defaultFolder, type Page, type PageFile, readPage } from './read-page.ts';

/** Where the page stands below the public URL. */
const CONSOLE = '/console';

const YEAR_S = 31_536_000;
/** What the page may do: its own files and this node, and no text ever becomes script (SEC-38). */
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

/** Shown in place of a page that is not built. */
const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Evenkeel</title></head>
<body><h1>The console is not built yet</h1><p>In the checkout run <code>npm run build</code>, then load this page again.</p></body></html>
`;

/** Serves the built page at `/console`; its routes inside lead to index.html, so that a link to one works. */
export function mountConsole(app: FastifyInstance, config: Config): void {
  const folder = config.console?.files ?? defaultFolder();
  let page: Page | undefined;
  app.register(
    async (scope) => {
      scope.addHook('onSend', async (_request, reply) => {
        reply.headers(HEADERS);
        if (config.public_url.startsWith('https:')) reply.header('Strict-Transport-Security', `max-age=${YEAR_S}`);
      });
      scope.get('', async (_request, reply) => reply.redirect(`${CONSOLE}/`, 308));
      scope.get('/*', async (request, reply) => {
        page ??= readPage(folder);
        const path = pathOf(request);
        const file = page?.get(path) ?? (path.split('/').at(-1)?.includes('.') ? undefined : page?.get('index.html'));
        if (!page) return reply.code(503).type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(NOT_BUILT);
        return file ? sendFile(file, { request, reply }) : reply.code(404).type('text/plain; charset=utf-8').send(`the console has no file of this name\n`);
      });
    },
    { prefix: CONSOLE },
  );
}

/** Looked up in what was read before, so no path leads out of it. */
function pathOf(request: FastifyRequest): string {
  const path: unknown = Reflect.get(Object(request.params), '*');
  return typeof path === 'string' && path !== '' ? path : 'index.html';
}

function sendFile(file: PageFile, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  reply.header('ETag', file.etag).header('Vary', 'Accept-Encoding');
  reply.header('Cache-Control', file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const taken = String(request.headers['accept-encoding'] ?? '').split(/[\s,]+/);
  const packed = [...file.compressed].find(([encoding]) => taken.includes(encoding));
  if (packed) reply.header('Content-Encoding', packed[0]);
  return reply.type(file.type).send(packed?.[1] ?? file.bytes);
}
