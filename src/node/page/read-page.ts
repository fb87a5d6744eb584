import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fingerprint } from '../../store/encryption.ts';

/** One file of the built page, as it is sent. */
export interface PageFile {
  bytes: Buffer;
  type: string;
  etag: string;
  /** Its name holds its hash, so it never changes. */
  immutable: boolean;
  /** The same, compressed beforehand. */
  compressed: ReadonlyMap<'br' | 'gzip', Buffer>;
}
/** The files of the built page by their path below /console/. */
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
const PACKED = { br: '.br', gzip: '.gz' } as const;
/** Of a folder that is no page, not everything is read. */
const MOST_BYTES = 32 * 1024 * 1024;
/** The folder of the page stands beside the program, at most this many folders up. */
const MOST_UP = 5;

/** Where the page is built to: `console/dist` of the checkout or the package that this file belongs to. */
export function defaultFolder(from: string = import.meta.dirname): string {
  let folder = from;
  for (let up = 0; up < MOST_UP && !existsSync(join(folder, 'package.json')); up++) folder = dirname(folder);
  return join(folder, 'console', 'dist');
}

/** Reads the page into memory; undefined when it is not built. What has no type that a page needs is left out. */
export function readPage(folder: string): Page | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const page = new Map<string, PageFile>();
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    bytes += statSync(path).size;
    if (bytes > MOST_BYTES) throw new Error(`${folder} holds more than 32 MB: is this the folder of the console (console.files)?`);
    page.set(relative(folder, path).split(sep).join('/'), fileAt(path, type));
  }
  return page;
}

function fileAt(path: string, type: string): PageFile {
  const bytes = readFileSync(path);
  const packed = Object.entries(PACKED).flatMap(([encoding, ending]): ['br' | 'gzip', Buffer][] =>
    existsSync(path + ending) ? [[encoding === 'br' ? 'br' : 'gzip', readFileSync(path + ending)]] : [],
  );
  return {
    bytes,
    type,
    etag: `"${fingerprint(bytes.toString('base64')).slice(0, 16)}"`,
    immutable: /[.-][\w-]{8,}\.\w+$/.test(path),
    compressed: new Map(packed),
  };
}
