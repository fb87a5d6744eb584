import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fingerprint } from '../../store/encryption.ts';

/** One file of the built page. */
export interface PageFile {
  bytes: Buffer;
  type: string;
  etag: string;
  /** The name contains a hash of the content, so browsers may cache the file forever. */
  immutable: boolean;
  /** The same content, compressed by the build. */
  compressed: ReadonlyMap<'br' | 'gzip', Buffer>;
}
/** The files of the built page, by their path below /console/. */
export type Page = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const ENDINGS = { br: '.br', gzip: '.gz' } as const;
/** Guards against a `console.files` that is not the folder of a page. */
const MAX_BYTES = 32 * 1024 * 1024;
/** How many folders to search upwards for package.json. */
const MAX_LEVELS_UP = 5;

/** `console/dist` of the checkout or package that contains this file. */
export function defaultFolder(from: string = import.meta.dirname): string {
  let folder = from;
  for (let up = 0; up < MAX_LEVELS_UP && !existsSync(join(folder, 'package.json')); up++) folder = dirname(folder);
  return join(folder, 'console', 'dist');
}

/** Reads the page into memory; undefined when it is not built. Skips files whose ending is not in TYPES. */
export function readPage(folder: string): Page | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const page = new Map<string, PageFile>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    bytes += statSync(path).size;
    if (bytes > MAX_BYTES) throw new Error(`${folder} holds more than 32 MB, so it is not the console page: set console.files to the right folder`);
    page.set(relative(folder, path).split(sep).join('/'), readFile(path, type));
  }
  return page;
}

function readFile(path: string, type: string): PageFile {
  const bytes = readFileSync(path);
  const compressed = Object.entries(ENDINGS).flatMap(([encoding, ending]): ['br' | 'gzip', Buffer][] =>
    existsSync(path + ending) ? [[encoding === 'br' ? 'br' : 'gzip', readFileSync(path + ending)]] : [],
  );
  return {
    bytes,
    type,
    etag: `"${fingerprint(bytes.toString('base64')).slice(0, 16)}"`,
    immutable: /[.-][\w-]{8,}\.\w+$/.test(path),
    compressed: new Map(compressed),
  };
}
